// Whether the compiler accepts a mutant. What it refuses never reaches a test, so it says nothing about the tests.
import { copyFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { execute } from "../cluster/execute.ts";

/**
 * @param folder a copy of `root`, which has the source again afterwards.
 * @param source the file that is changed, and its text with the mutant.
 */
export const compiles = async (
	root: string,
	folder: string,
	source: { readonly file: string; readonly text: string },
): Promise<boolean> => {
	const path = join(folder, source.file);
	rmSync(path, { force: true });
	writeFileSync(path, source.text);
	try {
		const { code } = await execute("tsc", ["--noEmit"], { cwd: folder });
		return code === 0;
	} finally {
		copyFileSync(join(root, source.file), path);
	}
};
