// How long to wait after a failure. Doubling spreads load over time; jitter keeps many clients from coming back together.

export interface BackoffOptions {
	/** Milliseconds after the first failure. */
	base: number;
	/** Milliseconds, the most. */
	cap: number;
	/** 0 ≤ x < 1; Math.random in the program. */
	random: () => number;
}

/**
 * Milliseconds to wait.
 * @param failures how many in a row, from 1.
 * @param options see there; the answer lies between half of the doubled base and the whole of it.
 */
export const backoffDelay = (failures: number, options: BackoffOptions): number => {
	const whole = Math.min(options.cap, options.base * 2 ** Math.min(Math.max(failures, 1) - 1, 30));
	return whole / 2 + (whole / 2) * options.random();
};

/** No server may silence us for longer: a wrong Retry-After must not stop a controller for days. Seconds. */
const LONGEST_RETRY_AFTER = 300;

/**
 * The wait after a failure for which the server may have named one.
 * @param delay our own, in milliseconds.
 * @param retryAfter the server's, in seconds; a shorter one than ours does not hurry us.
 * @returns milliseconds.
 */
export const atLeastRetryAfter = (delay: number, retryAfter: number | undefined): number =>
	retryAfter === undefined ? delay : Math.max(delay, Math.min(retryAfter, LONGEST_RETRY_AFTER) * 1000);
