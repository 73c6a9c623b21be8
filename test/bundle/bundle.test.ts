// The bundle against the sources: the JSON schemas that were compiled when it was built find what the sources find, nobody
// but src/files.ts looks for files beside itself, and what is built twice is the same.
import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { readdir, readFile, utimes } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { ErrorObject, ValidateFunction } from "ajv";
import { build } from "esbuild";
import t from "tap";
import { makeBundle } from "../../bundle/build.ts";
import { compiledValidators } from "../../bundle/validators.ts";
import { schemas } from "../../src/api/schemas.ts";
import { validators as apiValidators } from "../../src/api/validators.ts";
import { helmValuesSchema } from "../../src/domain/helmvalues/schema.ts";
import { validators as helmValidators } from "../../src/domain/helmvalues/validators.ts";
import fc from "../property.ts";

t.setTimeout(180_000);

type Validators = Readonly<Record<string, ValidateFunction>>;

/** The module as the bundle has it. */
const compiled = async (name: string, source: string): Promise<Validators> => {
	const outfile = join(t.testdirName, `${name}.mjs`);
	await build({
		stdin: { contents: `export { validators } from "./${source}";`, resolveDir: process.cwd(), loader: "ts" },
		bundle: true,
		format: "esm",
		platform: "node",
		outfile,
		plugins: [compiledValidators()],
		logLevel: "error",
	});
	return ((await import(pathToFileURL(outfile).href)) as { validators: Validators }).validators;
};
t.testdir({});

interface Schema {
	type?: string;
	properties?: Readonly<Record<string, Schema>>;
	items?: Schema | undefined;
	additionalProperties?: unknown;
	enum?: readonly unknown[];
}

const LEAVES = fc.constantFrom<unknown>(
	...["", "a", "A b", "1", "now", "2026-01-01T00:00:00Z", "x".repeat(300), "GoTemplate", "backup", "1Gi", "/a"],
	...[0, -1, 1.5, 2 ** 31, 2 ** 53, true, false, null, [], {}],
);

/** Values that follow the schema far enough to reach all of it, with a wrong one here and there. */
const valueFor = (schema: Schema): fc.Arbitrary<unknown> => {
	const wrong = { weight: 1, arbitrary: LEAVES };
	if (schema.enum !== undefined) return fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...schema.enum) }, wrong);
	if (schema.items !== undefined)
		return fc.oneof({ weight: 6, arbitrary: fc.array(valueFor(schema.items), { maxLength: 3 }) }, wrong);
	const { properties } = schema;
	if (properties === undefined) {
		const map = typeof schema.additionalProperties === "object" ? (schema.additionalProperties as Schema) : undefined;
		if (map === undefined || map === null) return LEAVES;
		return fc.oneof({ weight: 6, arbitrary: fc.dictionary(fc.constantFrom("a", "B c"), valueFor(map)) }, wrong);
	}
	const fields = Object.fromEntries(Object.entries(properties).map(([name, one]) => [name, valueFor(one)]));
	const record = fc.record({ ...fields, unknown: LEAVES }, { requiredKeys: [] });
	return fc.oneof({ weight: 9, arbitrary: record }, wrong);
};

const findings = (validate: ValidateFunction, value: unknown): ErrorObject[] => {
	if (validate(value)) return [];
	return (validate.errors as ErrorObject[]).map((error) => ({ ...error }));
};

/** Asks both with the same 200 values. Out: how many of them are wrong; throws with the first value that they differ over. */
const wrongOf = (schema: Schema, source: ValidateFunction, bundled: ValidateFunction): number => {
	let wrong = 0;
	const same = fc.property(valueFor(schema), (value) => {
		const expected = findings(source, value);
		if (expected.length > 0) wrong += 1;
		assert.deepStrictEqual(findings(bundled, value), expected);
	});
	fc.assert(same, { numRuns: 200, seed: 7 });
	return wrong;
};

t.test("the compiled schemas find what the sources find", async (t) => {
	const api = await compiled("api", "src/api/validators.ts");
	t.same(Object.keys(api).sort(), Object.keys(schemas).sort(), "every kind");
	for (const [kind, schema] of Object.entries(schemas)) {
		const [source, bundled] = [apiValidators[kind], api[kind]];
		if (source === undefined || bundled === undefined) throw new Error(`no validator of ${kind}`);
		t.ok(wrongOf(schema as Schema, source, bundled) > 50, kind);
	}
	const { helmValues } = await compiled("helm", "src/domain/helmvalues/validators.ts");
	if (helmValues === undefined) throw new Error("no validator of HelmValues");
	t.ok(wrongOf(helmValuesSchema as Schema, helmValidators.helmValues, helmValues) > 50, "HelmValues");
});

t.test("files beside the program are found by one module", (t) => {
	const sources = globSync("{src,webhooks,reconcilers,certs}/**/*.ts", { exclude: ["**/generate/**"] });
	const looking = sources.filter((file) => /\bimport\.meta\b/.test(readFileSync(file, "utf8"))).sort();
	// The thread's script is beside its starter in the sources, and beside everything in the bundle.
	t.same(looking, ["src/files.ts", "src/gpg/thread/inspector.ts"]);
	t.end();
});

t.test("a build leaves the files alone that another one has not renamed yet", async (t) => {
	const root = t.testdir({ lib: { ".bmc.js.1": "half", ".worker.js.2": "abandoned" } });
	const twoHoursAgo = Date.now() / 1000 - 7200;
	await utimes(join(root, "lib/.worker.js.2"), twoHoursAgo, twoHoursAgo);
	await makeBundle(root);
	t.same(
		(await readdir(join(root, "lib"))).filter((name) => name.startsWith(".")),
		[".bmc.js.1"],
	);
});

t.test("the same sources give the same bundle, and what an earlier build left is removed", async (t) => {
	const root = t.testdir({ lib: { "chunk-OLD.js": "" } });
	const { program, packages } = await makeBundle(root);
	const contents = async (): Promise<Record<string, string>> => {
		const names = (await readdir(join(root, "lib"))).sort();
		return Object.fromEntries(
			await Promise.all(names.map(async (name) => [name, await readFile(join(root, "lib", name), "latin1")] as const)),
		);
	};
	const first = await contents();
	t.equal(program, join(root, "lib/bmc.js"));
	t.notOk("chunk-OLD.js" in first);
	t.match(first["bmc.js"], /^#!\/usr\/bin\/env node\n/);
	t.same(packages.toSorted(), packages);
	await makeBundle(root);
	t.ok(JSON.stringify(await contents()) === JSON.stringify(first), "byte for byte");
});
