// Runs one test file by plain Node.js, with an end.
import { spawn } from "node:child_process";

export type Outcome = "passed" | "failed" | "timeout";

export interface Execution {
	readonly outcome: Outcome;
	/** Milliseconds. */
	readonly took: number;
}

/** Ends a test with all that it started. */
const killGroup = (pid: number | undefined): void => {
	try {
		if (pid !== undefined) process.kill(-pid, "SIGKILL");
	} catch {
		// Ended by itself.
	}
};

/**
 * @param file path from `folder`.
 * @param timeout milliseconds.
 * @param env added to ours.
 */
export const runTestFile = (
	folder: string,
	file: string,
	timeout: number,
	env: Record<string, string> = {},
): Promise<Execution> =>
	new Promise((resolve, reject) => {
		const started = performance.now();
		// A group of its own: what a test starts ends with it.
		const child = spawn(process.execPath, [file], {
			cwd: folder,
			env: { ...process.env, TAP_BAIL: "1", ...env },
			stdio: "ignore",
			detached: true,
		});
		let late = false;
		const timer = setTimeout(() => {
			late = true;
			killGroup(child.pid);
		}, timeout);
		child.on("error", reject);
		child.on("exit", (code) => {
			clearTimeout(timer);
			killGroup(child.pid);
			const took = performance.now() - started;
			resolve({ outcome: late ? "timeout" : code === 0 ? "passed" : "failed", took });
		});
	});
