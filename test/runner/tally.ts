// What a stage counted.

export interface Tally {
	passed: number;
	failed: number;
	/** Names of what failed. */
	failures: string[];
	/** What was measured, for the tables at the end. */
	timings: Timing[];
}

/** One test file or check. */
export interface Timing {
	name: string;
	/** Wall time, seconds. */
	seconds: number;
	/** User and system time of its process and all that it waited for, seconds. */
	cpu: number;
}

export const emptyTally = (): Tally => ({ passed: 0, failed: 0, failures: [], timings: [] });

/** A tally of one failure. */
export const failure = (name: string): Tally => ({ ...emptyTally(), failed: 1, failures: [name] });

/** The sum of both. */
export const addTally = (left: Tally, right: Tally): Tally => ({
	passed: left.passed + right.passed,
	failed: left.failed + right.failed,
	failures: [...left.failures, ...right.failures],
	timings: [...left.timings, ...right.timings],
});
