// What happens to replicas in their lives, under a load of `kubectl apply`: tests hold the figures to what is promised, and
// the benchmark prints them.
import { eventually } from "../cluster/wait.ts";
import { startKubelet } from "../integration/support/kubelet.ts";
import { LOAD_NAMESPACE, type Load, type Outcome, outcomeOf, prepareLoad, startLoad } from "./load.ts";
import {
	type Ends,
	NAMESPACE,
	prepareReplicas,
	type Replica,
	type Replicas,
	type ReplicasOptions,
} from "./replicas.ts";

export interface Figures extends Outcome {
	applies: number;
	/** kubectl's words of each that failed. */
	failedApplies: string[];
	/** Failed applies that were not under way when a replica was killed. */
	failedOnSurvivors: string[];
	/** The longest time, in seconds, in which no Job was begun although actions waited: what a user sees of a takeover. */
	longestPause: number;
	/** Seconds from the moment that a leader was killed or told to end until another one was named; each time it happened. */
	takeovers: number[];
}

/** Jobs that are to be made before and after something happens. */
const WARM = 6;

/** Milliseconds between two applies of a client in a test: enough work for takeovers to be seen in, and processor time left for others. */
export const LOAD_PAUSE = 500;

/** Starts so many replicas, a kubelet, and the load, whose clients pause for so many milliseconds. */
export const underLoad = async (
	ends: Ends,
	options: ReplicasOptions,
	count: number,
	pause = 0,
): Promise<{ replicas: Replicas; load: Load }> => {
	const replicas = await prepareReplicas(ends, options);
	const kubelet = await startKubelet(options.plane, () => 0, 50);
	ends.teardown(() => kubelet.stop());
	for (let index = 0; index < count; index += 1) await replicas.start();
	await eventually(() => replicas.service.ready().length === count, { what: "the Service has all replicas" });
	await prepareLoad(replicas);
	const load = startLoad(replicas, 2, pause);
	ends.teardown(() => load.stop());
	await moreJobs(replicas);
	return { replicas, load };
};

/** Waits until some more Jobs were made. */
export const moreJobs = async ({ jobs }: Replicas, count = WARM): Promise<void> => {
	const wanted = jobs.ever(LOAD_NAMESPACE).length + count;
	await eventually(() => jobs.ever(LOAD_NAMESPACE).length >= wanted, { what: `${count} more Jobs`, timeout: 120 });
};

/** Waits until the Lease names a living replica other than this one; answers the seconds since `from`. */
export const untilLeader = async (replicas: Replicas, not: string, from: number): Promise<number> => {
	await eventually(() => ![undefined, not].includes(replicas.leader()), {
		what: `another replica than ${not} leads`,
		timeout: 60,
	});
	return (Date.now() - from) / 1000;
};

/** The longest gap between the creations of two Jobs, in seconds (whole ones, as the API server tells them). */
const longestPause = ({ jobs }: Replicas): number => {
	const times = jobs
		.ever(LOAD_NAMESPACE)
		.map(({ metadata }) => Date.parse(metadata?.creationTimestamp ?? ""))
		.sort((a, b) => a - b);
	return Math.max(0, ...times.slice(1).map((time, index) => (time - (times[index] ?? time)) / 1000));
};

/** Ends the load, waits for all actions, and counts. */
export const conclude = async (
	replicas: Replicas,
	load: Load,
	told: { kills?: readonly number[]; takeovers?: readonly number[] } = {},
): Promise<Figures> => {
	const { kills = [], takeovers = [] } = told;
	await load.stop();
	const outcome = await outcomeOf(replicas);
	const failed = load.applies.filter(({ ok }) => !ok);
	const wasUnderWay = ({ began, ended }: { began: number; ended: number }): boolean =>
		kills.some((kill) => began <= kill && ended >= kill);
	return {
		...outcome,
		applies: load.applies.length,
		failedApplies: failed.map(({ words }) => words),
		failedOnSurvivors: failed.filter((apply) => !wasUnderWay(apply)).map(({ words }) => words),
		longestPause: longestPause(replicas),
		takeovers: [...takeovers],
	};
};

/** As a Deployment does with `maxSurge: 1, maxUnavailable: 0`: one more is started, one of the old ones ended, until all are new. */
export const rollingRestart = async (replicas: Replicas): Promise<number[]> => {
	const takeovers: number[] = [];
	for (const old of [...replicas.all]) {
		await replicas.start();
		await eventually(() => replicas.service.ready().length > 1, { what: "the new one is ready" });
		const led = replicas.leader() === old.name;
		const from = Date.now();
		const ended = old.controller.terminate();
		if (led) takeovers.push(await untilLeader(replicas, old.name, from));
		await ended;
		// The watch may be behind what happened.
		if (led)
			await eventually(() => gaveBack(replicas, old.name), { timeout: 10, what: `${old.name} gave the Lease back` });
		if (old.controller.exitCode() !== 0) throw new Error(`${old.name} ended with ${old.controller.exitCode()}`);
		await moreJobs(replicas, 3);
	}
	return takeovers;
};

/** Seconds that the API server waits for a webhook in a test, whose machine may be busy with others: how long it takes is the benchmark's question. */
export const CALL_TIMEOUT = 30;

/** Leader election with a Lease that is short, but not too short for processes that stand still for a second. */
export const SHORT_LEASE = {
	flags: [
		"--leader-elect",
		"--leader-elect-lease-duration=6s",
		"--leader-elect-renew-deadline=4s",
		"--leader-elect-retry-period=1s",
	],
	/** Seconds within which another replica leads after the leader died: the Lease, two retry periods, and one second. */
	takeover: 9,
};

/** Whether a replica gave the Lease back, so that the next one did not have to wait until it expired. */
export const gaveBack = ({ leases }: Replicas, name: string): boolean => {
	const holders = leases.changes
		.filter(({ object }) => object.metadata?.namespace === NAMESPACE)
		.map(({ object }) => object.spec?.holderIdentity ?? "");
	return holders.some((holder, index) => holder === "" && holders[index - 1]?.startsWith(`${name}_`));
};

/** The replica that leads. */
export const leaderOf = (replicas: Replicas): Promise<Replica> =>
	eventually(() => replicas.all.find(({ name, controller }) => name === replicas.leader() && !controller.ended()), {
		what: "a replica leads",
	});
