// What a Lease says, as the rules read it, and what is written into one. Times of day are written for people alone: no
// replica trusts another one's clock.
import type { Lease } from "../../api/kubernetes.ts";

/** https://kubernetes.io/docs/reference/kubernetes-api/cluster-resources/lease-v1/ */
export interface LeaseRecord {
	uid: string;
	resourceVersion: string;
	/** Empty: given back. */
	holder: string;
	/** Seconds; undefined where it is no positive number. */
	durationSeconds: number | undefined;
	transitions: number;
	/** What changes whenever a holder writes: as long as it is the same, nobody gave a sign of life. */
	mark: string;
}

/** @param lease as the API server answered it. */
export const leaseRecord = ({ metadata, spec }: Lease): LeaseRecord => {
	const { holderIdentity: holder = "", leaseDurationSeconds, leaseTransitions, acquireTime, renewTime } = spec ?? {};
	const isLong = leaseDurationSeconds !== undefined && leaseDurationSeconds > 0;
	return {
		uid: metadata?.uid ?? "",
		resourceVersion: metadata?.resourceVersion ?? "",
		holder,
		durationSeconds: isLong ? leaseDurationSeconds : undefined,
		transitions: leaseTransitions ?? 0,
		mark: JSON.stringify([metadata?.uid, holder, leaseDurationSeconds, leaseTransitions, acquireTime, renewTime]),
	};
};

/** RFC 3339 with microseconds, as the field wants it. */
const microTime = (date: Date): string => date.toISOString().replace("Z", "000Z");

/** Who writes, and when by their own time of day. */
export interface Writer {
	identity: string;
	/** Seconds that others must see no sign of life for. */
	durationSeconds: number;
	now: Date;
}

/**
 * The spec to write.
 * @param before undefined where there is no Lease yet.
 */
export const heldSpec = (before: LeaseRecord | undefined, { identity, durationSeconds, now }: Writer): object => {
	const goesOn = before?.holder === identity;
	return {
		holderIdentity: identity,
		leaseDurationSeconds: durationSeconds,
		renewTime: microTime(now),
		...(goesOn ? {} : { acquireTime: microTime(now) }),
		...(goesOn || before === undefined ? {} : { leaseTransitions: before.transitions + 1 }),
	};
};

/** Gives it back: the next one need not wait. A duration must be positive. */
export const releasedSpec = (now: Date): object => ({
	holderIdentity: "",
	leaseDurationSeconds: 1,
	renewTime: microTime(now),
});
