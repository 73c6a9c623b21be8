// Running a program to its end, for scripts that build: its output is shown where it fails.
import { spawn } from "node:child_process";

/**
 * Runs a program.
 * Out: what it printed on standard output.
 * @throws Error with what it printed on standard error, where it ends with another code than 0
 */
export const runProgram = (
	command: string,
	args: readonly string[],
	options: { cwd?: string; env?: Record<string, string> } = {},
): Promise<string> =>
	new Promise((resolve, reject) => {
		const child = spawn(command, args, {
			stdio: ["ignore", "pipe", "pipe"],
			env: { ...process.env, ...options.env },
			...(options.cwd === undefined ? {} : { cwd: options.cwd }),
		});
		const output: Buffer[] = [];
		const errors: Buffer[] = [];
		child.stdout.on("data", (chunk: Buffer) => output.push(chunk));
		child.stderr.on("data", (chunk: Buffer) => errors.push(chunk));
		child.on("error", (cause) => reject(new Error(`cannot run ${command}`, { cause })));
		child.on("close", (code) => {
			if (code === 0) return resolve(Buffer.concat(output).toString());
			const said = Buffer.concat([...output, ...errors]).toString();
			reject(new Error(`${command} ${args[0] ?? ""} ended with ${code}: ${said.slice(-4000)}`));
		});
	});
