// The part of JSON schema that our CRDs use, as types: what src/api/schemas.ts is made of and everything else in this
// folder walks. https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/

/** One CEL rule of a CRD, with what the API server says when it does not hold. */
export interface SchemaRule {
	readonly rule: string;
	readonly message: string;
	readonly reason: "FieldValueRequired" | "FieldValueForbidden" | "FieldValueInvalid" | "FieldValueDuplicate";
	/** Where the problem is, below the node that carries the rule: `.email`. */
	readonly fieldPath?: string;
}

/** A node of a structural schema, without its descriptions. */
export interface Schema {
	readonly type: "object" | "array" | "string" | "boolean" | "integer";
	readonly default?: unknown;
	readonly enum?: readonly string[];
	readonly format?: string;
	readonly pattern?: string;
	readonly minLength?: number;
	readonly maxLength?: number;
	readonly minimum?: number;
	readonly maxItems?: number;
	readonly required?: readonly string[];
	readonly properties?: Readonly<Record<string, Schema>>;
	readonly items?: Schema;
	readonly "x-kubernetes-list-type"?: "atomic" | "set" | "map";
	readonly "x-kubernetes-list-map-keys"?: readonly string[];
	readonly "x-kubernetes-validations"?: readonly SchemaRule[];
}

/** The fields of an object's schema, by name; none where it is no object's or says nothing of its fields. */
export const propertiesOf = (schema: Schema): Readonly<Record<string, Schema>> => schema.properties ?? {};

/** Whether this is a JSON object (not an array, not null). */
export const isRecord = (value: unknown): value is Record<string, unknown> =>
	typeof value === "object" && value !== null && !Array.isArray(value);
