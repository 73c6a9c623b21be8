// One replica's part: what it remembers between two steps, and how it comes from a change to rest: read, decide, do one step,
// again. It has no timers and no watches (see index.ts), so that tests can run any number of them against each other.
import { AlreadyExistsError, ConflictError, NotFoundError } from "../../src/kube/errors.ts";
import type { Kube } from "../../src/kube/port.ts";
import type { Check } from "../../src/telemetry/health.ts";
import { CertificateError } from "../serving.ts";
import { CHECK_NAME } from "../source.ts";
import { isValid, type Leaf } from "../x509.ts";
import { createSecret, publishBundle, writeSecret } from "./act.ts";
import { isInAllBundles } from "./bundle.ts";
import { type Gathered, gather, type Names } from "./gather.ts";
import type { Issuer } from "./issuer.ts";
import { decide } from "./policy.ts";
import type { Input, Step } from "./state.ts";

export interface ReplicaOptions {
	kube: Pick<Kube, "get" | "create" | "patch">;
	names: Names;
	issuer: Issuer;
	/** Milliseconds for which a new authority is trusted before it signs. */
	trustDelay: number;
	/** Milliseconds since the epoch. */
	now: () => number;
	/** A new serving certificate. */
	onLeaf: (leaf: Leaf) => void;
	/** A step that was done. */
	onStep: (step: Step) => void;
	/** The Secret holds something that cannot be used: names of its keys and why. Told once until it changes. */
	onDamage: (damage: readonly string[]) => void;
}

export interface Replica {
	/**
	 * Steps until there is nothing to do. Out: the instant (milliseconds since the epoch) at which there may be.
	 * Errors: those of the port, except lost races; an Error where there is no end.
	 */
	settle(): Promise<number>;
	/** Renews the serving certificate from what was last known, for a time without API server. */
	renewFromMemory(): Promise<void>;
	/** Whether this replica can serve now. */
	check(): Check;
}

/** Two replicas that disagree, as with very different clocks, could go on for ever. */
const MOST_STEPS = 30;

/** Another replica, or somebody, was faster. (A create that finds no namespace to create in is no race.) */
const isLostRace = (error: unknown): boolean =>
	error instanceof AlreadyExistsError ||
	error instanceof ConflictError ||
	(error instanceof NotFoundError && !error.operation.startsWith("create"));

/** What is remembered between two steps. */
interface Memory {
	leaf: Leaf | undefined;
	gathered: Gathered | undefined;
	remembered: ReadonlyMap<string, number>;
	withoutLeafSince: number;
	/** Fingerprints of authorities that turned out to be unable to sign. */
	unable: Set<string>;
	damage: string;
}

const inputOf = ({ now: clock, trustDelay }: ReplicaOptions, memory: Memory, gathered: Gathered): Input => {
	const now = clock();
	const { leaf } = memory;
	const served = leaf !== undefined && isValid(leaf, now);
	memory.withoutLeafSince = served ? now : Math.min(memory.withoutLeafSince, now);
	return {
		now,
		trustDelay,
		stored: gathered.secret?.stored,
		configurations: gathered.configurations.map(({ bundles }) => bundles),
		leaf,
		remembered: memory.remembered,
		withoutLeafSince: memory.withoutLeafSince,
	};
};

const checkOf = ({ leaf, gathered }: Memory, now: number): Check => {
	const failed = (detail: string): Check => ({ name: CHECK_NAME, ok: false, detail });
	if (leaf === undefined) return failed("there is none yet");
	if (!isValid(leaf, now) || !isValid(leaf.issuer, now)) return failed("it is not valid now");
	const bundles = gathered?.configurations.map((configuration) => configuration.bundles) ?? [];
	if (!isInAllBundles(bundles, leaf.issuer)) return failed("the webhook configurations do not trust it yet");
	return { name: CHECK_NAME, ok: true };
};

/** Signs, or remembers that this authority cannot. */
const sign = async (options: ReplicaOptions, memory: Memory, step: Extract<Step, { do: "sign" }>): Promise<void> => {
	try {
		memory.leaf = await options.issuer.newLeaf(step.authority, options.now());
	} catch (error) {
		if (!(error instanceof CertificateError)) throw error;
		memory.unable.add(step.authority.fingerprint);
		options.onDamage([error.message]);
		return;
	}
	options.onLeaf(memory.leaf);
	options.onStep(step);
};

const act = async (options: ReplicaOptions, memory: Memory, step: Step, gathered: Gathered): Promise<void> => {
	const { kube, names, issuer } = options;
	const making = { issuer, now: options.now() };
	if (step.do === "sign") return sign(options, memory, step);
	if (step.do === "create") await createSecret(kube, names, step, making);
	if (step.do === "write") await writeSecret(kube, names, step, gathered, making);
	if (step.do === "publish") await publishBundle(kube, names, step, gathered);
	options.onStep(step);
};

const remember = (memory: Memory, gathered: Gathered, onDamage: ReplicaOptions["onDamage"]): void => {
	const stored = gathered.secret?.stored;
	memory.gathered = gathered;
	const own = [...memory.remembered].filter(([fingerprint]) => fingerprint === memory.leaf?.issuer.fingerprint);
	memory.remembered = new Map([...own, ...(stored?.published ?? [])]);
	const damage = stored?.damage.join("; ") ?? "";
	if (damage !== "" && damage !== memory.damage) onDamage(stored?.damage ?? []);
	memory.damage = damage;
};

/** A replica that has nothing yet. */
export const createReplica = (options: ReplicaOptions): Replica => {
	const memory: Memory = {
		leaf: undefined,
		gathered: undefined,
		remembered: new Map(),
		withoutLeafSince: options.now(),
		unable: new Set(),
		damage: "",
	};
	const step = async (): Promise<Step> => {
		const gathered = await gather(options.kube, options.names, memory.unable);
		const chosen = decide(inputOf(options, memory, gathered));
		remember(memory, gathered, options.onDamage);
		await act(options, memory, chosen, gathered);
		return chosen;
	};
	return {
		settle: async () => {
			for (let steps = 0; steps < MOST_STEPS; steps += 1) {
				try {
					const done = await step();
					if (done.do === "wait") return done.until;
				} catch (error) {
					if (!isLostRace(error)) throw error;
				}
			}
			throw new Error("certificates do not come to rest; do the clocks of the replicas differ?");
		},
		renewFromMemory: async () => {
			if (memory.gathered === undefined) return;
			const chosen = decide(inputOf(options, memory, memory.gathered));
			if (chosen.do === "sign") await sign(options, memory, chosen);
		},
		check: () => checkOf(memory, options.now()),
	};
};
