// The time in which this replica may write. It ends by itself: whoever asks gets the answer from the clocks, not from a
// timer that may come late after the process or the machine was stopped.
import type { Clock } from "../kube/clock.ts";
import type { Permit } from "../kube/permission.ts";

/** A moment by both clocks. */
export interface Moment {
	/** Milliseconds of the steady clock. */
	steady: number;
	/** Milliseconds since the epoch. */
	wall: number;
}

export interface Clocks {
	steady: Clock;
	/** Milliseconds since the epoch. */
	wall: () => number;
}

export const momentOf = ({ steady, wall }: Clocks): Moment => ({ steady: steady.now(), wall: wall() });

/**
 * Milliseconds since a moment, by the clock that tells more: a machine that slept stops its steady clock, and the time of
 * day may be set back.
 */
export const since = (clocks: Clocks, moment: Moment): number => {
	const now = momentOf(clocks);
	return Math.max(now.steady - moment.steady, now.wall - moment.wall);
};

export interface Term {
	permit: Permit;
	/** May write until so long after this moment. */
	extend(from: Moment): void;
	/** Ends it now. */
	end(): void;
}

/**
 * Begins a term.
 * @param from when the Lease was asked for that was then granted.
 * @param length milliseconds after the last such moment.
 */
export const beginTerm = (clocks: Clocks, from: Moment, length: number): Term => {
	const ended = new AbortController();
	let last = from;
	let cancel = (): void => undefined;
	const left = (): number => length - since(clocks, last);
	const end = (): void => {
		cancel();
		ended.abort();
	};
	const watch = (): void => {
		cancel();
		if (ended.signal.aborted) return;
		if (left() <= 0) end();
		else cancel = clocks.steady.after(left(), watch);
	};
	watch();
	return {
		permit: {
			signal: ended.signal,
			mayWrite: () => {
				if (!ended.signal.aborted && left() <= 0) end();
				return !ended.signal.aborted;
			},
		},
		extend: (moment) => {
			// What ended stays ended, also where the timer has not fired yet.
			if (left() <= 0) end();
			last = moment;
			watch();
		},
		end,
	};
};
