// The help: every flag with its words, formed alike.
import t from "tap";
import { COMMANDS, type Flag } from "../../src/config/flags.ts";
import { commandHelp, programHelp } from "../../src/config/help.ts";

const block = ({ name, value, short, help, default: preset }: Flag): string => {
	const left = short === undefined ? `  --${name}` : `  -${short}, --${name}`;
	const shown = value === undefined ? left : `${left}=${value}`;
	return `${shown}\n        ${help}${preset === undefined ? "" : ` (default ${preset})`}`;
};

for (const command of COMMANDS)
	t.test(`help of ${command.name}`, async (t) => {
		t.equal(
			commandHelp(command),
			[`Usage: bmc ${command.usage}`, "", command.summary, "", "Flags:", ...command.flags.map(block), ""].join("\n"),
		);
		t.match(command.usage, new RegExp(`^${command.name}`));
		t.match(command.summary, /^[A-Z].{15,}\.$/s);
		t.equal(command.flags.filter(({ name, short }) => name === "help" && short === "h").length, 1);
		for (const { name, value, help } of command.flags) {
			t.match(help, /^\S.{8,}/, `--${name} is explained`);
			t.match(name, /^[a-z]+(-[a-z]+)*$/);
			if (value !== undefined) t.match(value, /^([A-Z][A-Z,:]*|[a-z]+(\|[a-z]+)+)/, `--${name} shows its value`);
		}
	});

t.test("help of the program names every command", async (t) => {
	t.equal(
		programHelp(),
		[
			"Usage: bmc COMMAND [flags]",
			"",
			"Commands:",
			...COMMANDS.map(({ name, summary }) => `  ${`${name}              `.slice(0, 14)}${summary}`),
			"",
			"Flags without a command:",
			"  --version     print the version",
			"  -h, --help    print the commands",
			"",
			"bmc COMMAND --help and bmc help COMMAND print the flags of a command.",
			"",
		].join("\n"),
	);
});

t.test("texts that have no default or value show none", async (t) => {
	const [command] = COMMANDS;
	const flags: Flag[] = [
		{ name: "a", help: "words" },
		{ name: "b", value: "X", short: "b", default: "1", help: "words" },
	];
	t.match(
		commandHelp({ ...command, flags } as NonNullable<typeof command>),
		"Flags:\n  --a\n        words\n  -b, --b=X\n        words (default 1)\n",
	);
});
