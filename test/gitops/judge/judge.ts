// Argo CD and Flux as a test's partner: the Go program beside this file, built once into a cache outside the tree, then asked
// line by line.
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { buildJudge } from "../../judge/build.ts";

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

/** Starts the judge; needs Go the first time. */
export const startJudge = async (): Promise<Judge> => {
	const child = spawn(await buildJudge(import.meta.dirname), { stdio: ["pipe", "pipe", "inherit"], env: {} });
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
