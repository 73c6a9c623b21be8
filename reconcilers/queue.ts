// Which keys are to be reconciled. A key is in the queue once however often it was added, is never worked on twice at
// the same time, and comes again if it was added while being worked on: the rules of client-go's workqueue, which
// make level-triggered controllers correct. Holds keys only, never objects.
import { atLeastRetryAfter, backoffDelay } from "../src/kube/backoff.ts";
import { type Clock, systemClock } from "../src/kube/clock.ts";

export interface Queue<Key extends string = string> {
	/** Now, or when the work on it that is under way is done. */
	add(key: Key): void;
	/** Later; of several such times the earliest counts. Seconds. */
	addAfter(key: Key, seconds: number): void;
	/** After a failure: later, and later still each time until `forget`. Answers the wait in seconds. */
	retry(key: Key, options?: RetryOptions): number;
	/** The key succeeded: the next failure is a first one. */
	forget(key: Key): void;
	/** Waits for a key, and takes it; every key that was taken must be given back by `done`. Undefined after `shutDown`. */
	take(): Promise<Key | undefined>;
	done(key: Key): void;
	/** Drops what waits; resolves when every key that was taken is done. Later adds do nothing. */
	shutDown(): Promise<void>;
	/** Keys that could be taken now. */
	readonly depth: number;
}

export interface RetryOptions {
	/** Milliseconds: another first wait than the queue's. */
	base?: number;
	/** Seconds: not before, as the server asked. */
	retryAfter?: number;
}

export interface QueueOptions {
	clock?: Clock;
	random?: () => number;
	/** Milliseconds: wait after the first failure, and the longest. */
	backoff?: { base: number; cap: number };
}

const DEFAULT_BACKOFF = { base: 500, cap: 300_000 };

/** An empty queue. */
export const createQueue = <Key extends string = string>(options: QueueOptions = {}): Queue<Key> => {
	const { clock = systemClock, random = Math.random, backoff = DEFAULT_BACKOFF } = options;
	/** In order of arrival: a Set keeps it. */
	const waiting = new Set<Key>();
	const working = new Set<Key>();
	const again = new Set<Key>();
	const failures = new Map<Key, number>();
	const takers: ((key: Key | undefined) => void)[] = [];
	let closed: PromiseWithResolvers<void> | undefined;

	const hand = (key: Key, taker: (key: Key) => void): void => {
		waiting.delete(key);
		working.add(key);
		taker(key);
	};
	const add = (key: Key): void => {
		if (closed !== undefined) return;
		if (working.has(key)) {
			again.add(key);
			return;
		}
		waiting.add(key);
		const taker = takers.shift();
		if (taker !== undefined) hand(key, taker);
	};
	const delays = createDelays(clock, add);
	const addAfter = (key: Key, seconds: number): void => {
		if (closed !== undefined) return;
		if (seconds <= 0) add(key);
		else delays.start(key, clock.now() + seconds * 1000);
	};
	const dropAll = (): void => {
		delays.clear();
		for (const set of [waiting, again, failures]) set.clear();
		for (const taker of takers.splice(0)) taker(undefined);
	};
	return {
		add,
		addAfter,
		retry: (key, { base = backoff.base, retryAfter } = {}) => {
			const count = (failures.get(key) ?? 0) + 1;
			failures.set(key, count);
			const delay = atLeastRetryAfter(backoffDelay(count, { base, cap: backoff.cap, random }), retryAfter);
			addAfter(key, delay / 1000);
			return delay / 1000;
		},
		forget: (key) => {
			failures.delete(key);
		},
		take: () => {
			if (closed !== undefined) return Promise.resolve(undefined);
			const [first] = waiting;
			return new Promise((resolve) => {
				if (first === undefined) takers.push(resolve);
				else hand(first, resolve);
			});
		},
		done: (key) => {
			working.delete(key);
			if (again.delete(key)) add(key);
			if (working.size === 0) closed?.resolve();
		},
		shutDown: () => {
			closed ??= Promise.withResolvers<void>();
			dropAll();
			if (working.size === 0) closed.resolve();
			return closed.promise;
		},
		get depth() {
			return waiting.size;
		},
	};
};

interface Delays<Key> {
	/** Fires at this time, in milliseconds since the epoch, unless an earlier one is set for the key. */
	start(key: Key, due: number): void;
	clear(): void;
}

/** At most one timer per key. */
const createDelays = <Key>(clock: Clock, fire: (key: Key) => void): Delays<Key> => {
	const timers = new Map<Key, { due: number; cancel: () => void }>();
	const set = (key: Key, due: number): void => {
		const wake = (): void => {
			timers.delete(key);
			// A clock may cut a long wait short (see clock.ts): then wait for the rest.
			if (clock.now() >= due) fire(key);
			else set(key, due);
		};
		timers.set(key, { due, cancel: clock.after(due - clock.now(), wake) });
	};
	return {
		start: (key, due) => {
			const known = timers.get(key);
			if (known !== undefined && known.due <= due) return;
			known?.cancel();
			set(key, due);
		},
		clear: () => {
			for (const { cancel } of timers.values()) cancel();
			timers.clear();
		},
	};
};
