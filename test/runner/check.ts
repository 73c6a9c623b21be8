// A check that is one command: it counts as one, passed or failed by its exit code.
import { spawn } from "node:child_process";
import { startProgress } from "./progress.ts";
import { emptyTally, failure, type Tally } from "./tally.ts";

interface Ended {
	code: number;
	output: string;
	cpu: number;
}

const run = ([program = "", ...args]: readonly string[], meter: () => number): Promise<Ended> =>
	new Promise((resolve, reject) => {
		const child = spawn(program, args, { stdio: ["ignore", "pipe", "pipe"] });
		const output: Buffer[] = [];
		let cpu = 0;
		for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => output.push(chunk));
		child.on("error", reject);
		child.on("exit", () => {
			cpu = meter();
		});
		child.on("close", (code) => resolve({ code: code ?? 1, output: Buffer.concat(output).toString(), cpu }));
	});

/**
 * Runs `command` (found in PATH) and prints its output where it fails.
 * @param meter CPU seconds of the children that ended since its last call
 * @throws Error where the program cannot be started
 */
export const runCheck = async (
	name: string,
	command: readonly string[],
	meter: () => number,
	print: (text: string) => void = (text) => process.stdout.write(text),
): Promise<Tally> => {
	const started = performance.now();
	const stopProgress = startProgress(() => name);
	const { code, output, cpu } = await run(command, meter).finally(stopProgress);
	const timings = [{ name, seconds: (performance.now() - started) / 1000, cpu }];
	if (code === 0) {
		print(`ok ${name}\n`);
		return { ...emptyTally(), passed: 1, timings };
	}
	print(`${output}not ok ${name} (${command.join(" ")} ended with ${code})\n`);
	return { ...failure(name), timings };
};
