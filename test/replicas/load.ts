// A load of `kubectl apply`, and what became of it: each apply brings a ScheduledBackup and an action of it, as a person or
// a GitOps tool would, and every one of them must be answered and every action must run once.
import { setTimeout as delay } from "node:timers/promises";
import { execute } from "../cluster/execute.ts";
import { eventually } from "../cluster/wait.ts";
import { action, manifest, namespace, scheduledBackup, secret, template } from "../integration/support/objects.ts";
import type { Replicas } from "./replicas.ts";

export interface Apply {
	/** Milliseconds since the epoch. */
	began: number;
	ended: number;
	ok: boolean;
	/** kubectl's words, where it failed. */
	words: string;
}

export interface Load {
	readonly applies: readonly Apply[];
	/** Begins no more, and waits for those that are under way. */
	stop(): Promise<void>;
}

export const LOAD_NAMESPACE = "load";

/** What every apply refers to. */
export const prepareLoad = async ({ plane }: Replicas): Promise<void> => {
	const inside = { namespace: LOAD_NAMESPACE };
	const { code, stderr } = await execute(
		plane.binaries.kubectl,
		["--kubeconfig", plane.kubeconfig, "apply", "-f", "-"],
		{
			input: manifest(
				namespace(LOAD_NAMESPACE),
				secret("vars", { "Params.password": "not-a-real-password" }, inside),
				template("simple"),
			),
		},
	);
	if (code !== 0) throw new Error(stderr);
};

/**
 * Applies again and again.
 * @param clients so many at a time
 * @param pause milliseconds after each apply of a client
 */
export const startLoad = ({ plane }: Replicas, clients = 2, pause = 0): Load => {
	const applies: Apply[] = [];
	let next = 0;
	let going = true;
	const client = async (): Promise<void> => {
		while (going) {
			const name = `app-${next++}`;
			const inside = { namespace: LOAD_NAMESPACE };
			const input = manifest(scheduledBackup(name, {}, inside), action(name, name, {}, inside));
			const began = Date.now();
			const args = ["--kubeconfig", plane.kubeconfig, "apply", "-f", "-"];
			const { code, stderr } = await execute(plane.binaries.kubectl, args, { input });
			applies.push({ began, ended: Date.now(), ok: code === 0, words: code === 0 ? "" : stderr });
			await delay(pause);
		}
	};
	const clientsDone = Promise.all(Array.from({ length: clients }, client));
	return {
		applies,
		stop: async () => {
			going = false;
			await clientsDone;
		},
	};
};

export interface Outcome {
	actions: number;
	/** Actions that did not run, by name. */
	lost: string[];
	/** Actions with more than one Job or pod, by name. */
	doubled: string[];
}

/** Waits until every action that there is has ended, and says which of them did not run exactly once. */
export const outcomeOf = async ({ actions, jobs, pods }: Replicas): Promise<Outcome> => {
	const all = () => actions.list(LOAD_NAMESPACE);
	await eventually(() => all().every(({ status }) => ["Succeeded", "Failed"].includes(status?.phase ?? "")), {
		what: "every action has ended",
		timeout: 180,
	}).catch(() => undefined);
	const count = (uid: string | undefined): { jobs: number; pods: number } => {
		const own = jobs.ever(LOAD_NAMESPACE).filter(({ metadata }) => metadata?.ownerReferences?.[0]?.uid === uid);
		const uids = own.map(({ metadata }) => metadata?.uid);
		const ran = pods.ever(LOAD_NAMESPACE).filter(({ metadata }) => uids.includes(metadata?.ownerReferences?.[0]?.uid));
		return { jobs: own.length, pods: ran.length };
	};
	const rows = all().map(({ metadata, status }) => ({ name: metadata.name ?? "", status, ...count(metadata.uid) }));
	return {
		actions: rows.length,
		lost: rows.filter(({ status, pods: ran }) => status?.phase !== "Succeeded" || ran < 1).map(({ name }) => name),
		doubled: rows.filter((row) => row.pods > 1).map(({ name }) => name),
	};
};
