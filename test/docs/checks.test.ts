// docs/checks.md and the tables of README promise words: they must be the words that users read.
import { readFileSync } from "node:fs";
import t from "tap";
import { cases } from "./cases.ts";
import { saidOfCases } from "./said.ts";

/** Rows of tables as cells, header and ruler left out; `from` and `to` are headings. */
const rowsBetween = (file: string, from: string, to: string): string[][] => {
	const text = readFileSync(file, "utf8");
	const part = text.slice(text.indexOf(from), text.indexOf(to));
	const rows = part.split("\n").filter((line) => line.startsWith("| "));
	return rows
		.filter((line, index) => !line.startsWith("| ---") && !rows[index + 1]?.startsWith("| ---"))
		.map((line) =>
			line
				.slice(2, -2)
				.split(" | ")
				.map((cell) => cell.trim()),
		);
};

const messageOf = (cell: string | undefined): string => /^`(.*)`$/.exec(cell ?? "")?.[1] ?? "";

t.test("every message in docs/checks.md is said of a case, and every case is in docs/checks.md", async (t) => {
	const said = await saidOfCases();
	const messages = rowsBetween("docs/checks.md", "## Rejected", "## Only in a cluster").map((row) => messageOf(row[1]));
	t.ok(messages.length > 50, "the tables are found");
	const everything = [...said.values()].flat();
	for (const message of messages) {
		t.ok(message !== "" && everything.some((sentence) => sentence.includes(message)), message);
	}
	for (const name of Object.keys(cases)) {
		const sentences = said.get(name) ?? [];
		t.ok(
			sentences.some((sentence) => messages.some((message) => sentence.includes(message))),
			`the case "${name}" is documented`,
		);
	}
});

t.test("every message in the tables of README is one of docs/checks.md", async (t) => {
	const documented = readFileSync("docs/checks.md", "utf8");
	const rows = rowsBetween("README.md", "## What is checked", "## Where scripts");
	t.ok(rows.length > 15, "the tables are found");
	for (const [, cell] of rows) {
		const message = messageOf(cell).replace(/ ?…$/, "");
		t.ok(message !== "" && documented.includes(message), message);
	}
});
