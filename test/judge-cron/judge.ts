// Builds and asks the Go program beside this file. The binary lies outside the tree, under a name made of its sources.
import { execFile, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { access, mkdir, readFile, rename } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

const SOURCES = ["go.mod", "go.sum", "main.go"];

export interface Question {
	schedule: string;
	timeZone: string;
	/** RFC 3339. */
	after: string;
	/** How many runs to list. */
	count: number;
}

export interface Answer {
	accepted: boolean;
	knownZone: boolean;
	/** RFC 3339, UTC; fewer than asked for where the schedule never fires again. */
	runs: string[];
}

const build = async (): Promise<string> => {
	const hash = createHash("sha256");
	for (const file of SOURCES) hash.update(await readFile(join(import.meta.dirname, file)));
	const cache = process.env["XDG_CACHE_HOME"] || join(homedir(), ".cache");
	const folder = join(cache, "backup-maker-controller", "judge-cron");
	const path = join(folder, hash.digest("hex").slice(0, 16));
	const isThere = await access(path).then(
		() => true,
		() => false,
	);
	if (isThere) return path;
	await mkdir(folder, { recursive: true });
	const unfinished = `${path}.${process.pid}`;
	await promisify(execFile)("go", ["build", "-trimpath", "-buildvcs=false", "-o", unfinished, "."], {
		cwd: import.meta.dirname,
		env: { ...process.env, CGO_ENABLED: "0" },
	});
	await rename(unfinished, path);
	return path;
};

/** A running judge: ask as often as needed, then end it. */
export interface Judge {
	ask(questions: readonly Question[]): Promise<Answer[]>;
	end(): void;
}

/** Starts the judge; needs Go the first time. */
export const startJudge = async (): Promise<Judge> => {
	const child = spawn(await build(), { stdio: ["pipe", "pipe", "inherit"], env: {} });
	let rest = "";
	const waiting: ((line: string) => void)[] = [];
	child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
		const lines = (rest + chunk).split("\n");
		rest = lines.pop() ?? "";
		for (const line of lines) waiting.shift()?.(line);
	});
	return {
		ask(questions) {
			const answers = questions.map(
				() => new Promise<Answer>((resolve) => waiting.push((line) => resolve(JSON.parse(line) as Answer))),
			);
			child.stdin.write(questions.map((question) => `${JSON.stringify(question)}\n`).join(""));
			return Promise.all(answers);
		},
		end: () => child.stdin.end(),
	};
};
