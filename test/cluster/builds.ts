// Builds all that the stages of `make test` and the demo need, in a process of its own beside them.
import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, openSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { BUILDS, type Build, type Stage } from "./buildlist.ts";
import { cacheFolder } from "./cache.ts";
import { type Part, remainingText } from "./estimate.ts";

/** What the process that builds reports about one build. */
export interface BuildReport {
	name: string;
	event: "started" | "ended" | "failed";
	/** Why it failed. */
	message?: string;
}

/** Builds that run. */
export interface Builds {
	/** Resolves when all are there. @throws Error with the end of the log where one failed */
	readonly done: Promise<void>;
	/** The same for what one stage needs. */
	ready(stage: Stage): Promise<void>;
	/** `building kubernetes: about 5 min left`, for all or for one stage; empty where nothing is left. */
	remaining(stage?: Stage): string;
	/** Ends them and waits until they have ended. */
	stop(): Promise<void>;
}

export interface BuildsOptions {
	/** Only what these stages need; default: everything. */
	stages?: readonly Stage[];
	/** File that takes the output; default: `builds.log` in the cache. */
	log?: string;
	/** What can be built; default: the list of this project. */
	list?: readonly Build[];
	/** Takes a line for each program of the machine that does not fit; default: standard error. */
	say?: (line: string) => void;
	/** Starts the process that builds; default: `buildall.ts`. */
	program?: string;
}

interface Job {
	build: Build;
	part: Part;
	done: Promise<void>;
	settle: (error?: Error) => void;
}

const jobOf = (build: Build): Job => {
	const { promise, resolve, reject } = Promise.withResolvers<void>();
	// It may fail before anybody waits for it.
	promise.catch(() => undefined);
	const part: Part = { name: build.name, seconds: build.seconds };
	const settle = (error?: Error): void => {
		part.ended ??= Date.now();
		if (error === undefined) resolve();
		else reject(error);
	};
	return { build, part, done: promise, settle };
};

const endOf = (log: string): string => readFileSync(log, "utf8").trimEnd().split("\n").slice(-15).join("\n");

/** In a group of its own, so that Go and its compilers end with it. */
const launch = (program: string, names: readonly string[], log: string): ChildProcess => {
	mkdirSync(dirname(log), { recursive: true });
	const output = openSync(log, "a");
	return spawn(process.execPath, [program, ...names], {
		stdio: ["ignore", output, output, "ipc"],
		detached: true,
	});
};

const interrupt = (child: ChildProcess): void => {
	if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
	try {
		// `buildall.ts` removes what the build left, on this signal.
		process.kill(-child.pid, "SIGINT");
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
	}
};

const neededBy = (stages: readonly Stage[] | undefined, list: readonly Build[]): Build[] =>
	list.filter((build) => stages === undefined || stages.some((stage) => build.stages.includes(stage)));

const jobsFor = async (wanted: readonly Build[]): Promise<Job[]> => {
	const missing = await Promise.all(wanted.map(async (build) => !(await build.isMade())));
	return wanted.filter((_, index) => missing[index]).map(jobOf);
};

const follow = (child: ChildProcess, jobs: readonly Job[], log: string): Promise<void> => {
	const failure = (name: string, message: string) =>
		new Error(`building ${name} failed: ${message}\n${endOf(log)}\nThe whole log: ${log}`);
	child.on("message", ({ name, event, message = "" }: BuildReport) => {
		const job = jobs.find(({ build }) => build.name === name);
		if (job === undefined) return;
		if (event === "started") job.part.started = Date.now();
		else job.settle(event === "failed" ? failure(name, message) : undefined);
	});
	const ended = Promise.withResolvers<void>();
	const end = (message: string): void => {
		for (const { part, settle, build } of jobs) if (part.ended === undefined) settle(failure(build.name, message));
		ended.resolve();
	};
	child.once("error", (error) => end(error.message));
	child.once("close", (code, signal) => end(`the process that builds ended with ${signal ?? code}`));
	return ended.promise;
};

/**
 * Starts to build what is missing, one build after the other (each uses all cores) and at low priority. A second process that
 * needs one of the programs meanwhile waits for it (`lock.ts`). The builds end with this process, however it ends.
 */
export const startBuilds = async (options: BuildsOptions = {}): Promise<Builds> => {
	const { stages, log = join(cacheFolder(), "builds.log"), list = BUILDS } = options;
	const { program = join(import.meta.dirname, "buildall.ts") } = options;
	const { say = (line: string) => process.stderr.write(`${line}\n`) } = options;
	const wanted = neededBy(stages, list);
	for (const rejected of await Promise.all(wanted.map((build) => build.rejected?.())))
		for (const line of rejected ?? []) say(line);
	const jobs = await jobsFor(wanted);
	const names = jobs.map(({ build }) => build.name);
	const child = jobs.length === 0 ? undefined : launch(program, names, log);
	const ended = child === undefined ? Promise.resolve() : follow(child, jobs, log);
	const jobsOf = (stage: Stage | undefined) =>
		jobs.filter(({ build }) => stage === undefined || build.stages.includes(stage));
	const whenMade = async (stage?: Stage): Promise<void> => {
		await Promise.all(jobsOf(stage).map(({ done }) => done));
	};
	const done = whenMade();
	done.catch(() => undefined);
	return {
		done,
		ready: whenMade,
		remaining(stage) {
			const parts = jobsOf(stage).map(({ part }) => part);
			return remainingText(parts, Date.now());
		},
		async stop() {
			if (child !== undefined) interrupt(child);
			await ended;
		},
	};
};
