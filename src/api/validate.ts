// What the API server would say of an object: the CRDs' schemas (by ajv) and CEL rules (by their twins), all mistakes at
// once. The webhook asks before the API server does, since that one stops at the first layer that finds something.
import type { ErrorObject } from "ajv";
import { bounded } from "./bounded.ts";
import type { KubernetesObject } from "./kubernetes.ts";
import { childPath, problemOfError, quoted } from "./messages.ts";
import { metadataProblems } from "./metadata.ts";
import type { SchemaProblem } from "./problem.ts";
import { ruleHolds } from "./rules.ts";
import { isRecord, propertiesOf, type Schema, type SchemaRule } from "./schema.ts";
import { schemaOf } from "./schemas.ts";
import { validators } from "./validators.ts";

export type { SchemaProblem, SchemaReason } from "./problem.ts";
export { unknownFieldProblems } from "./unknown.ts";

/** The value at a JSON pointer that leads to one. */
const valueAt = (object: KubernetesObject, pointer: string): unknown =>
	pointer
		.split("/")
		.slice(1)
		.reduce<unknown>((value, name) => (value as Record<string, unknown>)[name], object);

/** An error about the length of a list counts the items of the list as it was given. */
const withGivenList = (error: ErrorObject, given: KubernetesObject): ErrorObject =>
	error.keyword === "maxItems" ? { ...error, data: valueAt(given, error.instancePath) } : error;

/** @param given the same object before it was bounded */
const ajvProblems = (kind: string, object: KubernetesObject, given: KubernetesObject): SchemaProblem[] => {
	const validate = validators[kind];
	if (validate === undefined || validate(object)) return [];
	// Of several things that are wrong with one value the first is told: text that is empty matches no pattern either.
	const told = new Set<string>();
	return (validate.errors as ErrorObject[])
		.toSorted((left, right) => Number(right.keyword === "type") - Number(left.keyword === "type"))
		.map((error) => problemOfError(withGivenList(error, given)))
		.filter(({ path }) => !told.has(path) && told.add(path));
};

/** A node of an object with the schema that describes it. */
interface Node {
	schema: Schema;
	path: string;
	value: unknown;
	/** The value before an update; undefined where there was none. */
	old: unknown;
}

const ruleProblem = (rule: SchemaRule, node: Node): SchemaProblem => {
	const path = `${node.path}${rule.fieldPath ?? ""}`;
	const { reason, message } = rule;
	if (reason === "FieldValueRequired") return { path, reason, message: `Required value: ${message}` };
	if (reason === "FieldValueForbidden") return { path, reason, message: `Forbidden: ${message}` };
	// The API server quotes a text, and leaves an object out.
	const value = typeof node.value === "string" ? `${quoted(node.value)}: ` : "";
	return { path, reason, message: `Invalid value: ${value}${message}` };
};

const duplicateProblems = (node: Node, items: unknown[]): SchemaProblem[] => {
	if (node.schema["x-kubernetes-list-type"] !== "set") return [];
	const seen = new Set<unknown>();
	return items.flatMap((item, index) => {
		const isFirst = !seen.has(item);
		seen.add(item);
		if (isFirst) return [];
		const path = `${node.path}[${index}]`;
		return [{ path, reason: "FieldValueDuplicate" as const, message: `Duplicate value: ${quoted(item)}` }];
	});
};

const childNodes = ({ schema, path, value, old }: Node): Node[] => {
	if (Array.isArray(value) && schema.items !== undefined) {
		const items = schema.items;
		// No rule compares an item of a list with its predecessor: CEL cannot pair them either.
		return value.map((item, index) => ({ schema: items, path: `${path}[${index}]`, value: item, old: undefined }));
	}
	if (!isRecord(value)) return [];
	return Object.entries(propertiesOf(schema))
		.filter(([name]) => Object.hasOwn(value, name))
		.map(([name, property]) => ({
			schema: property,
			path: childPath(path, name),
			value: value[name],
			old: isRecord(old) ? old[name] : undefined,
		}));
};

const ruleProblems = (node: Node): SchemaProblem[] => [
	...(node.schema["x-kubernetes-validations"] ?? [])
		.filter((rule) => !ruleHolds(rule.rule, node.value, node.old))
		.map((rule) => ruleProblem(rule, node)),
	...(Array.isArray(node.value) ? duplicateProblems(node, node.value) : []),
	...childNodes(node).flatMap(ruleProblems),
];

/**
 * Everything that the CRD of this object has against it (schema, CEL, name), worded as the API server words it, and each
 * mistake once. The object should have its defaults. `old` is the object before an update. An object of a kind that is not
 * ours has no problems. Of a list that is too long, the items after the first one too many are not looked at.
 */
export const schemaProblems = (object: KubernetesObject, old?: KubernetesObject): SchemaProblem[] => {
	const schema = schemaOf(object);
	if (schema === undefined) return [];
	const value = bounded(schema, object) as KubernetesObject;
	return [
		...metadataProblems(object),
		...ajvProblems(object.kind as string, value, object),
		...ruleProblems({ schema, path: "", value, old }),
	];
};
