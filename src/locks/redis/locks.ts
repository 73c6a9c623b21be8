// Locks in Redis, for replicas that all work: a key per object with a random token and a time to live, which is renewed
// while it is held. A replica that dies holds its keys for that time at most. Redis down, slow, emptied or failed over
// costs time at most: work goes on without locks, and what two replicas then do at once the API server sorts out.
import type { Clock } from "../../kube/clock.ts";
import { busyWait, type Lock, type LockMetrics, type Locks } from "../locks.ts";
import type { RedisConnection } from "./connection.ts";
import { ACQUIRE, RELEASE, RENEW } from "./scripts.ts";

export interface RedisLocksOptions {
	connection: RedisConnection;
	/** Steady. */
	clock: Clock;
	/** 0 ≤ x < 1. */
	random: () => number;
	/** A new text that nobody can guess, for each lock. */
	token: () => string;
	metrics: LockMetrics;
	/** Milliseconds that a lock lives without being renewed; 15,000 where absent. */
	timeToLive?: number;
}

const TIME_TO_LIVE = 15_000;
/** Milliseconds after which a lock is not renewed any more: work that takes so long hangs, and another replica shall try. */
const LONGEST = 600_000;
/** Locks of several installations may meet in one Redis; names are UIDs, so that they never mean the same object. */
const PREFIX = "backup-maker-controller:lock:";
const NEVER = new AbortController().signal;

/** Locks over a connection, which they close with themselves. */
export const redisLocks = (options: RedisLocksOptions): Locks => {
	const { connection, random, token: makeToken, metrics, timeToLive = TIME_TO_LIVE } = options;
	const giveBack = (key: string, token: string): Promise<void> =>
		connection.run(RELEASE, key, token).then(
			() => undefined,
			// It expires by itself.
			() => undefined,
		);
	return {
		acquire: async (name) => {
			const key = PREFIX + name;
			const token = makeToken();
			const asked = options.clock.now();
			try {
				const left = await connection.run(ACQUIRE, key, token, timeToLive);
				metrics.locked(left < 0 ? "acquired" : "busy");
				if (left >= 0) return { type: "busy", retryAfter: busyWait(left, random) };
				return { type: "held", lock: hold(options, { key, token, asked, timeToLive }, giveBack) };
			} catch {
				metrics.locked("unknown");
				// The answer may be lost and the lock there.
				return { type: "unknown", lock: { signal: NEVER, release: () => giveBack(key, token) } };
			}
		},
		checks: () => {
			const trouble = connection.trouble();
			return [{ name: "redis", ok: true, detail: trouble === undefined ? "up" : `${trouble}; working without locks` }];
		},
		close: async () => connection.close(),
	};
};

interface Holding {
	key: string;
	token: string;
	/** When it was asked for, by the steady clock. */
	asked: number;
	timeToLive: number;
}

/** Renews it three times in its life, until it is released or lost. */
const hold = (
	{ connection, clock, metrics }: RedisLocksOptions,
	{ key, token, asked, timeToLive }: Holding,
	giveBack: (key: string, token: string) => Promise<void>,
): Lock => {
	const lost = new AbortController();
	let renewed = asked;
	let cancel = (): void => undefined;
	let over = false;
	const lose = (): void => {
		if (over) return;
		over = true;
		metrics.locked("lost");
		lost.abort();
	};
	const next = (): void => {
		if (over) return;
		const left = renewed + timeToLive - clock.now();
		if (left <= 0) lose();
		else cancel = clock.after(Math.min(timeToLive / 3, left), renew);
	};
	const renew = (): void => {
		const now = clock.now();
		if (now - asked >= LONGEST || now - renewed >= timeToLive) return lose();
		connection.run(RENEW, key, token, timeToLive).then(
			(alive) => {
				if (alive === 1) renewed = now;
				else lose();
				next();
			},
			// Until its time is over it is ours, whether Redis answers or not.
			next,
		);
	};
	next();
	return {
		signal: lost.signal,
		release: async () => {
			if (over) return;
			over = true;
			cancel();
			await giveBack(key, token);
		},
	};
};
