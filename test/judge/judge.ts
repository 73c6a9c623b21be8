// Go's own text/template as a test's partner: built once by the Go toolchain into a cache outside the tree, then asked line by line.
import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import type { Value } from "../../src/template/value.ts";
import { buildJudge } from "./build.ts";

export interface Verdict {
	output?: string;
	error?: string;
}

export interface Judge {
	/** What Go makes of a template over data. */
	ask(name: string, template: string, data: Value): Promise<Verdict>;
	/** The same, but where Go prints what we refuse on purpose, that is an error that says which (strict.go). */
	askStrictly(name: string, template: string, data: Value): Promise<Verdict>;
	stop(): void;
}

/** Builds the judge if it is not in the cache, and starts it. */
export async function startJudge(): Promise<Judge> {
	const child = spawn(await buildJudge(import.meta.dirname), { stdio: ["pipe", "pipe", "inherit"] });
	const waiting: ((verdict: Verdict) => void)[] = [];
	createInterface({ input: child.stdout }).on("line", (line) => waiting.shift()?.(JSON.parse(line) as Verdict));
	// A judge that died would be waited for until the test's time is over.
	child.on("exit", () => {
		for (const answer of waiting) answer({ error: "the judge ended" });
	});
	const ask = (strict: boolean, name: string, template: string, data: Value): Promise<Verdict> =>
		new Promise((resolve) => {
			waiting.push(resolve);
			const texts = `"name":${JSON.stringify(name)},"template":${JSON.stringify(template)}`;
			child.stdin.write(`{"strict":${strict},${texts},"data":${encode(data)}}\n`);
		});
	return {
		ask: (name, template, data) => ask(false, name, template, data),
		askStrictly: (name, template, data) => ask(true, name, template, data),
		stop: () => stop(child),
	};
}

function stop(child: ChildProcess): void {
	child.stdin?.end();
}

/** JSON in which an integral float keeps its point: the judge tells int64 from float64 by it. */
export function encode(value: Value): string {
	if (typeof value === "bigint") return String(value);
	if (typeof value === "number") return Number.isInteger(value) ? value.toFixed(1) : String(value);
	if (Array.isArray(value)) return `[${value.map(encode).join(",")}]`;
	if (value instanceof Map)
		return `{${[...value].map(([key, item]) => `${JSON.stringify(key)}:${encode(item)}`).join(",")}}`;
	return JSON.stringify(value);
}
