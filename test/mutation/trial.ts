// One mutant: put into a copy of the tree, tried on one test file after the other until one fails, and taken out again.
import { copyFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { TestFile } from "./baseline.ts";
import { type Execution, runTestFile } from "./execute.ts";

export type Verdict =
	| { readonly state: "killed"; readonly by: string; readonly timeout: boolean }
	| { readonly state: "survived"; readonly tests: number };

/** Milliseconds; a mutant that makes a test so slow loops. */
export const timeoutFor = ({ took }: Pick<TestFile, "took">): number => Math.max(10_000, 8 * took);

type Run = (folder: string, file: string, timeout: number) => Promise<Execution>;

/** Written by removing first: another copy may share the file by a link. */
const write = (path: string, text: string): void => {
	rmSync(path, { force: true });
	writeFileSync(path, text);
};

/**
 * @param root the tree that `folder` is a copy of.
 * @param source the file that is changed, and its text with the mutant.
 * @param tests in the order in which they are tried.
 */
export const tryMutant = async (
	root: string,
	folder: string,
	source: { readonly file: string; readonly text: string },
	tests: readonly TestFile[],
	run: Run = runTestFile,
): Promise<Verdict> => {
	const path = join(folder, source.file);
	write(path, source.text);
	try {
		for (const test of tests) {
			const { outcome } = await run(folder, test.file, timeoutFor(test));
			if (outcome !== "passed") return { state: "killed", by: test.file, timeout: outcome === "timeout" };
		}
		return { state: "survived", tests: tests.length };
	} finally {
		copyFileSync(join(root, source.file), path);
	}
};
