// What users notice of a rolling restart and of a killed replica, under a load of `kubectl apply`: with a leader, and with all
// replicas active over Redis.
import { startRedis } from "../redis/server.ts";
import type { Ends, Replicas } from "../replicas/replicas.ts";
import {
	conclude,
	type Figures,
	leaderOf,
	moreJobs,
	rollingRestart,
	underLoad,
	untilLeader,
} from "../replicas/scenarios.ts";
import { type Figure, figure } from "./report.ts";
import { withControlPlane } from "./session.ts";

const BENCHMARK = "availability";
const REPLICAS = 3;
/** Seconds: the Lease's duration, a look, and the Lease's own round trips. */
const TAKEOVER = 20;

type Disturb = (replicas: Replicas) => Promise<{ kills?: number[]; takeovers?: number[] }>;

const killLeader: Disturb = async (replicas) => {
	const leader = await leaderOf(replicas);
	const from = Date.now();
	await leader.controller.kill();
	const takeovers = [await untilLeader(replicas, leader.name, from)];
	await moreJobs(replicas);
	return { kills: [from], takeovers };
};

const killOne: Disturb = async (replicas) => {
	const from = Date.now();
	await replicas.all[0]?.controller.kill();
	await moreJobs(replicas, 20);
	return { kills: [from] };
};

const restartAll: Disturb = async (replicas) => ({ takeovers: await rollingRestart(replicas) });

/** Ends what was started, last first, whatever came of the run. */
const endingAfter = async <T>(run: (ends: Ends) => Promise<T>): Promise<T> => {
	const all: (() => unknown)[] = [];
	try {
		return await run({ teardown: (end) => all.push(end) });
	} finally {
		for (const end of all.reverse()) await end();
	}
};

const measure = (withRedis: boolean, disturb: Disturb): Promise<Figures> =>
	withControlPlane(false, ({ plane, folder }) =>
		endingAfter(async (ends) => {
			const flags = withRedis ? [`--redis-host=127.0.0.1:${(await startRedis(ends)).port}`] : ["--leader-elect"];
			const { replicas, load } = await underLoad(ends, { plane, folder, flags }, REPLICAS);
			const told = await disturb(replicas);
			return conclude(replicas, load, told);
		}),
	);

const figuresOf = (name: string, found: Figures, limit: number): Figure[] => [
	figure(BENCHMARK, `${name}: applies`, found.applies, ""),
	figure(BENCHMARK, `${name}: failed admissions on surviving replicas`, found.failedOnSurvivors.length, "", {
		atMost: 0,
	}),
	figure(
		BENCHMARK,
		`${name}: failed admissions under way on a killed one`,
		found.failedApplies.length - found.failedOnSurvivors.length,
		"",
	),
	figure(BENCHMARK, `${name}: lost actions`, found.lost.length, "", { atMost: 0 }),
	figure(BENCHMARK, `${name}: doubled actions`, found.doubled.length, "", { atMost: 0 }),
	...found.takeovers.map((seconds) =>
		figure(BENCHMARK, `${name}: until another one leads`, seconds, "s", { atMost: limit }),
	),
	figure(BENCHMARK, `${name}: longest time without a new Job`, found.longestPause, "s"),
];

/** Each case on a control plane of its own, with three replicas. */
export const benchAvailability = async (): Promise<Figure[]> => [
	...figuresOf("leader, rolling restart", await measure(false, restartAll), TAKEOVER),
	...figuresOf("leader, killed", await measure(false, killLeader), TAKEOVER),
	...figuresOf("Redis, rolling restart", await measure(true, restartAll), TAKEOVER),
	...figuresOf("Redis, one killed", await measure(true, killOne), TAKEOVER),
];
