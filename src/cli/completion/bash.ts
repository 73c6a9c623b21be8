// The script for bash. Bash splits `--flag=value` at the equals sign (COMP_WORDBREAKS), so a value is the second or third
// word after its flag. https://www.gnu.org/software/bash/manual/html_node/Programmable-Completion.html
import { type Command, type Flag, PROGRAM } from "../../config/flags.ts";
import { argumentsOf, flagValue, spellings, type Value } from "./candidates.ts";

/** Completes the word that is being written. An option of compopt does what a list of words cannot. */
const reply = (value: Value): string => {
	switch (value.kind) {
		case "words":
			return `COMPREPLY=($(compgen -W "${value.words.join(" ")}" -- "$current"))`;
		case "file":
			return "compopt -o default";
		case "folder":
			return "compopt -o dirnames";
		default:
			return ":";
	}
};

/** With `=` where the value is optional or best written so, and where no blank may follow. */
const word = (flag: Flag): string => `--${flag.name}${flagValue(flag).kind === "none" ? "" : "="}`;

const valueCase = (command: Command, flag: Flag): string[] => {
	const value = flagValue(flag);
	// The value of a switch follows an equals sign only.
	if (value.kind === "none" || flag.value === undefined) return [];
	const patterns = spellings(flag).map((spelling) => `"${command.name} ${spelling}"`);
	return [`\t${patterns.join(" | ")}) ${reply(value)}; return ;;`];
};

const switchCase = (command: Command, flag: Flag): string[] => {
	const value = flagValue(flag);
	if (value.kind !== "words" || flag.value !== undefined) return [];
	return [`\t"${command.name} --${flag.name} =") ${reply(value)}; return ;;`];
};

const commandCase = (command: Command): string[] => [
	`\t${command.name})`,
	"\t\tif [[ $current == -* ]]; then",
	`\t\t\tCOMPREPLY=($(compgen -W "${[...command.flags.map(word), ...command.flags.flatMap(({ short }) => (short ? [`-${short}`] : []))].join(" ")}" -- "$current"))`,
	"\t\t\t[[ ${COMPREPLY[0]-} != *= ]] || compopt -o nospace",
	`\t\telse ${reply(argumentsOf(command))}; fi ;;`,
];

/** The script. @param programFlags complete the first word, like commands */
export const bashScript = (commands: readonly Command[], programFlags: readonly Flag[]): string => {
	const first = [...commands.map(({ name }) => name), ...programFlags.map(({ name }) => `--${name}`)];
	return `${[
		`# Completion of ${PROGRAM} for bash: source <(${PROGRAM} completion bash)`,
		`_${PROGRAM}() {`,
		"\tlocal current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]} command=${COMP_WORDS[1]} equals=",
		"\tCOMPREPLY=()",
		"\tif ((COMP_CWORD == 1)); then",
		`\t\t${reply({ kind: "words", words: first })}`,
		"\t\treturn",
		"\tfi",
		'\tif [[ $current == "=" ]]; then current= equals=" ="',
		'\telif [[ $previous == "=" ]]; then previous=${COMP_WORDS[COMP_CWORD - 2]} equals=" ="; fi',
		'\tcase "$command $previous$equals" in',
		...commands.flatMap((command) => command.flags.flatMap((flag) => switchCase(command, flag))),
		"\tesac",
		'\tcase "$command $previous" in',
		...commands.flatMap((command) => command.flags.flatMap((flag) => valueCase(command, flag))),
		"\tesac",
		"\tcase $command in",
		...commands.flatMap(commandCase),
		"\tesac",
		"}",
		`complete -F _${PROGRAM} ${PROGRAM}`,
	].join("\n")}\n`;
};
