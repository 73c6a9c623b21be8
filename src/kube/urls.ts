// Where the API server serves an object. Kept apart because a wrong path is dangerous: a DELETE whose name is empty
// would delete the whole collection, so nothing but a proper name gets into a URL.
import type { ResourceKind } from "../api/kinds.ts";

export type Query = Record<string, string | number | boolean | undefined>;

/** One path segment: https://kubernetes.io/docs/concepts/overview/working-with-objects/names/#path-segment-names */
const segment = (value: string | undefined, what: string): string => {
	if (value === undefined || value === "" || value === "." || value === ".." || /[/%]/.test(value))
		throw new TypeError(`not a ${what}: ${JSON.stringify(value)}`);
	return encodeURIComponent(value);
};

/**
 * Path of a collection, over all namespaces where none is given.
 * @throws TypeError for a namespace that is none.
 */
export const collectionPath = (kind: ResourceKind, namespace?: string): string => {
	const root = kind.apiVersion.includes("/") ? `/apis/${kind.apiVersion}` : `/api/${kind.apiVersion}`;
	const scope = kind.namespaced && namespace !== undefined ? `/namespaces/${segment(namespace, "namespace")}` : "";
	return `${root}${scope}/${kind.plural}`;
};

/**
 * Path of one object or of its sub-resource.
 * @throws TypeError for a missing namespace or name.
 */
export const objectPath = (
	kind: ResourceKind,
	key: { namespace?: string; name: string },
	subresource?: "status",
): string => {
	if (kind.namespaced) segment(key.namespace, "namespace");
	const path = `${collectionPath(kind, key.namespace)}/${segment(key.name, "name")}`;
	return subresource === undefined ? path : `${path}/${subresource}`;
};

/** The path with its query; parameters that are undefined are left out. */
export const withQuery = (path: string, query: Query): string => {
	const parameters = new URLSearchParams();
	for (const [name, value] of Object.entries(query)) if (value !== undefined) parameters.set(name, String(value));
	return parameters.size === 0 ? path : `${path}?${parameters}`;
};

/** What an operation is called in errors and logs: `get secrets default/backup-keys`. */
export const operationName = (
	verb: string,
	kind: ResourceKind,
	key?: { namespace?: string; name?: string },
): string => {
	const where = [key?.namespace, key?.name].filter((part) => part !== undefined && part !== "").join("/");
	return where === "" ? `${verb} ${kind.plural}` : `${verb} ${kind.plural} ${where}`;
};
