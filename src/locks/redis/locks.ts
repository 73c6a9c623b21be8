// Locks in Redis, for replicas that all work: a key per object with a random token and a time to live, which is renewed
// while it is held. A replica that dies holds its keys for that time at most. Redis down, slow, emptied or failed over
// costs time at most: work goes on without locks, and what two replicas then do at once the API server sorts out.
import { busyWait, type Lock, type LockMetrics, type Locks } from "../locks.ts";
import { type Clocks, type Moment, momentOf, since } from "../term.ts";
import type { RedisConnection } from "./connection.ts";
import { ACQUIRE, RELEASE, RENEW } from "./scripts.ts";

export interface RedisLocksOptions {
	connection: RedisConnection;
	clocks: Clocks;
	/** 0 ≤ x < 1. */
	random: () => number;
	/** A new text that nobody can guess, for each lock. */
	token: () => string;
	metrics: LockMetrics;
	/** Milliseconds that a lock lives without being renewed; 15,000 where absent. */
	timeToLive?: number;
}

const TIME_TO_LIVE = 15_000;
/**
 * How often, in its time to live, a holder looks at the clocks. Redis counts while this machine sleeps and no timer of ours
 * does, so that none that is set to the end of the lock comes in time.
 */
const LOOKS = 15;
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
			const asked = momentOf(options.clocks);
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
	/** When it was asked for. */
	asked: Moment;
	timeToLive: number;
}

/** Renews it three times in its life, until it is released or lost. */
const hold = (
	{ connection, clocks, metrics }: RedisLocksOptions,
	{ key, token, asked, timeToLive }: Holding,
	giveBack: (key: string, token: string) => Promise<void>,
): Lock => {
	const lost = new AbortController();
	let renewed = asked;
	let tried = asked;
	let cancel = (): void => undefined;
	let over = false;
	const lose = (): void => {
		if (over) return;
		over = true;
		cancel();
		metrics.locked("lost");
		lost.abort();
	};
	const renew = (): void => {
		const now = momentOf(clocks);
		tried = now;
		connection.run(RENEW, key, token, timeToLive).then(
			(alive) => {
				if (alive === 1) renewed = now;
				else lose();
			},
			// Until its time is over it is ours, whether Redis answers or not.
			() => undefined,
		);
	};
	const look = (): void => {
		const left = timeToLive - since(clocks, renewed);
		if (left <= 0 || since(clocks, asked) >= LONGEST) return lose();
		cancel = clocks.steady.after(Math.min(timeToLive / LOOKS, left), look);
		if (since(clocks, tried) >= timeToLive / 3) renew();
	};
	look();
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
