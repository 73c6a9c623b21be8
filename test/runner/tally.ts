// What a runner counted.

export interface Tally {
	passed: number;
	failed: number;
	/** Names of what was skipped, with the reason. */
	skips: string[];
	/** Names of what failed. */
	failures: string[];
}

export const emptyTally = (): Tally => ({ passed: 0, failed: 0, skips: [], failures: [] });

/** The sum of both. */
export const addTally = (left: Tally, right: Tally): Tally => ({
	passed: left.passed + right.passed,
	failed: left.failed + right.failed,
	skips: [...left.skips, ...right.skips],
	failures: [...left.failures, ...right.failures],
});
