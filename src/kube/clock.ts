// Time as an argument: back-off, time-outs and requeues run on a virtual clock in tests, so no test ever sleeps.

export interface Clock {
	/** Milliseconds since the epoch (or, of a steady clock, since some moment). */
	now(): number;
	/** Calls back once, after so many milliseconds; the answer cancels it. */
	after(milliseconds: number, callback: () => void): () => void;
}

/** setTimeout fires at once above this (2^31 - 1 ms, 24.8 days), so longer waits are cut to it. */
const LONGEST_TIMER = 2_147_483_647;

/** The machine's clock. Whoever sets a timer cancels it when stopped, or the process lives on until it fires. */
export const systemClock: Clock = {
	now: () => Date.now(),
	after: (milliseconds, callback) => {
		const timer = setTimeout(callback, Math.min(Math.max(0, milliseconds), LONGEST_TIMER));
		return () => clearTimeout(timer);
	},
};

/**
 * Time since the process began, in milliseconds: it never goes back and nobody sets it. For what must not depend on the
 * time of day; a machine that sleeps stops it.
 */
export const steadyClock: Clock = { now: () => performance.now(), after: systemClock.after };

/**
 * Waits on the clock.
 * @param milliseconds how long.
 * @param signal ends the wait early; the promise then resolves, it never rejects.
 */
export const pause = (clock: Clock, milliseconds: number, signal?: AbortSignal): Promise<void> =>
	new Promise((resolve) => {
		if (signal?.aborted) return resolve();
		const finish = (): void => {
			cancel();
			signal?.removeEventListener("abort", finish);
			resolve();
		};
		const cancel = clock.after(milliseconds, finish);
		signal?.addEventListener("abort", finish, { once: true });
	});
