// The chart's values that the pages name: they exist, under that name and of that type. A key that nobody reads would be a
// promise that a `helm install` silently breaks.
import { globSync, readFileSync } from "node:fs";
import { Ajv } from "ajv";
import { load, loadAll } from "js-yaml";
import t from "tap";
import { codeBlocks } from "./pages.ts";

type Fields = Record<string, unknown>;

const CHART = "charts/backup-maker-controller";
const values = load(readFileSync(`${CHART}/values.yaml`, "utf8")) as Fields;
const validate = new Ajv({ strict: false, allErrors: true }).compile(
	JSON.parse(readFileSync(`${CHART}/values.schema.json`, "utf8")) as object,
);
const pages = globSync(["*.md", "docs/**/*.md"]).sort();

const isMap = (value: unknown): value is Fields => typeof value === "object" && value !== null && !Array.isArray(value);

/** Whether a dotted path names a value of the chart; below an empty map anything may be, and the schema says what. */
const exists = (path: string): boolean => {
	let at: unknown = values;
	for (const key of path.split(".")) {
		if (!isMap(at)) return false;
		if (Object.keys(at).length === 0) return true;
		if (!(key in at)) return false;
		at = at[key];
	}
	return true;
};

/** `a.b=1` as `{a: {b: 1}}`. */
const nested = (path: string, value: unknown): Fields =>
	path.split(".").reduceRight<unknown>((inner, key) => ({ [key]: inner }), value) as Fields;

const merged = (one: unknown, other: unknown): unknown =>
	isMap(one) && isMap(other)
		? Object.fromEntries([...Object.keys(one), ...Object.keys(other)].map((key) => [key, merged(one[key], other[key])]))
		: (other ?? one);

/** What each `--set a.b=1,c=2` and `--set-file a.b=FILE` names and gives; a file's content is text. */
const setFlags = (text: string): { paths: string[]; given: unknown }[] =>
	[...text.matchAll(/--set(-file|-string)?[ =]([^\s`]+)/g)].map(([, kind, assignments = ""]) => {
		const pairs = assignments.split(",").map((assignment) => assignment.split(/=(.*)/s));
		const each = pairs.map(([path = "", value = ""]) => nested(path, kind === undefined ? load(value) : value));
		return { paths: pairs.map(([path = ""]) => path), given: each.reduce<unknown>(merged, {}) };
	});

/** The values in a YAML block: a values file, or what Argo CD and Flux hand to the chart. */
const valuesIn = (block: string): Fields[] => {
	if (block.startsWith("# values.yaml")) return [load(block) as Fields];
	if (!/^kind: (HelmRelease|Application)$/m.test(block)) return [];
	// biome-ignore lint/suspicious/noExplicitAny: objects of other programs, of which one field is looked at
	const objects = loadAll(block) as any[];
	return objects.flatMap(({ spec }) => spec?.values ?? spec?.source?.helm?.valuesObject ?? []);
};

t.test("values that are set in commands", async (t) => {
	let found = 0;
	for (const page of pages)
		for (const { paths, given } of setFlags(readFileSync(page, "utf8"))) {
			found++;
			for (const path of paths) t.ok(exists(path), `${page}: ${path}`);
			t.ok(validate(given), `${page}: ${paths}: ${JSON.stringify(validate.errors)}`);
		}
	t.ok(found > 5, "they are found");
});

t.test("values in files, and in what GitOps tools hand on", async (t) => {
	let found = 0;
	for (const page of pages)
		for (const given of codeBlocks(readFileSync(page, "utf8"), "yaml").flatMap(valuesIn)) {
			found++;
			t.ok(validate(given), `${page}: ${JSON.stringify(given)}: ${JSON.stringify(validate.errors)}`);
		}
	t.ok(found > 6, "they are found");
});

t.test("values that the text names", async (t) => {
	const tops = Object.keys(values).filter((key) => isMap(values[key]));
	const dotted = new RegExp(`\`((?:${tops.join("|")})(?:\\.[A-Za-z]+)+)(?:=[^\`]*)?\``, "g");
	const named = /\bvalues? `([A-Za-z.]+)(?:=[^`]*)?`/g;
	const found = new Set<string>();
	for (const page of pages) {
		const text = readFileSync(page, "utf8");
		for (const [, path = ""] of [...text.matchAll(dotted), ...text.matchAll(named)]) {
			found.add(path);
			t.ok(exists(path), `${page}: ${path}`);
		}
	}
	t.ok(found.size > 15, "they are found");
});
