// Findings as wholes: reason, hint and the short form too, which rows of tests leave out. Each table of rows has a file in
// test/domain/findings to be read; UPDATE_GOLDEN=1 writes it anew.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Test } from "tap";
import type { Problem } from "../../src/domain/report.ts";

const linesOf = (name: string, problems: readonly Problem[]): string[] => [
	`# ${name}`,
	...problems.flatMap(({ path, reason, message, hint, short, missingReference }) => [
		`${path}: ${message}`,
		`  ${reason}${missingReference === true ? ", missing" : ""}`,
		...(hint === undefined ? [] : [`  hint: ${hint}`]),
		...(short === undefined ? [] : [`  short: ${short}`]),
	]),
];

/** Compares the findings of all rows, by the rows' names, with the file of this name. */
export const holdFindings = (t: Test, file: string, rows: readonly (readonly [string, readonly Problem[]])[]): void => {
	const path = join(import.meta.dirname, "findings", `${file}.txt`);
	const found = `${rows.flatMap(([name, problems]) => linesOf(name, problems)).join("\n")}\n`;
	if (process.env["UPDATE_GOLDEN"] === "1") writeFileSync(path, found);
	t.equal(found, readFileSync(path, "utf8"));
};
