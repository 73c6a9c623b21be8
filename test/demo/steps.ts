// Shows the steps of a story: each command as it is typed, and what it prints.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, symlink } from "node:fs/promises";
import { join } from "node:path";
import type { Step } from "./story.ts";

const style = (code: string, text: string): string => (process.stdout.isTTY ? `\u001b[${code}m${text}\u001b[0m` : text);

/** A heading. */
export const showHeading = (text: string): void => {
	process.stdout.write(`\n${style("1;36", `== ${text}`)}\n`);
};

/** Runs one command in bash. Its output goes where ours goes, as it comes. Out: the exit code. */
const run = async (command: string, environment: Record<string, string>): Promise<number> => {
	const child = spawn("bash", ["-c", command], {
		stdio: ["ignore", "inherit", "inherit"],
		env: { ...process.env, ...environment },
	});
	const end = (): void => {
		child.kill();
	};
	process.once("exit", end);
	const [code] = (await once(child, "exit")) as [number | null];
	process.off("exit", end);
	return code ?? -1;
};

/** @throws Error where a command ends otherwise than the story says */
export const showSteps = async (steps: readonly Step[], environment: Record<string, string> = {}): Promise<void> => {
	for (const { say, run: command, fails = false } of steps) {
		if (say !== undefined) process.stdout.write(`\n${style("36", say.replaceAll(/^/gm, "# "))}\n`);
		if (command === undefined) continue;
		process.stdout.write(`${style("1", `$ ${command}`)}\n`);
		const code = await run(command, environment);
		// lint and kubectl end with 1 where they deny; any other code is a mistake of the demo.
		if (code !== (fails ? 1 : 0)) throw new Error(`unexpected exit code ${code} of: ${command}`);
	}
};

/** PATH with these programs, and no others of their folders, before all others. Out: for the environment of steps. */
export const pathWith = async (folder: string, programs: Readonly<Record<string, string>>): Promise<string> => {
	const links = join(folder, "bin");
	await mkdir(links, { recursive: true });
	for (const [name, path] of Object.entries(programs)) await symlink(path, join(links, name));
	return `${links}:${process.env["PATH"]}`;
};
