// The rules of the election, as client-go has them (tools/leaderelection): a pure function of what was seen and of when, by
// this replica's own steady clock, it was seen first. A holder that shows no sign of life for the Lease's duration has
// lost it; it knows so itself before, since it must have renewed within a shorter time.
import type { LeaseRecord } from "./record.ts";

/** Milliseconds. */
export interface LeaseTiming {
	/** How long others see no sign of life before they take over. */
	duration: number;
	/** How long after it last *asked* for a renewal that was granted a holder may still write. */
	renewDeadline: number;
	/** Between two tries. */
	retryPeriod: number;
}

/** client-go's defaults; a holder stops 5 s before the next one may start. */
export const LEASE_TIMING: LeaseTiming = { duration: 15_000, renewDeadline: 10_000, retryPeriod: 2_000 };

/** What was seen, and since when it looks like that. */
export interface Sighting {
	record: LeaseRecord;
	/** Milliseconds of the steady clock. */
	since: number;
}

/**
 * Takes note of a Lease that was just read.
 * @param before the last sighting.
 * @param now milliseconds of the steady clock, when the answer came.
 */
export const sight = (before: Sighting | undefined, record: LeaseRecord, now: number): Sighting => ({
	record,
	since: before?.record.mark === record.mark ? before.since : now,
});

/** When, by the steady clock, a sighted holder has lost the Lease. */
export const expiry = ({ record, since }: Sighting, timing: LeaseTiming): number =>
	record.holder === "" ? since : since + (record.durationSeconds ?? timing.duration / 1000) * 1000;

export type Move =
	/** There is none, and none that was seen before can still be held. */
	| { type: "create" }
	/** It is ours, free or expired: write our name into exactly this version. */
	| { type: "write"; over: LeaseRecord }
	/** Somebody else holds it, for so many milliseconds more unless it is renewed. */
	| { type: "wait"; for: number };

/**
 * What a replica that does not write may do.
 * @param found what is there now; undefined where there is no Lease.
 * @param last the sighting, that of `found` included. A Lease that was deleted binds its holder's rivals all the same.
 * @param now milliseconds of the steady clock.
 */
export const nextMove = (
	found: LeaseRecord | undefined,
	last: Sighting | undefined,
	identity: string,
	now: number,
	timing: LeaseTiming,
): Move => {
	const isOurs = last === undefined || last.record.holder === identity;
	const left = isOurs ? 0 : expiry(last, timing) - now;
	if (left > 0) return { type: "wait", for: left };
	return found === undefined ? { type: "create" } : { type: "write", over: found };
};
