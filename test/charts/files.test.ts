// The chart's files held against each other and against the program: no value without schema and text, no stale copy.
import { readFileSync } from "node:fs";
import { load } from "js-yaml";
import t from "tap";
import { staleFiles } from "../../charts/generate/generate.ts";
import { HELM_VALUES_KEYS } from "../../src/domain/helmvalues/schema.ts";

const CHART = "charts/backup-maker-controller";
const read = (file: string): string => readFileSync(file, "utf8");

interface Schema {
	properties?: Record<string, Schema>;
	additionalProperties?: unknown;
}

const schema: Schema = JSON.parse(read(`${CHART}/values.schema.json`));
const values = load(read(`${CHART}/values.yaml`)) as Record<string, unknown>;

/** Paths of all values that have neither schema nor a parent whose schema says anything goes. */
const unknownTo = (wanted: Schema, value: unknown, path: string): string[] => {
	if (wanted.properties === undefined || typeof value !== "object" || value === null) return [];
	return Object.entries(value).flatMap(([key, inner]) => {
		const property = wanted.properties?.[key];
		return property === undefined ? [`${path}${key}`] : unknownTo(property, inner, `${path}${key}.`);
	});
};

/** Paths that the schema allows and values.yaml does not show. */
const hiddenFrom = (wanted: Schema, value: unknown, path: string): string[] =>
	Object.entries(wanted.properties ?? {}).flatMap(([key, property]) => {
		const inner = (value as Record<string, unknown>)[key];
		if (inner === undefined) return [`${path}${key}`];
		const open = typeof inner === "object" && inner !== null && Object.keys(inner).length === 0;
		return open ? [] : hiddenFrom(property, inner, `${path}${key}.`);
	});

t.test("generated files are current", async (t) => t.same(staleFiles(), []));

t.test("every value has its schema, and every schema its value", async (t) => {
	t.same(unknownTo(schema, values, ""), []);
	const shown = hiddenFrom(schema, values, "").filter(
		(path) => !/^(livenessProbe|readinessProbe|resources)\./.test(path),
	);
	t.same(shown, []);
});

t.test("the schema is closed wherever it lists keys", async (t) => {
	const open: string[] = [];
	const visit = (node: Schema, path: string): void => {
		if (node.properties !== undefined && node.additionalProperties !== false) open.push(path);
		for (const [key, inner] of Object.entries(node.properties ?? {})) visit(inner, `${path}.${key}`);
	};
	visit(schema, "values");
	t.same(open, ["values.global"], "charts that bring this one along put theirs into global");
});

t.test("jobDefaults are options of HelmValues", async (t) => {
	const keys = Object.keys(schema.properties?.["jobDefaults"]?.properties ?? {});
	t.ok(keys.length > 10);
	for (const key of keys) {
		t.ok(HELM_VALUES_KEYS.includes(key), key);
		t.match(
			read(`${CHART}/values.yaml`),
			new RegExp(`^# -- Defaults for the pods.*\`${key}\``, "m"),
			`${key} is described`,
		);
	}
});

t.test("chart, program and package have one version", async (t) => {
	const chart = load(read(`${CHART}/Chart.yaml`)) as { version: string; appVersion: string };
	const { version } = JSON.parse(read("package.json"));
	t.same([chart.version, chart.appVersion], [version, version]);
});

t.test("templates have no wildcard in a role", async (t) => {
	for (const file of ["_rbac.tpl", "rbac-controller.yaml", "rbac-users.yaml"])
		t.notMatch(read(`${CHART}/templates/${file}`).replaceAll(/\{\{-? *\/\*.*?\*\/ *-?\}\}/gs, ""), /["'[]\s*\*/, file);
});
