// What is kept of an object in memory. managedFields alone are often half of it, and nothing here reads them.
import type { ResourceKind } from "../../api/kinds.ts";
import type { KubernetesObject, ObjectMeta } from "../../api/kubernetes.ts";

/**
 * A frozen shallow copy without managedFields, with the kind's own apiVersion and kind: a metadata-only answer names
 * PartialObjectMetadata instead, and one shared string takes less memory than one per object.
 */
export const slim = (kind: ResourceKind, object: KubernetesObject): KubernetesObject => {
	const { managedFields: _dropped, ...metadata } = object.metadata ?? {};
	return freeze({ ...object, apiVersion: kind.apiVersion, kind: kind.kind, metadata });
};

/** Freezes the object and its metadata; deeper levels are the reader's promise not to write. */
export const freeze = <T extends KubernetesObject>(object: T): T => {
	if (object.metadata !== undefined) Object.freeze(object.metadata);
	return Object.freeze(object);
};

/** A transform for objects of which only "it changed" matters: annotations and labels may hold data. */
export const identityOnly = <T extends KubernetesObject>(object: KubernetesObject): T => {
	const { namespace, name, uid, resourceVersion } = object.metadata ?? {};
	const entries = Object.entries({ namespace, name, uid, resourceVersion }).filter(([, value]) => value !== undefined);
	const metadata = Object.fromEntries(entries) as ObjectMeta;
	return { apiVersion: object.apiVersion, kind: object.kind, metadata } as T;
};
