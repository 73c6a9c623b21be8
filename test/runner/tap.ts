// Runs test files by tap and reads its TAP output: one line per file that passed, everything of a file that failed,
// and tap's own counts at the end.
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { startProgress } from "./progress.ts";
import { emptyTally, type Tally } from "./tally.ts";

/** `# { total: 4, pass: 2, fail: 1, skip: 1 }` */
const COUNTS = /^# \{ total: (\d+)(?:, pass: (\d+))?(?:, fail: (\d+))?(?:, todo: (\d+))?(?:, skip: (\d+))? \}/;
const FILE_RESULT = /^(not ok|ok) \d+ - (\S+)/;
const SKIP = /^\s*ok .*# SKIP/i;

interface Reading {
	tally: Tally;
	counted: boolean;
	running: Set<string>;
	buffer: string[];
}

const readLine = (reading: Reading, line: string): void => {
	reading.buffer.push(line);
	if (SKIP.test(line)) reading.tally.skips.push(line.trim());
	const counts = COUNTS.exec(line);
	if (counts !== null) {
		reading.tally.passed += Number(counts[2] ?? 0);
		reading.tally.failed += Number(counts[3] ?? 0);
		reading.counted = true;
	}
	const result = FILE_RESULT.exec(line);
	if (result === null) return;
	if (result[1] === "ok") process.stdout.write(`${line}\n`);
	else {
		process.stdout.write(`${reading.buffer.join("\n")}\n`);
		reading.tally.failures.push(result[2] ?? line);
	}
	reading.running.delete(result[2] ?? "");
	reading.buffer = [];
};

/**
 * Runs the files.
 * @param options further options of `tap run`
 */
export const runTap = async (files: string[], options: string[]): Promise<Tally> => {
	if (files.length === 0) return { ...emptyTally(), failed: 1, failures: ["no test file found"] };
	const reading: Reading = { tally: emptyTally(), counted: false, running: new Set(files), buffer: [] };
	const stopProgress = startProgress(() => `${reading.running.size} of ${files.length} test files to go`);
	const child = spawn("tap", ["run", "--reporter=tap", "--allow-incomplete-coverage", ...options, ...files], {
		stdio: ["ignore", "pipe", "inherit"],
	});
	const ended = new Promise<number>((resolve, reject) => {
		child.on("error", reject);
		child.on("close", (code) => resolve(code ?? 1));
	});
	for await (const line of createInterface({ input: child.stdout })) readLine(reading, line);
	const code = await ended;
	stopProgress();
	if (!reading.counted || (code !== 0 && reading.tally.failed === 0)) {
		process.stdout.write(`${reading.buffer.join("\n")}\n`);
		reading.tally.failed += 1;
		reading.tally.failures.push(`tap ended with ${code}`);
	}
	return reading.tally;
};
