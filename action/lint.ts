// The one step of action.yml. Ends with the exit code of `bmc lint`: 0 allowed, 1 denied, 2 could not run.
import { spawnSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { npxArguments } from "./command.ts";

const { version } = JSON.parse(readFileSync(join(import.meta.dirname, "..", "package.json"), "utf8")) as {
	version: string;
};

const MATCHER = join(import.meta.dirname, "problem-matcher.json");

/** A workflow command of GitHub: https://docs.github.com/actions/reference/workflow-commands-for-github-actions */
const command = (head: string, text = ""): void => {
	const escaped = text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
	process.stdout.write(`::${head}::${escaped}\n`);
};

/** Runs `npx`. What it prints has names from the manifests, which must not be commands, whatever they are. */
const runWithoutCommands = (args: readonly string[]): number => {
	const token = randomUUID();
	command("stop-commands", token);
	try {
		const { status, error } = spawnSync("npx", args, { stdio: ["ignore", "inherit", "inherit"] });
		if (error !== undefined) throw error;
		return status ?? 2;
	} finally {
		command(token);
	}
};

const run = (): number => {
	const args = npxArguments(process.env, version);
	const annotate = process.env["INPUT_OUTPUT"] === "text";
	if (annotate) command("add-matcher", MATCHER);
	try {
		return runWithoutCommands(args);
	} finally {
		if (annotate) command("remove-matcher owner=backup-maker-controller");
	}
};

try {
	process.exitCode = run();
} catch (error) {
	command("error", (error as Error).message);
	process.exitCode = 2;
}
