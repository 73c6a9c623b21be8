// Replicas that elect a leader in simulated time: each has clocks of its own that go fast or slow and jump, is stopped and
// goes on, is killed or told to end; requests take their time, fail, or are done and their answer is lost.
import { setImmediate as turn } from "node:timers/promises";
import { UnavailableError } from "../../../src/kube/errors.ts";
import type { Permit } from "../../../src/kube/permission.ts";
import type { Kube } from "../../../src/kube/port.ts";
import type { Activity } from "../../../src/locks/activity.ts";
import { electedActivity } from "../../../src/locks/lease/election.ts";
import { leaseStore } from "../../../src/locks/lease/store.ts";
import { createWorld } from "../../reconcilers/world.ts";

export interface ReplicaPlan {
	/** How fast its steady clock goes; 1 is right. */
	rate: number;
	/** Milliseconds between which it stands still, as by SIGSTOP. A pause without an end is a kill. */
	pauses: readonly { from: number; to: number }[];
	/** When its time of day jumps, and by how much. Milliseconds. */
	jumps: readonly { at: number; by: number }[];
	/** When it is told to end. */
	ends?: number;
}

export interface Plan {
	replicas: readonly ReplicaPlan[];
	/** Milliseconds in which a request fails, or is done and its answer lost. */
	outages: readonly { from: number; to: number }[];
	/** The longest way of a request to the server, and of an answer back. Milliseconds. */
	latency: number;
	/** Of everything that is random. */
	seed: number;
	/** Milliseconds to simulate. */
	length: number;
}

/** Many times what any plan takes. */
const MAX_STEPS = 100_000;

/** Who may write, whenever that changed. */
export interface Turn {
	at: number;
	writers: readonly number[];
}

/** Numbers from 0 to 1, the same for the same seed. https://en.wikipedia.org/wiki/Lehmer_random_number_generator */
const randomFrom = (seed: number): (() => number) => {
	let state = (seed % 2_147_483_646) + 1;
	return () => {
		state = (state * 48_271) % 2_147_483_647;
		return state / 2_147_483_647;
	};
};

interface Happening {
	at: number;
	order: number;
	replica: number;
	run: () => void;
	cancelled: boolean;
}

/** What happens, in order; what would happen to a replica that stands still happens when it goes on. */
const createTime = (plan: Plan, random: () => number) => {
	const queue: Happening[] = [];
	let now = 0;
	const pauseAt = (replica: number, at: number) =>
		plan.replicas[replica]?.pauses.find(({ from, to }) => at >= from && at < to);
	const schedule = (replica: number, at: number, run: () => void): (() => void) => {
		// What waited for a replica to go on comes in any order: a process finds its answers before its timers.
		const happening = { at: Math.max(now, at), order: random(), replica, run, cancelled: false };
		queue.push(happening);
		return () => {
			happening.cancelled = true;
		};
	};
	const next = (): Happening | undefined => {
		queue.sort((a, b) => a.at - b.at || a.order - b.order);
		const first = queue.shift();
		const pause = first === undefined ? undefined : pauseAt(first.replica, first.at);
		if (first === undefined || pause === undefined) return first;
		if (pause.to !== Number.POSITIVE_INFINITY)
			queue.push({ ...first, at: pause.to, run: () => first.cancelled || first.run() });
		return next();
	};
	return {
		now: () => now,
		schedule,
		isPaused: (replica: number) => pauseAt(replica, now) !== undefined,
		/** Runs what comes next; false where nothing does before `end`. */
		step: async (end: number, before: () => void): Promise<boolean> => {
			const happening = next();
			if (happening === undefined || happening.at >= end) return false;
			now = happening.at;
			before();
			if (!happening.cancelled) happening.run();
			await turn();
			return true;
		},
	};
};

type Time = ReturnType<typeof createTime>;

/** The server's side of the Lease, as one replica reaches it. */
const remote = (plan: Plan, time: Time, random: () => number, kube: Kube, replica: number): Kube => {
	const timeout = 4_000;
	const request = <T>(run: () => Promise<T>): Promise<T> =>
		new Promise((resolve, reject) => {
			const fails = plan.outages.some(({ from, to }) => time.now() >= from && time.now() < to);
			const isDone = !fails || random() < 0.3;
			const arrives = time.now() + random() * plan.latency;
			const back = random() * plan.latency;
			const fail = (): void => reject(new UnavailableError("no answer", { operation: "test" }));
			if (fails) time.schedule(replica, time.now() + random() * timeout, fail);
			if (!isDone) return;
			// The server itself never stands still.
			time.schedule(-1, arrives, () => {
				const answer = run();
				answer.catch(() => undefined);
				if (!fails) time.schedule(replica, arrives + back, () => resolve(answer));
			});
		});
	return {
		...kube,
		get: (kind, key) => request(() => kube.get(kind, key)),
		create: (kind, object) => request(() => kube.create(kind, object)),
		patch: (kind, key, body, precondition) => request(() => kube.patch(kind, key, body, precondition)),
	};
};

const silent = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

/** Lets the replicas live for `plan.length`; answers who might write, whenever that changed. */
export const simulate = async (plan: Plan): Promise<Turn[]> => {
	const random = randomFrom(plan.seed);
	const time = createTime(plan, random);
	const { kube } = createWorld();
	const permits = new Map<number, Permit>();
	const activities: Activity[] = plan.replicas.map(({ rate, jumps }, replica) => {
		const steady = {
			now: () => 1_000 * replica + time.now() * rate,
			// A timer is never shorter than a millisecond, as Node's are none: what remains of a rounded wait would be too
			// small for the clock to move, and time would stand still.
			after: (milliseconds: number, run: () => void) =>
				time.schedule(replica, time.now() + Math.max(1, milliseconds) / rate, run),
		};
		const jumped = (): number => jumps.reduce((sum, { at, by }) => (time.now() >= at ? sum + by : sum), 0);
		return electedActivity({
			store: leaseStore(remote(plan, time, random, kube, replica), { namespace: "n", name: "lease" }),
			identity: `replica-${replica}`,
			clocks: { steady, wall: () => 1_700_000_000_000 + steady.now() + jumped() },
			random,
			logger: silent,
			metrics: { leading: () => undefined },
		});
	});
	const turns: Turn[] = [];
	/** Who could write at this very moment, also right before what happens now. */
	const look = (): void => {
		const writers = [...permits]
			.filter(([replica, permit]) => !time.isPaused(replica) && permit.mayWrite())
			.map(([replica]) => replica);
		if (JSON.stringify(turns.at(-1)?.writers) !== JSON.stringify(writers)) turns.push({ at: time.now(), writers });
	};
	for (const [replica, activity] of activities.entries()) {
		time.schedule(replica, random() * 3_000, () =>
			activity.start((permit) => {
				permits.set(replica, permit);
				const stop = (): Promise<void> =>
					new Promise((resolve) => {
						time.schedule(replica, time.now() + random() * 500, resolve);
					});
				return { stop };
			}),
		);
		const { ends } = plan.replicas[replica] ?? {};
		if (ends !== undefined) time.schedule(replica, ends, () => void activity.stop());
		for (const { to } of plan.replicas[replica]?.pauses ?? [])
			if (to !== Number.POSITIVE_INFINITY) time.schedule(replica, to, () => undefined);
	}
	for (let steps = 0; await time.step(plan.length, look); steps += 1) {
		look();
		if (steps > MAX_STEPS) throw new Error(`time stands still at ${time.now()} ms`);
	}
	return turns;
};
