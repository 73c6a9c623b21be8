// All mutants of all files, each with its place in words and what it is known by.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { layerOf, mutatedFiles } from "./layers.ts";
import { type Mutant, mutantsOf } from "./mutators.ts";

export interface Placed extends Mutant {
	readonly file: string;
	readonly layer: string;
	/** From 1. */
	readonly line: number;
	readonly column: number;
	readonly original: string;
	/** The line with the change: `return a {{< => <=}} b;`. The same wherever the line stands. */
	readonly code: string;
}

const shortened = (text: string): string => text.replaceAll(/\s+/g, " ");

/** A mutant with its place in `text`. */
export const place = (file: string, text: string, mutant: Mutant): Placed => {
	const before = text.slice(0, mutant.start);
	const lineStart = before.lastIndexOf("\n") + 1;
	const original = text.slice(mutant.start, mutant.end);
	const after = text.slice(mutant.end).split("\n", 1)[0] ?? "";
	const change = `{{${shortened(original)} => ${shortened(mutant.replacement)}}}`;
	return {
		...mutant,
		file,
		layer: layerOf(file),
		line: before.split("\n").length,
		column: mutant.start - lineStart + 1,
		original,
		code: `${before.slice(lineStart).trimStart()}${change}${after.trimEnd()}`,
	};
};

/** Every mutant of every file below `root`. */
export const allMutants = (root: string): Placed[] =>
	mutatedFiles(root).flatMap((file) => {
		const text = readFileSync(join(root, file), "utf8");
		return mutantsOf(text).map((mutant) => place(file, text, mutant));
	});
