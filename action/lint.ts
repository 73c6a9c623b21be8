// The one step of action.yml. Ends with the exit code of `bmc lint`: 0 allowed, 1 denied, 2 could not run.
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { npxArguments } from "./command.ts";

const { version } = JSON.parse(readFileSync(join(import.meta.dirname, "..", "package.json"), "utf8")) as {
	version: string;
};

const MATCHER = join(import.meta.dirname, "problem-matcher.json");

const run = (): number => {
	const args = npxArguments(process.env, version);
	const annotate = process.env["INPUT_OUTPUT"] === "text";
	if (annotate) process.stdout.write(`::add-matcher::${MATCHER}\n`);
	const { status, error } = spawnSync("npx", args, { stdio: ["ignore", "inherit", "inherit"] });
	if (error !== undefined) throw error;
	if (annotate) process.stdout.write("::remove-matcher owner=backup-maker-controller::\n");
	return status ?? 2;
};

try {
	process.exitCode = run();
} catch (error) {
	process.stdout.write(`::error::${(error as Error).message}\n`);
	process.exitCode = 2;
}
