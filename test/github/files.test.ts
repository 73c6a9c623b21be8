// What GitHub, pre-commit and Renovate read from this repository is of the form that they read, and agrees with the program.
import { existsSync, globSync, readFileSync } from "node:fs";
import { Ajv } from "ajv";
import { load } from "js-yaml";
import t from "tap";
import { npxArguments } from "../../action/command.ts";
import { COMMANDS } from "../../src/config/flags.ts";
import * as schemas from "./schemas.ts";

const ajv = new Ajv({ allErrors: true, strict: false });
const read = (file: string): string => readFileSync(file, "utf8");

/** What is wrong with a value, `path message` each. */
const faults = (schema: object, value: unknown): string[] => {
	const validate = ajv.compile(schema);
	return validate(value)
		? []
		: (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
};

const forms = globSync(".github/ISSUE_TEMPLATE/*.yml")
	.filter((file) => !file.endsWith("/config.yml"))
	.sort();

for (const [file, schema] of [
	["action.yml", schemas.action],
	[".pre-commit-hooks.yaml", schemas.hooks],
	[".github/ISSUE_TEMPLATE/config.yml", schemas.issueConfig],
	["renovate.json", schemas.renovate],
	...forms.map((form) => [form, schemas.issueForm] as const),
] as const) {
	t.test(file, async (t) => {
		const value = load(read(file)) as object;
		t.strictSame(faults(schema, value), []);
		const mistyped = Array.isArray(value) ? [{ ...value[0], nmae: "x" }] : { ...value, nmae: "x" };
		t.strictSame(faults(schema, mistyped).length, 1, "a key with a typing error is found");
	});
}

t.test("fields of a form have ids and labels of their own", async (t) => {
	t.strictSame(forms.length, 2);
	for (const form of forms) {
		const { body } = load(read(form)) as { body: { id?: string; attributes: { label?: string } }[] };
		for (const values of [body.map(({ id }) => id), body.map(({ attributes }) => attributes.label)]) {
			const given = values.filter((value) => value !== undefined);
			t.equal(new Set(given).size, given.length, form);
		}
	}
});

const inputs = load(read("action.yml")) as {
	inputs: Record<string, { default?: string; required: boolean }>;
	runs: { steps: { run?: string; env?: Record<string, string> }[] };
};

t.test("every input of the action reaches its step by the environment, and only there", async (t) => {
	const step = inputs.runs.steps.find(({ run }) => run !== undefined);
	t.notMatch(step?.run ?? "", "${{");
	const expected = Object.keys(inputs.inputs).map((name) => [
		`INPUT_${name.toUpperCase().replaceAll("-", "_")}`,
		`\${{ inputs.${name} }}`,
	]);
	t.strictSame(step?.env, Object.fromEntries(expected));
	const script = /^node "\$GITHUB_ACTION_PATH\/(\S+)"$/.exec(step?.run ?? "")?.[1] ?? "";
	t.equal(script, "action/lint.ts");
	t.ok(existsSync(script));
});

t.test("the defaults of the action are accepted, and its flags are flags of lint", async (t) => {
	const defaults = Object.entries(inputs.inputs).map(([name, { default: value }]) => [
		`INPUT_${name.toUpperCase().replaceAll("-", "_")}`,
		value ?? "manifests/",
	]);
	const args = npxArguments(Object.fromEntries(defaults), "1.2.3");
	const known = COMMANDS.find(({ name }) => name === "lint")?.flags.map(({ name }) => `--${name}`) ?? [];
	const used = args.slice(args.indexOf("lint") + 1, args.lastIndexOf("--")).map((flag) => flag.replace(/=.*/, ""));
	t.strictSame(used, ["--missing-references", "--output"]);
	for (const flag of used) t.ok(known.includes(flag), flag);
});

t.test("Renovate finds every version of Node.js in workflows", async (t) => {
	const { customManagers } = JSON.parse(read("renovate.json"));
	const pattern = new RegExp(customManagers[0].matchStrings[0], "g");
	const files = ["action.yml", ...globSync(".github/workflows/*.yml")];
	for (const file of files) {
		const stated = read(file).split("node-version:").length - 1;
		t.equal([...read(file).matchAll(pattern)].length, stated, file);
		const found = customManagers[0].managerFilePatterns.some((one: string) => new RegExp(one.slice(1, -1)).test(file));
		t.ok(found, `${file} is looked at`);
	}
});
