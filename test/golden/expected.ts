// Comparison with a file that a person reviews. Only a person writes it: where it is missing, or was just written, the test
// fails, since a run that writes what it compares with would be green whatever the program does.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import type { Test } from "tap";

/** A file of expected text, and how its test is run. */
export interface Expected {
	file: string;
	/** The test's own file, for the command that writes anew. */
	writtenBy: string;
	/** Whether the file is to be written; by default where `UPDATE_GOLDEN=1` says so. */
	update?: boolean;
}

/** Fails where the text is not that of the file; with `UPDATE_GOLDEN=1` writes the file, and fails too. */
export const compareWithFile = (t: Pick<Test, "equal" | "fail">, text: string, expected: Expected): void => {
	const { file, writtenBy, update = process.env["UPDATE_GOLDEN"] === "1" } = expected;
	const command = `UPDATE_GOLDEN=1 node ${writtenBy}`;
	if (update) {
		writeFileSync(file, text);
		t.fail(`${file} was written: review it, and run the test without UPDATE_GOLDEN`);
	} else if (!existsSync(file)) t.fail(`${file} is missing: \`${command}\` writes it`);
	else t.equal(text, readFileSync(file, "utf8"), `${file}: \`${command}\` writes it anew`);
};
