// Help texts, made from the flag table so that they cannot lag behind it.
import { COMMANDS, type Command, type Flag } from "./flags.ts";

const PROGRAM = "backup-maker-controller";

const left = (flag: Flag): string =>
	`  ${flag.short === undefined ? "" : `-${flag.short}, `}--${flag.name}${flag.value === undefined ? "" : `=${flag.value}`}`;

const line = (flag: Flag): string =>
	`${left(flag)}\n        ${flag.help}${flag.default === undefined ? "" : ` (default ${flag.default})`}`;

/** Help of one command. */
export const commandHelp = (command: Command): string =>
	[`Usage: ${PROGRAM} ${command.usage}`, "", command.summary, "", "Flags:", ...command.flags.map(line), ""].join("\n");

/** Help of the program. */
export const programHelp = (): string =>
	[
		`Usage: ${PROGRAM} COMMAND [flags]`,
		"",
		"Commands:",
		...COMMANDS.map(({ name, summary }) => `  ${name.padEnd(8)}${summary}`),
		"",
		`${PROGRAM} COMMAND --help tells the flags of a command.`,
		"",
	].join("\n");
