// Waiting for the world: a condition is tried until it holds, and the last reason is told when it never does.
import { setTimeout as delay } from "node:timers/promises";

export interface WaitOptions {
	/** Seconds. */
	timeout?: number;
	/** Said in the error. */
	what: string;
}

/** Milliseconds between two tries: short at first, since most waits are, and longer where it takes longer anyway. */
const FIRST_PAUSE = 20;
const LONGEST_PAUSE = 250;
const GROWTH = 1.4;
/** Seconds: what takes longer never comes, also on a machine whose processors are all busy. */
const LONGEST_WAIT = 240;

/**
 * Tries `condition` again and again until it answers something other than undefined or false.
 * @throws Error with the last thrown error as its cause, after the time-out
 */
export const eventually = async <T>(
	condition: () => Promise<T | undefined | false> | T | undefined | false,
	{ timeout = LONGEST_WAIT, what }: WaitOptions,
): Promise<T> => {
	const deadline = Date.now() + timeout * 1000;
	let last: unknown;
	let pause = FIRST_PAUSE;
	do {
		try {
			const value = await condition();
			if (value !== undefined && value !== false) return value;
			last = undefined;
		} catch (error) {
			last = error;
		}
		await delay(pause);
		pause = Math.min(LONGEST_PAUSE, pause * GROWTH);
	} while (Date.now() < deadline);
	const reason = last instanceof Error ? `: ${last.message}` : "";
	throw new Error(`not within ${timeout} s: ${what}${reason}`, { cause: last });
};
