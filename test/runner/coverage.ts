// Pure code is covered whole: every line and branch. One check per folder, from the lcov report of the unit tests. The report
// knows only files that a test loaded, so it is held against the files that there are.
import { globSync, readFileSync } from "node:fs";
import { stripTypeScriptTypes } from "node:module";
import { join, relative, resolve } from "node:path";
import { WHOLE } from "./layers.ts";
import { emptyTally, type Tally } from "./tally.ts";

/** Code that writes code: `npm run generate:check` is its test. */
const EXEMPT = ["src/api/generate/"];

interface FileCoverage {
	path: string;
	missing: string[];
}

const isExempt = (path: string): boolean => EXEMPT.some((prefix) => path.startsWith(prefix));

const readRecord = (record: string, root: string): FileCoverage | undefined => {
	const path = /^SF:(.*)$/m.exec(record)?.[1];
	if (path === undefined) return undefined;
	const lines = [...record.matchAll(/^DA:(\d+),0/gm)].map((match) => `line ${match[1]}`);
	const branches = [...record.matchAll(/^BRDA:(\d+),\d+,\d+,(?:0|-)$/gm)].map((match) => `branch at ${match[1]}`);
	return { path: relative(root, resolve(root, path)), missing: [...lines, ...branches] };
};

/** Whether anything is left of a file that could be run: types and comments cannot. */
const holdsCode = (text: string): boolean =>
	stripTypeScriptTypes(text)
		.replaceAll(/\/\*[\s\S]*?\*\//g, "")
		.replaceAll(/\/\/.*/g, "")
		.replaceAll(/[\s;]/g, "") !== "";

/** Files of a prefix that hold code, and that no test has loaded. */
const unloaded = (prefix: string, root: string, loaded: readonly FileCoverage[]): FileCoverage[] =>
	globSync(`${prefix.split("/")[0]}/**/*.ts`, { cwd: root })
		.filter((path) => path.startsWith(prefix) && !isExempt(path) && !loaded.some((file) => file.path === path))
		.filter((path) => holdsCode(readFileSync(join(root, path), "utf8")))
		.sort()
		.map((path) => ({ path, missing: ["no test loads it"] }));

/**
 * One passed or failed check for each folder that must be covered whole.
 * @param report the lcov report
 * @param root the folder that the report's paths, and ours, start from
 */
export const coverageProblems = (report: string, root = process.cwd()): Tally => {
	const files = readFileSync(report, "utf8")
		.split("end_of_record")
		.flatMap((record) => readRecord(record, root) ?? [])
		.filter(({ path }) => !isExempt(path));
	const tally = emptyTally();
	for (const prefix of WHOLE) {
		const loaded = files.filter(({ path }) => path.startsWith(prefix));
		const covered = [...loaded, ...unloaded(prefix, root, loaded)];
		const incomplete = covered.filter(({ missing }) => missing.length > 0);
		for (const { path, missing } of incomplete) process.stdout.write(`not covered: ${path}: ${missing.join(", ")}\n`);
		if (covered.length > 0 && incomplete.length === 0) tally.passed += 1;
		else {
			tally.failed += 1;
			tally.failures.push(`coverage of ${prefix} (${covered.length} files, ${incomplete.length} incomplete)`);
		}
	}
	return tally;
};
