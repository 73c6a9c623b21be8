// What `kubectl apply` does with objects that are new, without a process: most of what a test applies is. Where an object exists
// already, or anything else is not as expected, kubectl does it.
import { loadAll } from "js-yaml";
import type { KubernetesObject } from "../../src/api/kubernetes.ts";
import { callApi } from "./api.ts";
import type { Kinds, Plane } from "./kinds.ts";

type Manifest = KubernetesObject & { apiVersion: string; kind: string; items?: Manifest[] };

/** Keys in the order of Go's maps, as kubectl writes them. */
const sorted = (value: unknown): unknown => {
	if (Array.isArray(value)) return value.map(sorted);
	if (typeof value !== "object" || value === null) return value;
	return Object.fromEntries(
		Object.entries(value)
			.sort(([a], [b]) => (a < b ? -1 : 1))
			.map(([key, inner]) => [key, sorted(inner)]),
	);
};

/** With what a later `kubectl apply` compares. */
const withLastApplied = (object: Manifest): Manifest => {
	const annotations = object.metadata?.annotations ?? {};
	const applied = sorted({ ...object, metadata: { ...object.metadata, annotations } });
	const last = { "kubectl.kubernetes.io/last-applied-configuration": `${JSON.stringify(applied)}\n` };
	return { ...object, metadata: { ...object.metadata, annotations: { ...annotations, ...last } } };
};

const isManifest = (value: unknown): value is Manifest =>
	typeof value === "object" && value !== null && "kind" in value && "apiVersion" in value && "metadata" in value;

/** The objects of a manifest; undefined where it holds anything else. */
const objectsIn = (manifest: string): Manifest[] | undefined => {
	const documents = (loadAll(manifest) as unknown[]).filter((document) => document !== null && document !== undefined);
	return documents.every(isManifest) ? documents : undefined;
};

/** Creates one object. Out: whether it is new and was accepted. */
const create = async (plane: Plane, kinds: Kinds, object: Manifest): Promise<boolean> => {
	const group = object.apiVersion.includes("/") ? `.${object.apiVersion.split("/")[0]}` : "";
	const { root, plural, namespaced, apiVersion } = await kinds.resolve(`${object.kind}${group}`);
	if (apiVersion !== object.apiVersion) return false;
	const { namespace = "default" } = object.metadata ?? {};
	const placed = namespaced ? { ...object, metadata: { ...object.metadata, namespace } } : object;
	const path = `${root}${namespaced ? `/namespaces/${namespace}` : ""}/${plural}`;
	const query = "fieldManager=kubectl-client-side-apply&fieldValidation=Strict";
	const { status } = await callApi(plane, "POST", `${path}?${query}`, withLastApplied(placed));
	return status === 201;
};

/**
 * Creates the objects of a manifest in their order, up to the first that is not new or not accepted.
 * @returns the objects from there on, which are left to kubectl; undefined where the manifest cannot be read
 */
export const createNew = async (plane: Plane, kinds: Kinds, manifest: string): Promise<object[] | undefined> => {
	const objects = objectsIn(manifest);
	for (const [index, object] of objects?.entries() ?? []) {
		const isCreated = await create(plane, kinds, object).catch(() => false);
		if (!isCreated) return objects?.slice(index);
	}
	return objects === undefined ? undefined : [];
};
