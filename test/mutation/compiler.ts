// Whether the compiler accepts a mutant. What it refuses never reaches a test, so it says nothing about the tests.
import { execute } from "../cluster/execute.ts";

/** Only the sources: a mutant that breaks the types of a test reaches that test all the same, since Node.js strips types. */
const PROJECT = "test/mutation/tsconfig.json";

/** What a mutant leaves unused is no reason: it would hide what no test notices. */
const OPTIONS = ["-p", PROJECT, "--noUnusedLocals", "false", "--noUnusedParameters", "false"];

/** Whether the compiler accepts the sources in a folder. */
export const accepts = async (folder: string): Promise<boolean> => {
	const { code } = await execute("tsc", OPTIONS, { cwd: folder });
	return code === 0;
};
