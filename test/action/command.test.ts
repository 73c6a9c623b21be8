// Inputs of the action become arguments of npx, and nothing else than arguments.
import t from "tap";
import { npxArguments } from "../../action/command.ts";

const inputs = {
	INPUT_PATHS: "manifests/\n\n  secrets/app 1.yaml  \n",
	INPUT_VERSION: "",
	INPUT_MISSING_REFERENCES: "warn",
	INPUT_OUTPUT: "json",
};

t.test("the arguments", async (t) => {
	t.strictSame(npxArguments(inputs, "1.2.3"), [
		...["--yes", "--package=backup-maker-controller@1.2.3", "--", "bmc", "lint"],
		...["--missing-references=warn", "--output=json", "--", "manifests/", "secrets/app 1.yaml"],
	]);
	t.match(npxArguments({ ...inputs, INPUT_VERSION: " next " }, "1.2.3"), { 1: /@next$/ });
});

t.test("paths are never flags or commands", async (t) => {
	const hostile = ["--backup-maker-image=x", "$(id)", "a; id", "`id`"];
	const args = npxArguments({ ...inputs, INPUT_PATHS: hostile.join("\n") }, "1.2.3");
	t.strictSame(args.slice(args.lastIndexOf("--") + 1), hostile);
});

for (const [name, changed, message] of [
	["no paths", { INPUT_PATHS: " \n" }, "paths: Required value: name files or folders, one per line"],
	["no input at all", { INPUT_PATHS: undefined }, "paths: Required value: name files or folders, one per line"],
	[
		"another package by its version",
		{ INPUT_VERSION: "npm:other@1" },
		'version: Invalid value: "npm:other@1": must be such as 0.1.0',
	],
	["a file as a version", { INPUT_VERSION: "../x" }, 'version: Invalid value: "../x": must be such as 0.1.0'],
	[
		"an unknown mode",
		{ INPUT_MISSING_REFERENCES: "ignore" },
		'missing-references: Unsupported value: "ignore": supported values: deny, warn',
	],
	[
		"an unknown format",
		{ INPUT_OUTPUT: undefined },
		'output: Unsupported value: "": supported values: text, json, yaml',
	],
] as const) {
	t.test(name, async (t) => t.throws(() => npxArguments({ ...inputs, ...changed }, "1.2.3"), { message }));
}
