// Writes src/api/schemas.ts: the CRDs' schemas as a module, since src/api reads no files at run time.
import type { CustomResourceDefinition, DescribedSchema } from "./crds.ts";

const withoutDescriptions = (schema: DescribedSchema): Record<string, unknown> => {
	const { description: _, properties, items, ...rest } = schema;
	const result: Record<string, unknown> = { ...rest };
	if (items !== undefined) result["items"] = withoutDescriptions(items);
	if (properties !== undefined)
		result["properties"] = Object.fromEntries(
			Object.entries(properties).map(([name, property]) => [name, withoutDescriptions(property)]),
		);
	return result;
};

/** The text of src/api/schemas.ts, not formatted. */
export const schemasModule = (crds: readonly CustomResourceDefinition[]): string => `\
// Generated from crds/*.yaml by \`npm run generate\`. Do not edit: change the CRD and generate again.
import type { KubernetesObject } from "./kubernetes.ts";
import type { Schema } from "./schema.ts";

/** The schemas of our kinds, by kind, without descriptions. */
export const schemas: Readonly<Record<string, Schema>> = ${JSON.stringify(
	Object.fromEntries(crds.map((crd) => [crd.kind, withoutDescriptions(crd.schema)])),
)};

const apiVersions: Readonly<Record<string, string>> = ${JSON.stringify(
	Object.fromEntries(crds.map((crd) => [crd.kind, `${crd.group}/${crd.version}`])),
)};

/** The schema of an object; undefined where its kind or version is not ours. */
export const schemaOf = (object: KubernetesObject): Schema | undefined => {
	const kind = object.kind ?? "";
	if (!Object.hasOwn(schemas, kind) || object.apiVersion !== apiVersions[kind]) return undefined;
	return schemas[kind];
};
`;
