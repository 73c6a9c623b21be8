// A workflow's step as GitHub runs it: the inputs in the environment, and `npx` as a program that runs this tree.
import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Execution, execute } from "../cluster/execute.ts";

const TREE = fileURLToPath(new URL("../..", import.meta.url));
const CLI = join(TREE, "src/cli.ts");
const STEP = join(TREE, "action/lint.ts");

/** Puts a program into a folder: it records its arguments in `args` there, one a line, and runs `bmc` from the sources. */
const putNpx = (folder: string): void => {
	const script = [
		"#!/bin/bash",
		`printf '%s\\n' "$@" >'${folder}/args'`,
		'while [ $# -gt 0 ] && [ "$1" != bmc ]; do shift; done',
		"shift",
		`exec '${process.execPath}' '${CLI}' "$@"`,
	];
	writeFileSync(join(folder, "npx"), `${script.join("\n")}\n`);
	chmodSync(join(folder, "npx"), 0o755);
};

/** The environment in which `npx` is the program in this folder. What tap measures of child processes costs more than they do. */
const environment = (folder: string): Record<string, string> => ({
	PATH: `${folder}:${process.env["PATH"]}`,
	NODE_OPTIONS: "",
	NODE_V8_COVERAGE: "",
});

/**
 * Runs the hook of pre-commit, as pre-commit does: without a shell, its arguments behind its entry.
 * @param folder where the program `npx` is put
 * @param cwd the repository of a user
 */
export const runHook = (folder: string, cwd: string, entry: string, args: readonly string[]): Promise<Execution> => {
	putNpx(folder);
	const [program = "", ...rest] = entry.split(" ");
	return execute(program, [...rest, ...args], { env: environment(folder), cwd });
};

/**
 * Runs the action's step.
 * @param folder where the program `npx` is put
 * @param inputs variables of the step, over the defaults of action.yml
 */
export const runStep = (folder: string, inputs: Record<string, string>): Promise<Execution> => {
	putNpx(folder);
	const defaults = { INPUT_VERSION: "", INPUT_MISSING_REFERENCES: "deny", INPUT_OUTPUT: "text" };
	const env = { ...defaults, ...inputs, ...environment(folder) };
	return execute(process.execPath, [STEP], { env, cwd: TREE });
};
