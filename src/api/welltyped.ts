// Lets the checks that come after the schema go on where the schema found mistakes, so that a user is told all of them at
// once: they get an object that has the shape its type promises, and only what is well typed of the user's.
import { bounded } from "./bounded.ts";
import type { KubernetesObject } from "./kubernetes.ts";
import { isRecord, propertiesOf, type Schema } from "./schema.ts";
import { schemaOf } from "./schemas.ts";

const isA: Readonly<Record<Schema["type"], (value: unknown) => boolean>> = {
	object: isRecord,
	array: Array.isArray,
	string: (value) => typeof value === "string",
	boolean: (value) => typeof value === "boolean",
	integer: Number.isInteger,
};

const emptyValues: Readonly<Record<Schema["type"], unknown>> = {
	object: {},
	array: [],
	string: "",
	boolean: false,
	integer: 0,
};

const emptyValue = (schema: Schema): unknown => schema.default ?? schema.enum?.[0] ?? emptyValues[schema.type];

const isWellTyped = (schema: Schema, value: unknown): boolean =>
	isA[schema.type](value) && (schema.enum === undefined || schema.enum.includes(value as string));

/** Whether an optional part can be used: an object that lacks what it needs (a reference without a name) cannot. */
const isUsable = (schema: Schema, value: unknown): boolean => {
	if (!isWellTyped(schema, value)) return false;
	const fields = isRecord(value) ? value : {};
	const needed = isRecord(value) ? (schema.required ?? []) : [];
	return needed.every((name) => {
		const property = propertiesOf(schema)[name];
		return property !== undefined && isWellTyped(property, fields[name]) && fields[name] !== "";
	});
};

const fieldsOf = (schema: Schema, value: Record<string, unknown>): Record<string, unknown> => {
	const result: Record<string, unknown> = { ...value };
	for (const [name, property] of Object.entries(propertiesOf(schema))) {
		const given = Object.hasOwn(value, name) ? value[name] : undefined;
		const isRequired = schema.required?.includes(name) ?? false;
		if (isRequired ? isWellTyped(property, given) : isUsable(property, given)) result[name] = repaired(property, given);
		else if (isRequired || property.default !== undefined) result[name] = repaired(property, emptyValue(property));
		else delete result[name];
	}
	return result;
};

const repaired = (schema: Schema, value: unknown): unknown => {
	const items = schema.items;
	// A list keeps its length: positions are part of the field paths that problems name.
	if (items !== undefined && Array.isArray(value))
		return value.map((item) => repaired(items, isWellTyped(items, item) ? item : emptyValue(items)));
	return isRecord(value) ? fieldsOf(schema, value) : value;
};

/**
 * The object as its type promises it, with defaults: a value of the wrong type (or none of its enumeration) is left out, and
 * where one is needed there is the default, the first of the enumeration, or an empty value. What checks say of a path that
 * `schemaProblems` names is then meaningless and to be dropped. What is longer than the schema allows is cut (`bounded`). An
 * object of a kind that is not ours comes back as it is.
 */
export const wellTyped = <T extends KubernetesObject>(object: T): T => {
	const schema = schemaOf(object);
	return schema === undefined ? object : { metadata: {}, ...(repaired(schema, bounded(schema, object)) as T) };
};
