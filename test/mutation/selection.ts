// Which unit tests a mutant is tried on, and in which order.
import type { TestFile } from "./baseline.ts";
import { isCovered } from "./coverage.ts";

/** So many test files see a mutant: what only a far-away test notices is not tested. */
const MOST_TESTS = 12;

/** Milliseconds: what takes so long comes last. */
const SLOW = 10_000;

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
 * The test files that run what is at `offset`: first those of the file itself, then by their distance in imports; slow ones last.
 * @param distances of a test file, by source file.
 */
export const testsFor = (
	source: string,
	offset: number,
	tests: readonly TestFile[],
	distances: ReadonlyMap<string, ReadonlyMap<string, number>>,
): TestFile[] => {
	const FAR = 1_000;
	const rank = ({ file, took }: TestFile): number =>
		(mirrors(file, source) ? -1 : (distances.get(file)?.get(source) ?? FAR)) + (took > SLOW ? FAR : 0);
	return tests
		.filter(({ passed, covered }) => passed && isCovered(covered[source] ?? [], offset))
		.toSorted((one, other) => rank(one) - rank(other) || one.took - other.took)
		.slice(0, MOST_TESTS);
};
