// Waiting for an instant of the wall clock. A timer counts the time that the machine was awake, and counts on when somebody
// sets the clock: after a night's suspension it would be a night late. So a short timer looks at the clock again and again;
// it touches nothing but two numbers.
import type { Clock } from "../src/kube/clock.ts";

/** Milliseconds between two looks, and so the most that an instant is noticed late. */
export const LOOK_EVERY = 2_000;

/**
 * Calls back once, when the clock shows `until` (milliseconds since the epoch) or later, or has been set back; the answer
 * cancels it.
 */
export const whenClockShows = (clock: Clock, until: number, callback: () => void): (() => void) => {
	let cancel: () => void = () => undefined;
	const look = (before: number): void => {
		const now = clock.now();
		if (now >= until || now < before) return callback();
		cancel = clock.after(Math.min(LOOK_EVERY, until - now), () => look(now));
	};
	const now = clock.now();
	cancel = clock.after(Math.max(0, Math.min(LOOK_EVERY, until - now)), () => look(now));
	return () => cancel();
};
