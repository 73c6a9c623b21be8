// Programs that a test starts: each with its output in a file, each ended by the process that was started, never by name.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { openSync } from "node:fs";

/** A started program. */
export interface Running {
	readonly child: ChildProcess;
	/** Process id. */
	readonly pid: number;
	/** Whether it has ended. */
	ended(): boolean;
	/** Sends the signal and waits until the process is gone. */
	end(signal?: NodeJS.Signals): Promise<void>;
}

export interface StartOptions {
	/** File that takes stdout and stderr. */
	log: string;
	env?: Record<string, string>;
	cwd?: string;
	/** Lets the program outlive this one (`make cluster-up`). */
	detached?: boolean;
}

/** Programs that must end with this process. */
const living = new Set<ChildProcess>();
// A test that ends by an error at its top has no teardown: what it started must not outlive it all the same.
process.once("exit", () => {
	for (const child of living) child.kill("SIGKILL");
});

const endWithUs = (child: ChildProcess): void => {
	living.add(child);
	child.once("exit", () => living.delete(child));
};

/** Starts a program with both outputs in `options.log`. */
export const start = (command: string, args: string[], options: StartOptions): Running => {
	const log = openSync(options.log, "a");
	const child = spawn(command, args, {
		stdio: ["ignore", log, log],
		detached: options.detached ?? false,
		env: { ...process.env, ...options.env },
		...(options.cwd === undefined ? {} : { cwd: options.cwd }),
	});
	child.on("error", (error) => process.stderr.write(`${command}: ${error.message}\n`));
	if (options.detached === true) child.unref();
	else endWithUs(child);
	const ended = () => child.exitCode !== null || child.signalCode !== null || child.pid === undefined;
	return {
		child,
		pid: child.pid ?? -1,
		ended,
		async end(signal = "SIGTERM") {
			if (ended()) return;
			const exit = once(child, "exit");
			child.kill(signal);
			const hard = setTimeout(() => child.kill("SIGKILL"), 15_000);
			await exit;
			clearTimeout(hard);
		},
	};
};
