// One mutant: put into a copy of the tree, compiled, tried on one test file after the other until one fails, and taken out again.
import { copyFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { TestFile } from "./baseline.ts";
import { accepts } from "./compiler.ts";
import { type Execution, runTestFile } from "./execute.ts";

export type Verdict =
	/** The compiler refuses it: the static checks find it, whether or not a test would. */
	| { readonly state: "invalid" }
	| { readonly state: "killed"; readonly by: string; readonly timeout: boolean }
	| { readonly state: "survived"; readonly tests: number };

/** Milliseconds; a mutant that makes a test so slow loops. */
export const timeoutFor = ({ took }: Pick<TestFile, "took">): number => Math.max(10_000, 8 * took);

export interface Programs {
	/** Whether the compiler accepts the sources in a folder. */
	accepts(folder: string): Promise<boolean>;
	/** Runs a test file of a folder; the time-out is in milliseconds. */
	run(folder: string, file: string, timeout: number): Promise<Execution>;
}

/** Written by removing first: another copy may share the file by a link. */
const write = (path: string, text: string): void => {
	rmSync(path, { force: true });
	writeFileSync(path, text);
};

/**
 * Asks the compiler before the tests: were only survivors compiled, a mutant that it refuses would count where a test
 * fails, and not where none does, and the rate would be too high.
 * @param root the tree that `folder` is a copy of.
 * @param source the file that is changed, and its text with the mutant.
 * @param tests in the order in which they are tried.
 */
export const tryMutant = async (
	root: string,
	folder: string,
	source: { readonly file: string; readonly text: string },
	tests: readonly TestFile[],
	programs: Programs = { accepts, run: runTestFile },
): Promise<Verdict> => {
	const path = join(folder, source.file);
	write(path, source.text);
	try {
		if (!(await programs.accepts(folder))) return { state: "invalid" };
		for (const test of tests) {
			const { outcome } = await programs.run(folder, test.file, timeoutFor(test));
			if (outcome !== "passed") return { state: "killed", by: test.file, timeout: outcome === "timeout" };
		}
		return { state: "survived", tests: tests.length };
	} finally {
		copyFileSync(join(root, source.file), path);
	}
};
