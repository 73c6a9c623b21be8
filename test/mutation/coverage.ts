// Which parts of which files a test file runs, from V8's own reports.
// https://nodejs.org/api/cli.html#node_v8_coveragedir, https://chromedevtools.github.io/devtools-protocol/tot/Profiler/
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

interface Range {
	readonly startOffset: number;
	readonly endOffset: number;
	readonly count: number;
}

interface Script {
	readonly url: string;
	readonly functions: readonly { readonly ranges: readonly Range[] }[];
}

/** Offsets from and to, in order, apart from each other. */
export type Covered = readonly (readonly [from: number, to: number])[];

/** The parts that were run at least once; of nested ranges the innermost counts. */
export const coveredParts = (functions: Script["functions"]): Covered => {
	const ranges = functions
		.flatMap((one) => one.ranges)
		.toSorted((one, other) => other.endOffset - other.startOffset - (one.endOffset - one.startOffset));
	const run = new Uint8Array(Math.max(0, ...ranges.map(({ endOffset }) => endOffset)));
	for (const { startOffset, endOffset, count } of ranges) run.fill(count > 0 ? 1 : 0, startOffset, endOffset);
	const parts: [number, number][] = [];
	for (let from = run.indexOf(1); from !== -1; ) {
		const end = run.indexOf(0, from);
		const to = end === -1 ? run.length : end;
		parts.push([from, to]);
		from = run.indexOf(1, to);
	}
	return parts;
};

export const isCovered = (parts: Covered, offset: number): boolean =>
	parts.some(([from, to]) => from <= offset && offset < to);

/**
 * What all processes of a test file ran.
 * @param reports the folder that V8 wrote to.
 * @param root the folder whose files count.
 * @param files paths from `root`.
 */
export const readCoverage = (reports: string, root: string, files: ReadonlySet<string>): Record<string, Covered> => {
	const found: Record<string, Covered> = {};
	for (const name of readdirSync(reports).filter((one) => one.endsWith(".json"))) {
		const { result } = JSON.parse(readFileSync(join(reports, name), "utf8")) as { result: Script[] };
		for (const { url, functions } of result) {
			if (!url.startsWith("file:")) continue;
			const path = fileURLToPath(url.replace(/\?.*$/, "")).slice(root.length + 1);
			if (files.has(path)) found[path] = [...(found[path] ?? []), ...coveredParts(functions)];
		}
	}
	return found;
};
