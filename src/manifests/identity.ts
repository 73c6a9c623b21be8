// Which object a manifest defines, as the API server tells objects apart.
import type { KubernetesObject } from "../api/kubernetes.ts";

/** Where kubectl puts an object that names no namespace. */
export const DEFAULT_NAMESPACE = "default";

/** The kinds without a namespace that the program reads. */
const CLUSTER_SCOPED: ReadonlySet<string> = new Set(["ClusterBackupProcedureTemplate", "Namespace"]);

/** The namespace of an object, as kubectl would set it. */
export const namespaceOf = (object: KubernetesObject): string => object.metadata?.namespace || DEFAULT_NAMESPACE;

/** The namespace of an object of this kind; empty for the cluster-scoped kinds that the program reads. */
export const scopeOf = (object: KubernetesObject): string =>
	CLUSTER_SCOPED.has(object.kind ?? "") ? "" : namespaceOf(object);

const isName = (value: unknown): value is string => typeof value === "string" && value !== "";

/** `apps/v1` → `apps`, `v1` → an empty text. */
const groupOf = (apiVersion: string): string => apiVersion.slice(0, Math.max(0, apiVersion.lastIndexOf("/")));

/**
 * A key that two manifests share where they define the same object: API group, kind, namespace and name. The version does not
 * count, because every served version of a group and kind shows the same objects. For a cluster-scoped kind that the program
 * does not know, two different `metadata.namespace` give two keys.
 * @returns undefined for what has no kind or no name, such as an object with `generateName`
 */
export const identityKey = (object: KubernetesObject): string | undefined => {
	const { apiVersion, kind, metadata } = object;
	if (!isName(apiVersion) || !isName(kind) || !isName(metadata?.name)) return undefined;
	return JSON.stringify([groupOf(apiVersion), kind, scopeOf(object), metadata.name]);
};
