// Pure code is covered whole: every line and branch. One check per folder, from the lcov report of the unit tests.
import { readFileSync } from "node:fs";
import { relative } from "node:path";
import { emptyTally, type Tally } from "./tally.ts";

const WHOLE = ["src/api/", "src/domain/", "src/template/", "webhooks/review"];
/** Code that writes code: `npm run generate:check` is its test. */
const EXEMPT = ["src/api/generate/"];

interface FileCoverage {
	path: string;
	missing: string[];
}

const readRecord = (record: string): FileCoverage | undefined => {
	const path = /^SF:(.*)$/m.exec(record)?.[1];
	if (path === undefined) return undefined;
	const lines = [...record.matchAll(/^DA:(\d+),0/gm)].map((match) => `line ${match[1]}`);
	const branches = [...record.matchAll(/^BRDA:(\d+),\d+,\d+,(?:0|-)$/gm)].map((match) => `branch at ${match[1]}`);
	return { path: relative(process.cwd(), path), missing: [...lines, ...branches] };
};

/** One passed or failed check for each folder that must be covered whole. */
export const coverageProblems = (report: string): Tally => {
	const files = readFileSync(report, "utf8")
		.split("end_of_record")
		.flatMap((record) => readRecord(record) ?? [])
		.filter(({ path }) => !EXEMPT.some((prefix) => path.startsWith(prefix)));
	const tally = emptyTally();
	for (const prefix of WHOLE) {
		const covered = files.filter(({ path }) => path.startsWith(prefix));
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
