// How long builds still take: known durations, scaled by how fast this machine has been so far. Pure.

/** One build. */
export interface Part {
	name: string;
	/** Seconds that it took where the durations were measured: 2 cores, nothing cached. */
	seconds: number;
	/** Milliseconds since 1970; undefined: not yet. */
	started?: number;
	ended?: number;
}

/** Weight of the known durations, in seconds, against what was measured here: one short build is no proof. */
const TRUST = 20;
/**
 * Seconds that a build still takes which is expected to take `expected` and has run for `spent`. Near the end and after it the
 * answer grows: who waits longer than expected should not read for minutes that it takes a moment.
 */
const restOf = (expected: number, spent: number): number => Math.max(expected - spent, (spent - expected * 0.75) * 0.2);

/** How many times longer a build takes here than where the durations were measured. */
const slowness = (parts: readonly Part[], now: number): number => {
	let known = TRUST;
	let measured = TRUST;
	for (const { seconds, started, ended } of parts) {
		if (started === undefined) continue;
		const spent = ((ended ?? now) - started) / 1000;
		// A build that runs tells of this machine's speed only once it takes longer than expected.
		if (ended === undefined && spent * known < seconds * measured) continue;
		known += seconds;
		measured += spent;
	}
	return measured / known;
};

/**
 * Seconds until the last of the parts ends, if they run one after the other.
 * @param now milliseconds since 1970
 */
export const secondsLeft = (parts: readonly Part[], now: number): number => {
	const factor = slowness(parts, now);
	let left = 0;
	for (const { seconds, started, ended } of parts) {
		if (ended !== undefined) continue;
		const spent = started === undefined ? 0 : (now - started) / 1000;
		left += restOf(seconds * factor, spent);
	}
	return left;
};

const inWords = (seconds: number): string =>
	seconds < 45 ? "less than a minute left" : `about ${Math.round(seconds / 60)} min left`;

/**
 * What is being built and how long all parts still take: `building kubernetes: about 5 min left`; empty where all have ended.
 * @param now milliseconds since 1970
 */
export const remainingText = (parts: readonly Part[], now: number): string => {
	const left = parts.filter(({ ended }) => ended === undefined);
	const current = left.find(({ started }) => started !== undefined) ?? left[0];
	return current === undefined ? "" : `building ${current.name}: ${inWords(secondsLeft(parts, now))}`;
};
