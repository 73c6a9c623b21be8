// Help texts, made from the flag table so that they cannot lag behind it.
import { COMMANDS, type Command, type Flag, PROGRAM, PROGRAM_FLAGS } from "./flags.ts";

const left = (flag: Flag): string =>
	`  ${flag.short === undefined ? "" : `-${flag.short}, `}--${flag.name}${flag.value === undefined ? "" : `=${flag.value}`}`;

const line = (flag: Flag): string =>
	`${left(flag)}\n        ${flag.help}${flag.default === undefined ? "" : ` (default ${flag.default})`}`;

/** Where the second column of the program's help begins, after the margin. */
const COLUMN = 14;

/** Help of one command. */
export const commandHelp = (command: Command): string =>
	[`Usage: ${PROGRAM} ${command.usage}`, "", command.summary, "", "Flags:", ...command.flags.map(line), ""].join("\n");

/** Help of the program. */
export const programHelp = (): string =>
	[
		`Usage: ${PROGRAM} COMMAND [flags]`,
		"",
		"Commands:",
		...COMMANDS.map(({ name, summary }) => `  ${name.padEnd(COLUMN)}${summary}`),
		"",
		"Flags without a command:",
		...PROGRAM_FLAGS.map((flag) => `${left(flag).padEnd(COLUMN + 2)}${flag.help}`),
		"",
		`${PROGRAM} COMMAND --help and ${PROGRAM} help COMMAND print the flags of a command.`,
		"",
	].join("\n");
