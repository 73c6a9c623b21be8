// The script for fish. https://fishshell.com/docs/current/completions.html
import { type Command, type Flag, PROGRAM } from "../../config/flags.ts";
import { argumentsOf, flagValue, type Value } from "./candidates.ts";

const quoted = (text: string): string => `'${text.replaceAll(/[\\']/g, "\\$&")}'`;

/** Options of `complete` for a flag's value. */
const value = (found: Value): string[] => {
	switch (found.kind) {
		case "none":
			return [];
		case "words":
			return ["-x", "-a", quoted(found.words.join(" "))];
		case "file":
			return ["-r", "-F"];
		case "folder":
			return ["-x", "-a", quoted("(__fish_complete_directories)")];
		case "text":
			return ["-x"];
	}
};

/** Not behind `help`, where the name of a command is an argument. */
const condition = ({ name }: Command): string =>
	`'__fish_seen_subcommand_from ${name}${name === "help" ? "" : "; and not __fish_seen_subcommand_from help"}'`;

const flagLine = (command: Command, flag: Flag): string =>
	[
		`complete -c ${PROGRAM} -n ${condition(command)}`,
		...(flag.short === undefined ? [] : [`-s ${flag.short}`]),
		`-l ${flag.name}`,
		...value(flagValue(flag)),
		`-d ${quoted(flag.help)}`,
	].join(" ");

const operands = (command: Command): string[] => {
	const found = argumentsOf(command);
	if (found.kind === "none") return [];
	const option = found.kind === "words" ? `-a ${quoted(found.words.join(" "))}` : "-F";
	return [`complete -c ${PROGRAM} -n ${condition(command)} ${option}`];
};

/** The script. @param programFlags complete where no command was given */
export const fishScript = (commands: readonly Command[], programFlags: readonly Flag[]): string => {
	const first = `complete -c ${PROGRAM} -n __fish_use_subcommand`;
	return `${[
		`# Completion of ${PROGRAM} for fish: ${PROGRAM} completion fish | source`,
		`complete -c ${PROGRAM} -f`,
		...commands.map(({ name, summary }) => `${first} -a ${name} -d ${quoted(summary)}`),
		...programFlags.map(({ name, help }) => `${first} -l ${name} -d ${quoted(help)}`),
		...commands.flatMap((command) => command.flags.map((flag) => flagLine(command, flag))),
		...commands.flatMap(operands),
	].join("\n")}\n`;
};
