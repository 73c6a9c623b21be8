// What can follow on a command line, read from the one table of commands and flags; bash.ts, zsh.ts and fish.ts write it down.
import type { Command, Flag } from "../../config/flags.ts";

/** What a flag takes: nothing, one of a few words, a path, or a text that no shell can know. */
export type Value =
	| { kind: "none" }
	| { kind: "words"; words: readonly string[] }
	| { kind: "file" }
	| { kind: "folder" }
	| { kind: "text" };

/** `deny|warn` in the help of a flag. */
const WORDS = /^[a-z]+(\|[a-z]+)+$/;

/** What the flag takes, as its entry in the table describes it. */
export const flagValue = ({ value, default: initial }: Flag): Value => {
	// A switch that is on needs its value to be turned off.
	if (value === undefined) return initial === "true" ? { kind: "words", words: ["false", "true"] } : { kind: "none" };
	if (WORDS.test(value)) return { kind: "words", words: value.split("|") };
	if (value === "FILE") return { kind: "file" };
	return value === "FOLDER" ? { kind: "folder" } : { kind: "text" };
};

/** `--output` and `-o`. */
export const spellings = ({ name, short }: Flag): string[] => [
	`--${name}`,
	...(short === undefined ? [] : [`-${short}`]),
];

/** What the arguments of the command are. */
export const argumentsOf = ({ files, words }: Command): Value => {
	if (words !== undefined) return { kind: "words", words };
	return files ? { kind: "file" } : { kind: "none" };
};
