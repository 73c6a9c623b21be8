// Access questions, gathering and evaluation each need the parsed vars of the same object within milliseconds.
import type { ValueMap } from "../template/value.ts";
import { forgetful, type Memory } from "./memory.ts";
import type { Report } from "./report.ts";
import { parseVars } from "./vars/parse.ts";

export interface ParsedVars {
	tree: ValueMap;
	report: Report;
}

/** `parseVars`; where there is a memory the result is shared and must not be changed. */
export const parsedVars = (text: string, memory: Memory = forgetful): ParsedVars =>
	memory("vars", text, () => parseVars(text));
