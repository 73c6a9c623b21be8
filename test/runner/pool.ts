// Test files side by side: a fixed number of workers, each with a block of ports of its own, take the next file when they
// are done with one.
import { PORT_BLOCK, takePortBlock } from "../cluster/ports.ts";
import { startProgress } from "./progress.ts";
import type { Room } from "./room.ts";
import { addTally, emptyTally, failure, type Tally } from "./tally.ts";
import { type FileResult, runTestFile, type TestFileOptions } from "./testfile.ts";

/** What files of one worker share. */
export interface Worker {
	/** Variables for the next file. */
	prepare(file: string): Promise<Record<string, string>>;
	/** After each file. */
	settle(result: FileResult): Promise<void>;
	/** After the last. */
	stop(): Promise<void>;
}

export interface PoolOptions extends TestFileOptions {
	/** Name of the stage, before each line. */
	stage: string;
	/** Number of workers. */
	jobs: number;
	/** When one more file may begin; by default at once. */
	room?: Room;
	/** Makes a worker; by default its files share nothing. In: the first port of its block. */
	worker?: (portBlock: number) => Worker;
	print?: (text: string) => void;
}

const ALONE: Worker = {
	prepare: () => Promise.resolve({}),
	settle: () => Promise.resolve(),
	stop: () => Promise.resolve(),
};

/** Characters of a line that are printed: a failed comparison of large texts would bury all the others. */
const LONGEST_LINE = 2000;

const shortened = (output: string): string =>
	output
		.split("\n")
		.map((line) => (line.length > LONGEST_LINE ? `${line.slice(0, LONGEST_LINE)}… (${line.length} characters)` : line))
		.join("\n");

/** One line of a file that passed; everything of a file that failed. */
const report = ({ file, tally, output }: FileResult, stage: string): string => {
	const [timing] = tally.timings;
	const times = `${timing?.seconds.toFixed(1)} s, ${timing?.cpu.toFixed(1)} s CPU`;
	if (tally.failed === 0) return `ok ${stage} ${file} (${tally.passed} passed, ${times})\n`;
	const reasons = tally.failures.map((name) => `  ${name}\n`).join("");
	return `${shortened(output)}not ok ${stage} ${file} (${tally.passed} passed, ${tally.failed} failed, ${times})\n${reasons}`;
};

/** Runs the files in the given order. Never rejects: what goes wrong with a worker is a failure of the file that it was to run. */
export const runPool = async (files: readonly string[], options: PoolOptions): Promise<Tally> => {
	const { stage, jobs, print = (text) => process.stdout.write(text) } = options;
	if (files.length === 0) return failure(`${stage}: no test file found`);
	const waiting = [...files];
	const current = new Set<string>();
	let total = emptyTally();
	const work = async (): Promise<void> => {
		const block = await takePortBlock();
		const worker = options.worker?.(block.first) ?? ALONE;
		const next = async (): Promise<string | undefined> => {
			if (waiting.length > 0) await options.room?.(() => current.size);
			const file = waiting.shift();
			if (file !== undefined) current.add(file);
			return file;
		};
		for (let file = await next(); file !== undefined; file = await next()) {
			try {
				const env = { ...options.env, [PORT_BLOCK]: String(block.first), ...(await worker.prepare(file)) };
				const result = await runTestFile(file, { ...options, env });
				total = addTally(total, result.tally);
				print(report(result, stage));
				await worker.settle(result);
			} catch (error) {
				const reason = error instanceof Error ? (error.stack ?? error.message) : String(error);
				print(`not ok ${stage} ${file}: ${reason}\n`);
				total = addTally(total, failure(`${file}: its worker failed`));
			}
			current.delete(file);
		}
		await worker.stop();
		// What the worker kept for its files, such as a control plane, is not any file's.
		if (options.worker !== undefined)
			total.timings.push({ name: `${stage}: what a worker's files share`, seconds: 0, cpu: options.meter() });
		await block.release();
	};
	const stopProgress = startProgress(
		() => `${stage}: ${waiting.length + current.size} of ${files.length} test files to go`,
	);
	const ends = await Promise.allSettled(Array.from({ length: Math.min(jobs, files.length) }, work));
	stopProgress();
	for (const end of ends) {
		if (end.status === "rejected") total = addTally(total, failure(`${stage}: a worker failed: ${end.reason}`));
	}
	for (const file of waiting) total = addTally(total, failure(`${file}: not run`));
	return total;
};
