// Argo CD and Flux as a test's partner: the Go program beside this file, built once into a cache outside the tree, then asked
// line by line.
import { execFile, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { access, mkdir, readFile, rename } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";

const SOURCES = ["go.mod", "go.sum", "main.go"];

/** What the tools show of an object. */
export interface Shown {
	/** Argo CD's word: Healthy, Progressing, Degraded, Suspended. */
	health?: string;
	message?: string;
	/** Flux's word: Current, InProgress, Failed, Terminating. */
	kstatus?: string;
	kstatusMessage?: string;
	/** Why one of the two could not say. */
	error?: string;
}

export interface Judge {
	/** What the tools make of an object as the API server gives it. `lua` is the text of the health check. */
	ask(object: object, lua: string): Promise<Shown>;
	end(): void;
}

const build = async (): Promise<string> => {
	const hash = createHash("sha256");
	for (const file of SOURCES) hash.update(await readFile(join(import.meta.dirname, file)));
	const cache = process.env["XDG_CACHE_HOME"] || join(homedir(), ".cache");
	const folder = join(cache, "backup-maker-controller", "judge-gitops");
	const path = join(folder, hash.digest("hex").slice(0, 16));
	const isThere = await access(path).then(
		() => true,
		() => false,
	);
	if (isThere) return path;
	await mkdir(folder, { recursive: true });
	// Several test files may build at once: each under a name of its own, moved into place when it is whole.
	const unfinished = `${path}.${process.pid}`;
	await promisify(execFile)("go", ["build", "-trimpath", "-buildvcs=false", "-o", unfinished, "."], {
		cwd: import.meta.dirname,
		env: { ...process.env, CGO_ENABLED: "0" },
	});
	await rename(unfinished, path);
	return path;
};

/** Starts the judge; needs Go the first time. */
export const startJudge = async (): Promise<Judge> => {
	const child = spawn(await build(), { stdio: ["pipe", "pipe", "inherit"], env: {} });
	const waiting: ((shown: Shown) => void)[] = [];
	createInterface({ input: child.stdout }).on("line", (line) => waiting.shift()?.(JSON.parse(line) as Shown));
	// A judge that died would be waited for until the test's time is over.
	child.on("exit", () => {
		for (const answer of waiting) answer({ error: "the judge ended" });
	});
	return {
		ask: (object, lua) =>
			new Promise((resolve) => {
				waiting.push(resolve);
				child.stdin.write(`${JSON.stringify({ object, lua })}\n`);
			}),
		end: () => child.stdin.end(),
	};
};
