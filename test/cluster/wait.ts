// Waiting for the world: a condition is tried until it holds, and the last reason is told when it never does.
import { setTimeout as delay } from "node:timers/promises";

export interface WaitOptions {
	/** Seconds. */
	timeout?: number;
	/** Said in the error. */
	what: string;
}

/**
 * Tries `condition` every 50 ms until it answers something other than undefined or false.
 * @throws Error with the last thrown error as its cause, after the time-out
 */
export const eventually = async <T>(
	condition: () => Promise<T | undefined | false> | T | undefined | false,
	{ timeout = 120, what }: WaitOptions,
): Promise<T> => {
	const deadline = Date.now() + timeout * 1000;
	let last: unknown;
	do {
		try {
			const value = await condition();
			if (value !== undefined && value !== false) return value;
			last = undefined;
		} catch (error) {
			last = error;
		}
		await delay(50);
	} while (Date.now() < deadline);
	const reason = last instanceof Error ? `: ${last.message}` : "";
	throw new Error(`not within ${timeout} s: ${what}${reason}`, { cause: last });
};
