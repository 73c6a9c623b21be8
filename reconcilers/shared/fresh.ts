// What the watches know, with our own writes in front. A watch tells of a write some milliseconds after it was answered; a
// reconcile in between would see the old state and write again. Kept only until the watch has caught up.
import type { KubernetesObject, ObjectMeta } from "../../src/api/kubernetes.ts";
import type { Change, ObjectKey, Store } from "../../src/kube/port.ts";

export interface Fresh<T extends KubernetesObject> {
	get(key: ObjectKey): T | undefined;
	byIndex(index: string, value: string): T[];
	/** We wrote this, and the API server answered it. */
	wrote(object: T): void;
	/** The API server has this object, told by its UID, no more: it stays out of sight until the watch says so too. */
	gone(object: T): void;
	/**
	 * The watch told something: call for every change, before any reconcile of it.
	 * @returns whether it is no more than our own write coming back, of which we know all already.
	 */
	observe(change: Change<T>): boolean;
	/**
	 * The watch has listed all anew: call after the changes that came of it.
	 * @returns what we made and somebody deleted while the watch was interrupted: no event tells of it, and no list has it.
	 */
	listed(namespace: string | undefined, resourceVersion: string): T[];
}

/** Milliseconds after which a watch must have told of a write; after that what it says is believed. */
const PATIENCE = 30_000;

const textKey = ({ namespace, name }: { namespace?: string | undefined; name?: string | undefined }): string =>
	`${namespace ?? ""}/${name ?? ""}`;

const objectKey = ({ namespace, name = "" }: ObjectMeta = {}): ObjectKey =>
	namespace === undefined ? { name } : { namespace, name };

/**
 * Whether one version is at least as new as another. Versions of one kind are decimal numbers of any length
 * (https://kubernetes.io/docs/reference/using-api/api-concepts/#resource-versions).
 */
export const isAtLeast = (version: string | undefined, other: string | undefined): boolean => {
	const [one, two] = [version ?? "", other ?? ""];
	return one.length === two.length ? one >= two : one.length > two.length;
};

/**
 * @param store the watch's store; a function, since the watch's handler needs this before the store exists.
 * @param now milliseconds since the epoch.
 */
export const createFresh = <T extends KubernetesObject>(store: () => Store<T>, now: () => number): Fresh<T> => {
	const written = new Map<string, { object: T; at: number }>();
	/** UIDs that are gone, by key. */
	const missing = new Map<string, string | undefined>();
	const newest = (key: string, known: T | undefined): T | undefined => {
		if (missing.has(key) && missing.get(key) === known?.metadata?.uid) return undefined;
		const own = written.get(key);
		if (own === undefined) return known;
		const caughtUp = isAtLeast(known?.metadata?.resourceVersion, own.object.metadata?.resourceVersion);
		if (!caughtUp) return now() - own.at < PATIENCE ? own.object : known;
		written.delete(key);
		return known;
	};
	/** Whether a list of this version had to have it, and has nothing under its name. */
	const isLost = ({ metadata }: T, namespace: string | undefined, listed: string): boolean =>
		(namespace === undefined || namespace === metadata?.namespace) &&
		isAtLeast(listed, metadata?.resourceVersion) &&
		store().get(objectKey(metadata)) === undefined;
	return {
		get: (key) => newest(textKey(key), store().get(key)),
		byIndex: (index, value) =>
			store()
				.byIndex(index, value)
				.flatMap((object) => newest(textKey(object.metadata ?? {}), object) ?? []),
		wrote: (object) => {
			written.set(textKey(object.metadata ?? {}), { object, at: now() });
		},
		gone: (object) => {
			const key = textKey(object.metadata ?? {});
			missing.set(key, object.metadata?.uid);
			written.delete(key);
		},
		observe: ({ type, object }) => {
			const key = textKey(object.metadata ?? {});
			if (type === "deleted" || missing.get(key) !== object.metadata?.uid) missing.delete(key);
			const own = written.get(key)?.object;
			if (own === undefined) return false;
			const sameObject = own.metadata?.uid === object.metadata?.uid;
			const gone = type === "deleted" && sameObject;
			if (gone || isAtLeast(object.metadata?.resourceVersion, own.metadata?.resourceVersion)) written.delete(key);
			return type !== "deleted" && sameObject && object.metadata?.resourceVersion === own.metadata?.resourceVersion;
		},
		listed: (namespace, resourceVersion) => {
			const lost = [...written.values()]
				.map(({ object }) => object)
				.filter((object) => isLost(object, namespace, resourceVersion));
			for (const object of lost) written.delete(textKey(object.metadata ?? {}));
			return lost;
		},
	};
};
