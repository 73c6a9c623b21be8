// Fields that no schema knows. The API server prunes them silently; kubectl asks it to refuse them (strict validation). The
// CLI refuses them by this, in kubectl's words, and says what was probably meant.
import type { KubernetesObject } from "./kubernetes.ts";
import { childPath } from "./messages.ts";
import { nearestName } from "./nearest.ts";
import { FINDINGS_LIMIT, type SchemaProblem } from "./problem.ts";
import { isRecord, propertiesOf, type Schema } from "./schema.ts";
import { schemaOf } from "./schemas.ts";

/** https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/object-meta/ */
const METADATA_FIELDS: readonly string[] = [
	"annotations",
	"creationTimestamp",
	"deletionGracePeriodSeconds",
	"deletionTimestamp",
	"finalizers",
	"generateName",
	"generation",
	"labels",
	"managedFields",
	"name",
	"namespace",
	"ownerReferences",
	"resourceVersion",
	"selfLink",
	"uid",
];

/** Every field path of a schema, without list indexes. */
const pathsOf = (schema: Schema, path = ""): string[] => [
	...(path === "" ? [] : [path]),
	...Object.entries(propertiesOf(schema)).flatMap(([name, property]) => pathsOf(property, childPath(path, name))),
];

/** A field that no schema knows, and the names beside which it stands. */
interface UnknownField {
	path: string;
	name: string;
	siblings: readonly string[];
}

const hintFor = (root: Schema, { path, name, siblings }: UnknownField): string | undefined => {
	const sibling = nearestName(name, siblings);
	if (sibling !== undefined) return `did you mean "${childPath(path, sibling)}"?`;
	// The right name at the wrong depth: `spec.scheduleEvery` for `spec.cronJob.scheduleEvery`.
	const elsewhere = pathsOf(root).filter((known) => known.startsWith("spec.") && known.split(".").at(-1) === name);
	return elsewhere.length === 1 ? `did you mean "${elsewhere[0]}"?` : undefined;
};

const unknownProblem = ({ path, name }: UnknownField, hint: string | undefined): SchemaProblem => {
	const at = childPath(path, name);
	const problem = { path: at, reason: "FieldValueInvalid" as const, message: `unknown field "${at}"` };
	return hint === undefined ? problem : { ...problem, hint };
};

const knownNames = (schema: Schema, path: string): readonly string[] =>
	path === "metadata" ? METADATA_FIELDS : Object.keys(propertiesOf(schema));

const walk = (schema: Schema, path: string, value: unknown): UnknownField[] => {
	const items = schema.items;
	if (items !== undefined && Array.isArray(value))
		return value.flatMap((item, index) => walk(items, `${path}[${index}]`, item));
	// An object where text is wanted is a mistake of its type, which the schema tells better.
	if (schema.type !== "object" || !isRecord(value)) return [];
	const known = knownNames(schema, path);
	return Object.entries(value).flatMap(([name, child]) => {
		if (!known.includes(name)) return [{ path, name, siblings: known }];
		const property = propertiesOf(schema)[name];
		return property === undefined ? [] : walk(property, childPath(path, name), child);
	});
};

/** Every field of the object that its CRD does not know, worded as kubectl's strict validation words it. */
export const unknownFieldProblems = (object: KubernetesObject): SchemaProblem[] => {
	const schema = schemaOf(object);
	if (schema === undefined) return [];
	// A hint takes a hundred times as long as to find the field: only those that are shown get one.
	return walk(schema, "", object).map((field, index) =>
		unknownProblem(field, index < FINDINGS_LIMIT ? hintFor(schema, field) : undefined),
	);
};
