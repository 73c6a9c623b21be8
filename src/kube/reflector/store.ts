// The watched objects in memory, with indexes. Says what really changed: a list or a replayed event of what is known
// already is no change, and an object that was deleted and made again under its name is both, told by its UID.
import type { KubernetesObject } from "../../api/kubernetes.ts";
import type { Change, ObjectKey, Store } from "../port.ts";

export type Indexes<T> = Record<string, (object: T) => readonly string[]>;

export interface WritableStore<T extends KubernetesObject> extends Store<T> {
	/** Puts one object; undefined where it is known already in this version. */
	put(object: T): Change<T>[];
	/** Takes one object out, where it is there with this UID. */
	remove(object: T): Change<T>[];
	/** Makes the objects of one namespace (all where undefined) exactly these. */
	replace(objects: ReadonlyMap<string, T>, namespace: string | undefined): Change<T>[];
	markSynced(): void;
}

/** `namespace/name`, or the name alone for cluster-scoped kinds. */
export const storeKey = (key: { namespace?: string; name?: string }): string =>
	key.namespace === undefined ? `${key.name}` : `${key.namespace}/${key.name}`;

const keyOf = (object: KubernetesObject): string => storeKey(object.metadata ?? {});
const uidOf = (object: KubernetesObject): string | undefined => object.metadata?.uid;

const sameVersion = (left: KubernetesObject, right: KubernetesObject): boolean =>
	uidOf(left) === uidOf(right) && left.metadata?.resourceVersion === right.metadata?.resourceVersion;

/**
 * An empty store.
 * @param indexes by name: the values that an object is found under. Must not throw.
 */
export const createStore = <T extends KubernetesObject>(indexes: Indexes<T> = {}): WritableStore<T> => {
	const objects = new Map<string, T>();
	const indexed = new Map(Object.keys(indexes).map((name) => [name, new Map<string, Set<string>>()]));
	let synced = false;

	const index = (key: string, object: T): void => {
		for (const [name, values] of indexed)
			for (const value of indexes[name]?.(object) ?? []) {
				const keys = values.get(value);
				if (keys === undefined) values.set(value, new Set([key]));
				else keys.add(key);
			}
	};
	const unindex = (key: string, object: T): void => {
		for (const [name, values] of indexed)
			for (const value of indexes[name]?.(object) ?? []) {
				const keys = values.get(value);
				keys?.delete(key);
				if (keys?.size === 0) values.delete(value);
			}
	};
	const drop = (key: string, previous: T, last: T): Change<T> => {
		unindex(key, previous);
		objects.delete(key);
		return { type: "deleted", object: last, previous };
	};
	const put = (object: T): Change<T>[] => {
		const key = keyOf(object);
		const previous = objects.get(key);
		if (previous !== undefined && sameVersion(previous, object)) return [];
		const replaced = previous !== undefined && uidOf(previous) !== uidOf(object);
		const changes = replaced ? [drop(key, previous, previous)] : [];
		if (previous !== undefined && !replaced) unindex(key, previous);
		objects.set(key, object);
		index(key, object);
		if (previous === undefined || replaced) return [...changes, { type: "added", object }];
		return [{ type: "modified", object, previous }];
	};
	return {
		put,
		remove: (object) => {
			const key = keyOf(object);
			const previous = objects.get(key);
			return previous === undefined || uidOf(previous) !== uidOf(object) ? [] : [drop(key, previous, object)];
		},
		replace: (wanted, namespace) => {
			const gone: Change<T>[] = [];
			for (const [key, object] of objects)
				if (!wanted.has(key) && (namespace === undefined || object.metadata?.namespace === namespace))
					gone.push(drop(key, object, object));
			return [...gone, ...[...wanted.values()].flatMap(put)];
		},
		markSynced: () => {
			synced = true;
		},
		get: (key: ObjectKey) => objects.get(storeKey(key)),
		list: () => objects.values(),
		byIndex: (name, value) => {
			const keys = indexed.get(name)?.get(value) ?? [];
			return [...keys].flatMap((key) => objects.get(key) ?? []);
		},
		get synced() {
			return synced;
		},
	};
};
