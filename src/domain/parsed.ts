// Access questions, gathering and evaluation each need the parsed vars of the same object within milliseconds. The last
// few texts are kept parsed; the result depends on the text alone.
import type { ValueMap } from "../template/value.ts";
import type { Report } from "./report.ts";
import { parseVars } from "./vars/parse.ts";

export interface ParsedVars {
	tree: ValueMap;
	report: Report;
}

const LIMIT = 32;
const recent = new Map<string, ParsedVars>();

/** `parseVars`, remembered for the last 32 texts; the result is shared and must not be changed. */
export const parsedVars = (text: string): ParsedVars => {
	const known = recent.get(text);
	if (known !== undefined) return known;
	const parsed = parseVars(text);
	recent.set(text, parsed);
	for (const oldest of recent.keys()) {
		if (recent.size <= LIMIT) break;
		recent.delete(oldest);
	}
	return parsed;
};
