// A Kube over a Map, for decisions alone: what the API server really does with a write is tested against a real one.

import { isDeepStrictEqual } from "node:util";
import type { ResourceKind } from "../../src/api/kinds.ts";
import type { KubernetesObject } from "../../src/api/kubernetes.ts";
import { AlreadyExistsError, ConflictError, NotFoundError } from "../../src/kube/errors.ts";
import type { Kube, ObjectKey, Precondition } from "../../src/kube/port.ts";
import { merged } from "../kube/fixtures/mergepatch.ts";

export interface World {
	kube: Kube;
	/** `create configmaps a`, in order; reads are not listed. */
	writes: string[];
	put<T extends KubernetesObject>(kind: ResourceKind<T>, object: T): T;
	get<T extends KubernetesObject>(kind: ResourceKind<T>, name: string): T | undefined;
}

/** An empty world. UIDs and resourceVersions count up from 1. */
export const createWorld = (): World => {
	const objects = new Map<string, KubernetesObject>();
	const writes: string[] = [];
	let count = 0;
	const keyOf = (kind: ResourceKind, name: string | undefined): string => `${kind.plural}/${name}`;
	const put = <T extends KubernetesObject>(kind: ResourceKind<T>, object: T): T => {
		count += 1;
		const metadata = { uid: `uid-${count}`, generation: 1, ...object.metadata, resourceVersion: String(count) };
		const stored = { ...object, apiVersion: kind.apiVersion, kind: kind.kind, metadata } as T;
		objects.set(keyOf(kind, metadata.name), stored);
		return stored;
	};
	const find = <T extends KubernetesObject>(kind: ResourceKind<T>, key: ObjectKey, condition?: Precondition): T => {
		const found = objects.get(keyOf(kind, key.name)) as T | undefined;
		if (found === undefined) throw new NotFoundError("not found", { operation: "test" });
		const { uid, resourceVersion } = found.metadata ?? {};
		if (condition !== undefined && condition.uid !== uid) throw new ConflictError("uid", { operation: "test" });
		if (condition?.resourceVersion !== undefined && condition.resourceVersion !== resourceVersion)
			throw new ConflictError("resourceVersion", { operation: "test" });
		return found;
	};
	const unused = (): never => {
		throw new Error("not part of this world");
	};
	const kube: Kube = {
		get: async (kind, key) => find(kind, key),
		list: async <T extends KubernetesObject>(kind: ResourceKind<T>): Promise<T[]> =>
			[...objects].filter(([key]) => key.startsWith(`${kind.plural}/`)).map(([, object]) => object as T),
		create: async (kind, object) => {
			writes.push(`create ${kind.plural} ${object.metadata?.name}`);
			if (objects.has(keyOf(kind, object.metadata?.name)))
				throw new AlreadyExistsError("exists", { operation: "test" });
			return put(kind, object);
		},
		// As far as one manager's fields go: what it no longer states is not taken out.
		apply: async (kind, object) => {
			const { name = "", uid, resourceVersion } = object.metadata ?? {};
			const precondition = uid === undefined ? undefined : { uid, resourceVersion: resourceVersion ?? "" };
			const live = find(kind, { name }, precondition);
			const changed = merged(live, {
				...object,
				metadata: { ...object.metadata, uid, resourceVersion },
			}) as typeof live;
			if (isDeepStrictEqual(changed, live)) return live;
			writes.push(`apply ${kind.plural} ${name}`);
			return put(kind, changed);
		},
		patch: async (kind, key, body, precondition) => {
			writes.push(`patch ${kind.plural} ${key.name}`);
			const live = find(kind, key, precondition);
			const changed = merged(live, body) as typeof live;
			const spec = (object: KubernetesObject): string => JSON.stringify((object as { spec?: unknown }).spec);
			const generation = (live.metadata?.generation ?? 0) + (spec(live) === spec(changed) ? 0 : 1);
			return put(kind, { ...changed, metadata: { ...changed.metadata, generation } });
		},
		replaceStatus: async (kind, object) => {
			const { name = "", uid, resourceVersion } = object.metadata ?? {};
			writes.push(`status ${kind.plural} ${name}`);
			const live = find(kind, { name }, { uid: uid ?? "", resourceVersion: resourceVersion ?? "" });
			return put(kind, { ...live, status: (object as { status?: unknown }).status });
		},
		delete: async (kind, key, precondition) => {
			writes.push(`delete ${kind.plural} ${key.name}`);
			if (!objects.has(keyOf(kind, key.name))) return false;
			find(kind as ResourceKind, key, precondition);
			return objects.delete(keyOf(kind, key.name));
		},
		createEvent: unused,
		accessReview: unused,
	};
	const get = <T extends KubernetesObject>(kind: ResourceKind<T>, name: string): T | undefined =>
		objects.get(keyOf(kind, name)) as T | undefined;
	return { kube, writes, put, get };
};
