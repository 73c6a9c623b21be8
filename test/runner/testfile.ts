// One test file as a process of its own, and the verdict on it. A file passes where every assertion passed, there was at least
// one, none was skipped or left to do, and the process ended by itself with exit code 0.
import { type ChildProcess, spawn } from "node:child_process";
import { type FinalResults, Parser, type Result } from "tap-parser";
import type { Tally } from "./tally.ts";

/** How a file's process is started. */
export interface Start {
	/** Over the environment of all files. */
	env?: Record<string, string>;
	/** Arguments of node, before the file. */
	nodeArguments?: readonly string[];
}

export interface TestFileOptions {
	/** Over this process's environment. */
	env?: Record<string, string>;
	/** How each file is started, where they differ. */
	start?: (file: string) => Start;
	/** Seconds, after which the process and all that it started are killed. */
	timeout: number;
	/** CPU seconds of the children that ended since its last call. */
	meter: () => number;
}

/** What one file did. */
export interface FileResult {
	file: string;
	tally: Tally;
	/** All that it printed, for a person who looks for the reason of a failure. */
	output: string;
}

/** What was read of a file's output. */
interface Assertions {
	passed: number;
	/** Names of the failed, the skipped and those left to do, as a person looks for them. */
	failures: string[];
}

/** Test files that run now, so that an interrupted runner leaves nothing behind. */
const running = new Set<ChildProcess>();

/** Ends a test file's process group: what it started ends with it. */
const killGroup = ({ pid }: ChildProcess): void => {
	if (pid === undefined) return;
	try {
		process.kill(-pid, "SIGKILL");
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
	}
};

let isEnding = false;

/** Ends all test files that run now; no other is started after that. */
export const killTestFiles = (): void => {
	isEnding = true;
	for (const child of running) killGroup(child);
};

/** Calls back with the name of each subtest, however deep, that ends without a result. */
const onEmptySubtest = (parser: Parser, report: (name: string) => void): void => {
	parser.on("child", (child: Parser) => {
		onEmptySubtest(child, report);
		child.on("complete", ({ count }: FinalResults) => {
			if (count === 0) report(child.fullname);
		});
	});
};

const collect = (parser: Parser): Assertions => {
	const found: Assertions = { passed: 0, failures: [] };
	onEmptySubtest(parser, (name) => found.failures.push(`${name}: asserts nothing`));
	parser.on("result", (result: Result) => {
		const name = result.fullname || result.name || "unnamed assertion";
		if (result.skip !== false)
			found.failures.push(`${name}: skipped${result.skip === true ? "" : ` (${result.skip})`}`);
		else if (result.todo !== false) found.failures.push(`${name}: left to do`);
		else if (!result.ok) found.failures.push(name);
		// The line that closes a subtest asserts nothing itself.
		else if (!result.closingTestPoint) found.passed += 1;
	});
	return found;
};

const reasonOf = (
	found: Assertions,
	ended: { code: number | null; signal: NodeJS.Signals | null; timedOut: boolean; wellFormed: boolean },
	timeout: number,
): string | undefined => {
	if (ended.timedOut) return `not finished after ${timeout} s`;
	if (found.failures.length > 0) return undefined;
	if (ended.signal !== null) return `ended by ${ended.signal}`;
	if (ended.code !== 0) return `ended with exit code ${ended.code}`;
	if (!ended.wellFormed) return "its TAP output is not complete";
	if (found.passed === 0) return "asserts nothing";
	return undefined;
};

/** Milliseconds after the end of a test file in which its output is still read: a process outside of its group may hold it open. */
const LAST_WORDS = 5_000;

/** Runs one test file to its end. What goes wrong is a failure with the file's name. @throws Error where `killTestFiles` was called */
export const runTestFile = async (file: string, options: TestFileOptions): Promise<FileResult> => {
	if (isEnding) throw new Error("the runner is ending");
	const started = performance.now();
	const { env, nodeArguments = [] } = options.start?.(file) ?? {};
	const child = spawn(process.execPath, [...nodeArguments, file], {
		env: { ...process.env, TAP: "1", TAP_TIMEOUT: String(options.timeout), ...options.env, ...env },
		stdio: ["ignore", "pipe", "pipe"],
		detached: true,
	});
	running.add(child);
	const parser = new Parser();
	const found = collect(parser);
	const output: Buffer[] = [];
	for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => output.push(chunk));
	child.stdout.on("data", (chunk: Buffer) => parser.write(chunk));
	let timedOut = false;
	const timer = setTimeout(() => {
		timedOut = true;
		killGroup(child);
	}, options.timeout * 1000);
	let cpu = 0;
	const ended = await new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((resolve) => {
		child.on("error", () => resolve({ code: 127, signal: null }));
		child.on("exit", () => {
			cpu = options.meter();
			setTimeout(() => {
				child.stdout.destroy();
				child.stderr.destroy();
			}, LAST_WORDS).unref();
		});
		child.on("close", (code, signal) => resolve({ code, signal }));
	});
	clearTimeout(timer);
	running.delete(child);
	parser.end();
	// A process that it left behind would hold ports and processor time of the files after it.
	killGroup(child);
	const reason = reasonOf(found, { ...ended, timedOut, wellFormed: parser.ok }, options.timeout);
	const failures = [...(reason === undefined ? [] : [reason]), ...found.failures].map((name) => `${file}: ${name}`);
	const seconds = (performance.now() - started) / 1000;
	return {
		file,
		tally: { passed: found.passed, failed: failures.length, failures, timings: [{ name: file, seconds, cpu }] },
		output: Buffer.concat(output).toString(),
	};
};
