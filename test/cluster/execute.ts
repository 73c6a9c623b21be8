// Runs a program to its end and keeps what it printed.
import { spawn } from "node:child_process";

export interface Execution {
	code: number;
	stdout: string;
	stderr: string;
}

export interface ExecuteOptions {
	input?: string;
	env?: Record<string, string>;
	cwd?: string;
}

/** Never throws for an exit code; rejects where the program cannot be started. */
export const execute = (command: string, args: string[], options: ExecuteOptions = {}): Promise<Execution> =>
	new Promise((resolve, reject) => {
		const child = spawn(command, args, {
			env: { ...process.env, ...options.env },
			...(options.cwd === undefined ? {} : { cwd: options.cwd }),
		});
		const stdout: Buffer[] = [];
		const stderr: Buffer[] = [];
		child.stdout.on("data", (chunk: Buffer) => stdout.push(chunk));
		child.stderr.on("data", (chunk: Buffer) => stderr.push(chunk));
		child.on("error", reject);
		child.on("close", (code) => {
			resolve({
				code: code ?? -1,
				stdout: Buffer.concat(stdout).toString(),
				stderr: Buffer.concat(stderr).toString(),
			});
		});
		// A program may end before it has read all of its input: that is its affair, and shows in its exit code.
		child.stdin.on("error", () => undefined);
		child.stdin.end(options.input ?? "");
	});
