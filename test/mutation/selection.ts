// Which unit tests a mutant is tried on, and in which order.
import type { TestFile } from "./baseline.ts";
import { isCovered } from "./coverage.ts";

/** So many test files see a mutant: what only a far-away test notices is not tested. */
const MOST_TESTS = 12;

/** A test file that takes so many times as long as an ordinary one is slow. */
const SLOW = 10;
/** With so many others no slow one is run. */
const ENOUGH = 3;

const median = (numbers: readonly number[]): number =>
	numbers.toSorted((one, other) => one - other)[numbers.length >> 1] ?? 0;

/** Whether a test's path mirrors a source's: `test/kube/list.test.ts` and `src/kube/list.ts`, also in a shortened folder. */
export const mirrors = (test: string, source: string): boolean => {
	const stem = source.replace(/^src\//, "").replace(/\.ts$/, "");
	const name = test.replace(/^test\//, "").replace(/\.test\.ts$/, "");
	const folder = stem.replace(/\/[^/]*$/, "");
	return (
		name === stem ||
		name.startsWith(`${stem}/`) ||
		name.startsWith(`${stem}-`) ||
		name === `${folder}/${folder.split("/").at(-1)}`
	);
};

/**
 * The test files that run what is at `offset`: first those of the file itself, then by their distance in imports. Slow ones come last,
 * and only where there are few others.
 * @param distances of a test file, by source file.
 */
export const testsFor = (
	source: string,
	offset: number,
	tests: readonly TestFile[],
	distances: ReadonlyMap<string, ReadonlyMap<string, number>>,
): TestFile[] => {
	const FAR = 1_000;
	const rank = ({ file }: TestFile): number => (mirrors(file, source) ? -1 : (distances.get(file)?.get(source) ?? FAR));
	const ordinary = median(tests.map(({ took }) => took));
	const found = tests
		.filter(({ passed, covered }) => passed && isCovered(covered[source] ?? [], offset))
		.toSorted((one, other) => rank(one) - rank(other) || one.took - other.took);
	const isSlow = ({ took }: TestFile): boolean => took > SLOW * ordinary;
	const fast = found.filter((test) => !isSlow(test));
	const slow = fast.length < ENOUGH ? found.filter(isSlow) : [];
	return [...fast, ...slow].slice(0, MOST_TESTS);
};
