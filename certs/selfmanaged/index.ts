// Keeps our own certificates for as long as the program runs: woken by watches on the Secret and the two configurations, by the
// wall clock, and after a failure by a timer.
import { type ResourceKind, SECRET } from "../../src/api/kinds.ts";
import type { KubernetesObject } from "../../src/api/kubernetes.ts";
import { backoffDelay } from "../../src/kube/backoff.ts";
import { type Clock, pause } from "../../src/kube/clock.ts";
import { ForbiddenError, KubeError } from "../../src/kube/errors.ts";
import type { Kube } from "../../src/kube/port.ts";
import {
	identityOnly,
	type Logger,
	type Reflector,
	type ReflectorMetrics,
	startReflector,
} from "../../src/kube/reflector.ts";
import type { Transport } from "../../src/kube/transport.ts";
import { type CertificateMetrics, type CertificateSource, createSupply, type FailureReason } from "../source.ts";
import { whenClockShows } from "../wallclock.ts";
import { CONFIGURATION_KINDS, type Names } from "./gather.ts";
import type { Issuer } from "./issuer.ts";
import { createReplica, type Replica } from "./replica.ts";
import type { Step } from "./state.ts";

export interface SelfManagedOptions {
	kube: Pick<Kube, "get" | "create" | "patch">;
	transport: Transport;
	names: Names;
	issuer: Issuer;
	/** Milliseconds for which a new authority is trusted before it signs. */
	trustDelay: number;
	clock: Clock;
	/** 0 ≤ x < 1 */
	random: () => number;
	logger: Logger;
	metrics: CertificateMetrics & ReflectorMetrics;
}

/** Milliseconds: after an expired authority there are ten seconds to be back. */
const RETRY = { base: 250, cap: 3_000 };
const WATCH_RETRY = { base: 250, cap: 3_000 };
/** So many writes in a minute are a quarrel of replicas; each further one waits. */
const MOST_WRITES = 40;
const MINUTE = 60_000;

const reasonOf = (error: unknown): FailureReason => {
	if (error instanceof ForbiddenError) return "forbidden";
	return error instanceof KubeError ? "unavailable" : "error";
};

/** Three watches on single objects. They tell that something happened, and nothing of what is in there. */
const watchAll = (options: SelfManagedOptions, changed: () => void): Reflector<KubernetesObject>[] => {
	const { transport, logger, metrics, clock, random, names } = options;
	const watch = (kind: ResourceKind, name: string, namespaces: string[]): Reflector<KubernetesObject> =>
		startReflector<KubernetesObject>({
			transport,
			kind,
			namespaces,
			// Also what lets the rights be given by name.
			fieldSelector: `metadata.name=${name}`,
			metadataOnly: true,
			transform: identityOnly,
			onChange: changed,
			logger,
			metrics,
			timing: { clock, random, backoff: WATCH_RETRY },
		});
	return [
		watch(SECRET, names.secret, [names.namespace]),
		...CONFIGURATION_KINDS.map((kind) => watch(kind, names.configuration, [])),
	];
};

const isNewAuthority = (step: Step): boolean =>
	(step.do === "create" || step.do === "write") && (step.wanted.current === "new" || step.wanted.next === "new");

/** A wait that anything may end. */
const createAlarm = () => {
	let ring: () => void = () => undefined;
	let rung = false;
	return {
		ring: (): void => {
			rung = true;
			ring();
		},
		/** Resolves when rung since the last time, or when `start` calls back; what that answers cancels it. */
		wait: (start: (callback: () => void) => () => void): Promise<void> =>
			new Promise((resolve) => {
				let cancel: () => void = () => undefined;
				ring = () => {
					cancel();
					rung = false;
					ring = () => undefined;
					resolve();
				};
				if (rung) ring();
				else cancel = start(ring);
			}),
	};
};

const createReport = ({ logger, metrics, clock }: SelfManagedOptions) => {
	let writes: number[] = [];
	return {
		step: (step: Step): void => {
			if (step.do === "wait") return;
			const why = step.do === "publish" ? "webhooks trust something else" : step.why;
			logger.info({ step: step.do, why }, "certificates");
			if (isNewAuthority(step)) metrics.certificateRenewed("authority");
			if (step.do !== "sign") writes.push(clock.now());
		},
		failure: (error: unknown, failures: number): void => {
			metrics.certificateFailed(reasonOf(error));
			// Each doubling, so that a long outage fills no log.
			if (Number.isInteger(Math.log2(failures)))
				logger.error({ err: error, failures }, "certificates cannot be kept up to date");
		},
		quarrel: (): boolean => {
			const now = clock.now();
			writes = writes.filter((time) => time <= now && time > now - MINUTE);
			return writes.length > MOST_WRITES;
		},
	};
};

type Report = ReturnType<typeof createReport>;

/** Until stopped: to rest, then wait. */
const run = async (
	{ clock, random }: SelfManagedOptions,
	{
		replica,
		report,
		alarm,
		stopped,
	}: { replica: Replica; report: Report; alarm: ReturnType<typeof createAlarm>; stopped: AbortSignal },
): Promise<void> => {
	let failures = 0;
	const attempt = async (): Promise<(callback: () => void) => () => void> => {
		try {
			const until = await replica.settle();
			failures = 0;
			return (callback) => whenClockShows(clock, until, callback);
		} catch (error) {
			failures += 1;
			report.failure(error, failures);
			await replica.renewFromMemory().catch((another: unknown) => report.failure(another, failures));
			return (callback) => clock.after(backoffDelay(failures, { ...RETRY, random }), callback);
		}
	};
	while (!stopped.aborted) {
		const start = await attempt();
		if (stopped.aborted) return;
		await alarm.wait(start);
		if (report.quarrel()) await pause(clock, RETRY.cap, stopped);
	}
};

/** Starts at once. Whatever fails is tried again until stopped; see `check`. */
export const startSelfManaged = (options: SelfManagedOptions): CertificateSource => {
	const { kube, names, issuer, trustDelay, clock, logger, metrics } = options;
	const supply = createSupply();
	const report = createReport(options);
	const alarm = createAlarm();
	const stopped = new AbortController();
	const replica = createReplica({
		kube,
		names,
		issuer,
		trustDelay,
		now: () => clock.now(),
		onStep: report.step,
		onDamage: (damage) => {
			metrics.certificateFailed("unusable");
			logger.warn({ damage }, "the authority's Secret holds something that cannot be used");
		},
		onLeaf: (leaf) => {
			metrics.certificateRenewed("serving");
			metrics.certificateExpires("serving", leaf.notAfter);
			metrics.certificateExpires("authority", leaf.issuer.notAfter);
			supply.give({ certificate: leaf.pem, key: leaf.key, authority: leaf.issuer.pem });
		},
	});
	const watches = watchAll(options, alarm.ring);
	const running = run(options, { replica, report, alarm, stopped: stopped.signal });
	return {
		first: supply.first,
		onChange: supply.onChange,
		check: replica.check,
		stop: async () => {
			stopped.abort();
			for (const watch of watches) watch.stop();
			alarm.ring();
			await running;
		},
	};
};
