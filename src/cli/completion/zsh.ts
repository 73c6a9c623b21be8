// The script for zsh, over its function _arguments. https://zsh.sourceforge.io/Doc/Release/Completion-System.html
import { type Command, type Flag, PROGRAM } from "../../config/flags.ts";
import { argumentsOf, flagValue, type Value } from "./candidates.ts";

/** In single quotes. */
const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

/** Of what _arguments and _describe take apart. */
const escaped = (text: string): string => text.replaceAll(/[\\[\]:]/g, "\\$&");

const action = (value: Value): string => {
	switch (value.kind) {
		case "words":
			return `(${value.words.join(" ")})`;
		case "file":
			return "_files";
		case "folder":
			return "_files -/";
		default:
			return " ";
	}
};

const specification = (flag: Flag): string => {
	const { name, short, help, value: shown } = flag;
	const value = flagValue(flag);
	const message = value.kind === "none" ? "" : `:${escaped(shown ?? "true or false")}:${action(value)}`;
	const description = quoted(`[${escaped(help)}]${message}`);
	if (short === undefined) return `'--${name}${value.kind === "none" ? "" : "="}'${description}`;
	const [shortForm, longForm] = value.kind === "none" ? ["", ""] : ["+", "="];
	return `'(-${short} --${name})'{-${short}${shortForm},--${name}${longForm}}${description}`;
};

const operands = (command: Command): string[] => {
	const value = argumentsOf(command);
	if (value.kind === "none") return [];
	return [quoted(value.kind === "words" ? `1:argument:${action(value)}` : `*:file:${action(value)}`)];
};

const commandCase = (command: Command): string[] => [
	`\t${command.name})`,
	`\t\t_arguments -s ${[...command.flags.map(specification), ...operands(command)].join(" \\\n\t\t\t")} ;;`,
];

/** The script, to be sourced or put into a folder of \`fpath\`. @param programFlags complete the first word */
export const zshScript = (commands: readonly Command[], programFlags: readonly Flag[]): string => {
	const entry = ({ name, summary }: { name: string; summary: string }): string =>
		`\t\t\t${quoted(`${escaped(name)}:${escaped(summary)}`)}`;
	const flags = programFlags.map(({ name, help }) => ({ name: `--${name}`, summary: help }));
	return `${[
		`#compdef ${PROGRAM}`,
		`# Completion of ${PROGRAM} for zsh: source <(${PROGRAM} completion zsh)`,
		`_${PROGRAM}() {`,
		"\tif ((CURRENT == 2)); then",
		"\t\tlocal -a commands=(",
		...[...commands, ...flags].map(entry),
		"\t\t)",
		"\t\t_describe command commands",
		"\t\treturn",
		"\tfi",
		"\tlocal command=$words[2]",
		"\tshift words",
		"\t((CURRENT--))",
		"\tcase $command in",
		...commands.flatMap(commandCase),
		"\tesac",
		"}",
		`if [[ $funcstack[1] == _${PROGRAM} ]]; then _${PROGRAM} "$@"; else compdef _${PROGRAM} ${PROGRAM}; fi`,
	].join("\n")}\n`;
};
