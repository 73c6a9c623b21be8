// argv as flags and files, against one command's table. node:util's parser makes the tokens; the rules on top are
// ours: `--flag=false` for switches (as Go programs take it), and the nearest known flag for an unknown one.
import { parseArgs } from "node:util";
import { nearestName } from "../api/nearest.ts";
import type { Command, Flag } from "./flags.ts";

export interface Arguments {
	/** By flag name; the last one given counts. */
	values: ReadonlyMap<string, string>;
	switches: ReadonlyMap<string, boolean>;
	files: readonly string[];
}

/** What the user typed wrongly; becomes exit code 2. */
export class UsageMistake extends Error {}

type Token = Extract<NonNullable<ReturnType<typeof tokenize>>[number], { kind: "option" }>;

const tokenize = (command: Command, argv: readonly string[]) => {
	const options = Object.fromEntries(
		command.flags.map(({ name, value, short }) => [
			name,
			{ type: value === undefined ? "boolean" : "string", ...(short === undefined ? {} : { short }) } as const,
		]),
	);
	return parseArgs({ args: [...argv], options, strict: false, allowPositionals: true, tokens: true }).tokens;
};

const unknownFlag = (command: Command, token: Token): UsageMistake => {
	const meant = nearestName(
		token.name,
		command.flags.map((flag) => flag.name),
	);
	const hint = meant === undefined ? "" : `; did you mean --${meant}?`;
	return new UsageMistake(`unknown flag ${token.rawName}${hint}`);
};

const SWITCH_VALUES: Record<string, boolean> = { true: true, false: false };

const switchValue = (flag: Flag, token: Token): boolean => {
	if (token.value === undefined) return true;
	const value = Object.hasOwn(SWITCH_VALUES, token.value) ? SWITCH_VALUES[token.value] : undefined;
	if (value === undefined)
		throw new UsageMistake(`--${flag.name} is true or false, not ${JSON.stringify(token.value)}`);
	return value;
};

/**
 * Reads the arguments behind the command's name.
 * @throws UsageMistake
 */
export const parseArguments = (command: Command, argv: readonly string[]): Arguments => {
	const values = new Map<string, string>();
	const switches = new Map<string, boolean>();
	const files: string[] = [];
	for (const token of tokenize(command, argv)) {
		if (token.kind === "positional") files.push(token.value);
		if (token.kind !== "option") continue;
		const flag = command.flags.find(({ name }) => name === token.name);
		if (flag === undefined) throw unknownFlag(command, token);
		if (flag.value === undefined) switches.set(flag.name, switchValue(flag, token));
		else if (token.value === undefined) throw new UsageMistake(`--${flag.name} needs a value (${flag.value})`);
		else values.set(flag.name, token.value);
	}
	return { values, switches, files };
};
