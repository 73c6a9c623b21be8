// Access questions, gathering and evaluation each need the parsed vars of the same object within milliseconds.
import { forgetful, type Memory } from "./memory.ts";
import { type ParsedVars, parseVars } from "./vars/parse.ts";

export type { ParsedVars };

/** `parseVars`; where there is a memory the result is shared and must not be changed. */
export const parsedVars = (text: string, memory: Memory = forgetful): ParsedVars =>
	memory("vars", text, () => parseVars(text));
