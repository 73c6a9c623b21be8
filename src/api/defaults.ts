// Fills in the CRDs' defaults as the API server does, for callers that no API server stands before: the CLI, and the
// reconciler when it meets an object that was stored by an older CRD.
import type { KubernetesObject } from "./kubernetes.ts";
import { isRecord, propertiesOf, type Schema } from "./schema.ts";
import { schemaOf } from "./schemas.ts";
import type { ClusterBackupProcedureTemplate, RequestedBackupAction, ScheduledBackup } from "./types.ts";

const withPropertyDefaults = (schema: Schema, value: Record<string, unknown>): Record<string, unknown> => {
	const result: Record<string, unknown> = { ...value };
	for (const [name, property] of Object.entries(propertiesOf(schema))) {
		// The API server drops a null where null is no value of the field: it counts as absent.
		const given = Object.hasOwn(value, name) ? (value[name] ?? undefined) : undefined;
		const filled = given === undefined ? structuredClone(property.default) : given;
		if (filled === undefined) delete result[name];
		else result[name] = valueWithDefaults(property, filled);
	}
	return result;
};

const valueWithDefaults = (schema: Schema, value: unknown): unknown => {
	if (schema.type === "object" && isRecord(value)) return withPropertyDefaults(schema, value);
	const items = schema.items;
	if (items !== undefined && Array.isArray(value)) return value.map((item) => valueWithDefaults(items, item));
	return value;
};

/**
 * A copy of the object with every default of its CRD filled in whose parent is given, and without nulls, which the API
 * server drops. What is given is never changed. An object of any other kind comes back as it is.
 * The rules: https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/#defaulting
 */
export const applyDefaults = <T extends KubernetesObject>(object: T): T => {
	const schema = schemaOf(object);
	return schema === undefined ? object : (valueWithDefaults(schema, object) as T);
};

/** `applyDefaults` for a ScheduledBackup. */
export const defaultScheduledBackup = (object: ScheduledBackup): ScheduledBackup => applyDefaults(object);

/** `applyDefaults` for a RequestedBackupAction. */
export const defaultRequestedBackupAction = (object: RequestedBackupAction): RequestedBackupAction =>
	applyDefaults(object);

/** `applyDefaults` for a ClusterBackupProcedureTemplate. */
export const defaultClusterBackupProcedureTemplate = (
	object: ClusterBackupProcedureTemplate,
): ClusterBackupProcedureTemplate => applyDefaults(object);
