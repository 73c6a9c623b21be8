// The completion scripts in real shells: what they offer is what the table of commands and flags has. `make test`
// installs those that the machine lacks.
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import t from "tap";
import { completionScript } from "../../src/cli/completion.ts";
import { COMMANDS, PROGRAM_FLAGS, SHELLS, type Shell } from "../../src/config/flags.ts";

const names = COMMANDS.map(({ name }) => name as string);
/** What `help` takes. */
const subjects = names.filter((name) => name !== "help");
const flagsOf = (command: string): string[] =>
	COMMANDS.find(({ name }) => name === command)?.flags.map(({ name }) => `--${name}`) ?? [];

const folder = t.testdir({
	...Object.fromEntries(SHELLS.map((shell) => [`bmc.${shell}`, completionScript(shell)])),
	files: { "app1.yaml": "", folder: {} },
});
const scriptOf = (shell: Shell): string => join(folder, `bmc.${shell}`);

/** What bash would offer for the last word; `compopt X` stands for what readline adds by itself. */
const askBash = (words: readonly string[]): string[] => {
	const program = [
		'source "$1"; shift',
		// The builtin works only while readline asks.
		'compopt() { echo "compopt $*"; }',
		'COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))',
		"$(complete -p bmc | sed 's/.*-F \\([^ ]*\\) .*/\\1/')",
		'printf "%s\\n" "${COMPREPLY[@]}"',
	].join("\n");
	const output = execFileSync("bash", ["--norc", "-euc", program, "bash", scriptOf("bash"), "bmc", ...words]);
	return output
		.toString()
		.split("\n")
		.filter((line) => line !== "");
};

t.test("bash", (t) => {
	const rows: Record<string, [words: string[], offered: string[]]> = {
		"the first word": [[""], [...names, ...PROGRAM_FLAGS.map(({ name }) => `--${name}`)]],
		"a command begun": [["re"], ["render"]],
		"the program's flags": [["--v"], ["--version"]],
		"a flag begun, with a value": [
			["lint", "--out"],
			["compopt -o nospace", "--output="],
		],
		"a flag begun, without a value": [["lint", "a.yaml", "--allow"], ["--allow-privileged-pods"]],
		"words after an equals sign": [
			["lint", "--output", "="],
			["text", "json", "yaml"],
		],
		"a word begun after an equals sign": [["lint", "--output", "=", "j"], ["json"]],
		"words after a blank": [
			["lint", "--missing-references", ""],
			["deny", "warn"],
		],
		"words after a short flag": [["render", "-o", "y"], ["yaml"]],
		"a switch that is on": [["run", "--require-restore-right", "=", "f"], ["false"]],
		"a file": [["run", "--job-defaults", "=", "x"], ["compopt -o default"]],
		"a folder": [["run", "--templates-dir", ""], ["compopt -o dirnames"]],
		"a text that nobody knows": [["run", "--namespace", "=", "x"], []],
		"files of a command": [["lint", ""], ["compopt -o default"]],
		"files after a switch": [["lint", "--allow-privileged-pods", ""], ["compopt -o default"]],
		"no files": [["crds", ""], []],
		shells: [["completion", ""], [...SHELLS]],
		"commands that help explains": [["help", ""], subjects],
		"a command begun, behind help": [["help", "re"], ["render"]],
		"an unknown command": [["unknown", "--"], []],
	};
	for (const [name, [words, offered]] of Object.entries(rows)) t.same(askBash(words), offered, name);
	for (const command of names) {
		const offered = askBash([command, "--"]).map((word) => word.replace("=", ""));
		t.same(offered.filter((word) => !word.startsWith("compopt")).sort(), flagsOf(command).sort(), command);
	}
	t.end();
});

/** What fish would offer, without descriptions. */
const askFish = (line: string): string[] =>
	execFileSync("fish", ["--no-config", "-c", 'source $argv[1]; complete -C "$argv[2]"', scriptOf("fish"), line], {
		cwd: join(folder, "files"),
		env: { ...process.env, HOME: folder },
	})
		.toString()
		.split("\n")
		.map((offer) => offer.split("\t")[0] ?? "")
		.filter((offer) => offer !== "");

t.test("fish", (t) => {
	t.same(askFish("bmc ").sort(), [...names].sort());
	for (const command of names) {
		const offered = askFish(`bmc ${command} --`).map((word) => word.replace(/=$/, ""));
		t.same([...new Set(offered)].sort(), flagsOf(command).sort(), command);
	}
	t.same(askFish("bmc lint --output=").sort(), ["--output=json", "--output=text", "--output=yaml"]);
	t.same(askFish("bmc lint a").sort(), ["app1.yaml"]);
	t.same(askFish("bmc run --templates-dir f"), ["folder/"]);
	t.same(askFish("bmc completion ").sort(), [...SHELLS].sort());
	t.same(askFish("bmc help ").sort(), [...subjects].sort());
	t.same(askFish("bmc help lint --").sort(), ["--help"], "not the flags of lint");
	t.same(askFish("bmc crds "), []);
	t.end();
});

/** Waits until zsh has shown these, in this order, after a tab, on a pseudo terminal of its own. Throws after 20 s. */
const seenInZsh = (line: string, wanted: readonly string[]): void => {
	const program = [
		"zmodload zsh/zpty",
		'zpty z "HOME=$2 TERM=xterm zsh -f -i"',
		'zpty -w z "PS1=; cd $2/files; autoload -Uz compinit; compinit -D -u; source $1"',
		"zpty -w z \"zstyle ':completion:*' insert-tab false; LISTMAX=0; print REA''DY\"",
		'zpty -r z output "*READY*"',
		"zpty -w -n z \"$3\"$'\\t'",
		'zpty -r z output "$4"',
	].join("\n");
	const args = ["-f", "-c", program, "zsh", scriptOf("zsh"), folder, line, `*${wanted.join("*")}*`];
	execFileSync("zsh", args, { timeout: 20_000, killSignal: "SIGKILL" });
};

t.test("zsh", (t) => {
	const rows: Record<string, [line: string, seen: string[]]> = {
		"the first word": ["bmc ", ["--version", ...names.toSorted()]],
		"a flag begun": ["bmc lint --outp", ["--output"]],
		"words of a flag": ["bmc lint --output=", ["json", "text", "yaml"]],
		"flags with their help": ["bmc lint --", ["--allow-privileged-pods", "--job-defaults", "how to print"]],
		files: ["bmc lint a", ["app1.yaml"]],
		shells: ["bmc completion ", SHELLS.toSorted()],
		"commands that help explains": ["bmc help ", subjects.toSorted()],
	};
	for (const [name, [line, seen]] of Object.entries(rows)) t.doesNotThrow(() => seenInZsh(line, seen), name);
	t.end();
});
