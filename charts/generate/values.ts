// The table of values in the chart's README, from values.yaml: a comment that starts with `--` is the description of the
// key below it, so that neither can be changed without the other.
import { load } from "js-yaml";

export interface ValueRow {
	/** `image.tag` */
	path: string;
	description: string;
	/** As one line of JSON. */
	default: string;
}

interface Reading {
	/** Keys from the root to where we are, with the columns that they start in. */
	stack: { key: string; indent: number }[];
	comment: string | undefined;
	rows: ValueRow[];
	undocumented: string[];
}

const KEY = /^(?<indent> *)(?<key>[A-Za-z][A-Za-z0-9]*):(?<rest>.*)$/;

const at = (values: unknown, path: readonly string[]): unknown =>
	path.reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], values);

const isSection = (value: unknown): boolean =>
	typeof value === "object" && value !== null && !Array.isArray(value) && Object.keys(value).length > 0;

const readKey = (reading: Reading, values: unknown, indent: number, key: string): void => {
	while ((reading.stack.at(-1)?.indent ?? -1) >= indent) reading.stack.pop();
	// What is below a documented key belongs to its default.
	const parent = [...reading.stack.map((level) => level.key)];
	const covered = reading.rows.some(({ path }) => path === parent.join(".") || parent.join(".").startsWith(`${path}.`));
	reading.stack.push({ key, indent });
	const path = [...parent, key];
	const value = at(values, path);
	if (covered || value === undefined) return;
	if (reading.comment !== undefined)
		reading.rows.push({ path: path.join("."), description: reading.comment, default: JSON.stringify(value) });
	else if (!isSection(value)) reading.undocumented.push(path.join("."));
};

/**
 * The rows in the file's order.
 * @throws Error where a value has no description.
 */
export const valueRows = (text: string): ValueRow[] => {
	const values = load(text);
	const reading: Reading = { stack: [], comment: undefined, rows: [], undocumented: [] };
	for (const line of text.split("\n")) {
		const comment = /^ *# -- (.*)$/.exec(line)?.[1];
		const { indent, key } = KEY.exec(line)?.groups ?? {};
		if (comment !== undefined) reading.comment = comment;
		else if (key !== undefined) {
			readKey(reading, values, indent?.length ?? 0, key);
			reading.comment = undefined;
		}
	}
	if (reading.undocumented.length > 0)
		throw new Error(`values.yaml: no description of ${reading.undocumented.join(", ")}`);
	return reading.rows;
};

const cell = (text: string): string => text.replaceAll("|", "\\|");

/** The table in Markdown. */
export const valuesTable = (rows: readonly ValueRow[]): string =>
	[
		"| value | default | |",
		"| --- | --- | --- |",
		...rows.map((row) => `| \`${row.path}\` | \`${cell(row.default)}\` | ${cell(row.description)} |`),
	].join("\n");

const BEGIN = "<!-- Generated from values.yaml by `npm run generate`. -->\n\n";
const END = "\n\n<!-- End of what is generated. -->";

/**
 * The README with the table between its two marks.
 * @throws Error where the marks are not there.
 */
export const withTable = (readme: string, table: string): string => {
	const begin = readme.indexOf(BEGIN);
	const end = readme.indexOf(END);
	if (begin < 0 || end < begin) throw new Error("README.md: the marks of the table of values are not there");
	return `${readme.slice(0, begin)}${BEGIN}${table}${readme.slice(end)}`;
};
