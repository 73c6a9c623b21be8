// The whole schema of pod options as one list, to be read against Kubernetes' own reference:
// https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/. A change of the schema is a change of the
// list: UPDATE_GOLDEN=1 node test/domain/helmvalues/schema.test.ts
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import { helmValuesSchema } from "../../../src/domain/helmvalues/schema.ts";
import type { Schema } from "../../../src/domain/helmvalues/schema-parts.ts";

const GOLDEN = join(import.meta.dirname, "schema.txt");

const wordsOf = (schema: Schema): string[] => [
	schema.type,
	...(schema.format === undefined ? [] : [schema.format]),
	...(schema.enum === undefined ? [] : [`one of ${schema.enum.map((value) => JSON.stringify(value)).join(" ")}`]),
	...(schema.minimum === undefined ? [] : [`from ${schema.minimum}`]),
	...(schema.maximum === undefined ? [] : [`to ${schema.maximum}`]),
	...(schema.additionalProperties === false ? ["closed"] : []),
	...(schema.propertyNames === undefined ? [] : [`with keys ${schema.propertyNames.format}`]),
	...(schema.required === undefined ? [] : [`requires ${schema.required.join(" ")}`]),
];

/** A line for each part: `volumes[].secret.secretName: string object-name`. */
const linesOf = (path: string, schema: Schema): string[] => [
	`${path}: ${wordsOf(schema).join(", ")}`,
	...Object.entries(schema.properties ?? {}).flatMap(([name, part]) => linesOf(`${path}.${name}`, part)),
	...(schema.items === undefined ? [] : linesOf(`${path}[]`, schema.items)),
	...(typeof schema.additionalProperties === "object" ? linesOf(`${path}.*`, schema.additionalProperties) : []),
];

t.test("the schema is the one that was reviewed", async (t) => {
	const found = `${linesOf("HelmValues", helmValuesSchema).join("\n")}\n`;
	if (process.env["UPDATE_GOLDEN"] === "1") writeFileSync(GOLDEN, found);
	t.equal(found, readFileSync(GOLDEN, "utf8"));
});

t.test("every object is closed, and requires only what it knows", async (t) => {
	const check = (path: string, schema: Schema): void => {
		if (schema.properties !== undefined) {
			t.equal(schema.additionalProperties, false, path);
			for (const name of schema.required ?? []) t.ok(Object.hasOwn(schema.properties, name), `${path}.${name}`);
		}
		for (const [name, part] of Object.entries(schema.properties ?? {})) check(`${path}.${name}`, part);
		if (schema.items !== undefined) check(`${path}[]`, schema.items);
	};
	check("HelmValues", helmValuesSchema);
});
