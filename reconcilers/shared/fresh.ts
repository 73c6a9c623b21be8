// What the watches know, with our own writes in front. A watch tells of a write some milliseconds after it was answered; a
// reconcile in between would see the old state and write again. Kept only until the watch has caught up.
import type { KubernetesObject, ObjectMeta } from "../../src/api/kubernetes.ts";
import type { Change, ObjectKey, Store } from "../../src/kube/port.ts";

export interface Fresh<T extends KubernetesObject> {
	get(key: ObjectKey): T | undefined;
	byIndex(index: string, value: string): T[];
	/** We created this object; it is as the API server returned it. */
	created(object: T): void;
	/** The API server returned this object for another write, or for a read. */
	wrote(object: T): void;
	/** The API server has this object, told by its UID, no more: it stays out of sight until the watch says so too. */
	gone(object: T): void;
	/**
	 * The watch told something: call for every change, before any reconcile of it.
	 * @returns whether it is no more than our own write coming back, of which we know all already.
	 */
	observe(change: Change<T>): boolean;
	/**
	 * Call after each whole list, when its changes have been observed.
	 * @param namespace of the list; undefined: all namespaces
	 * @param resourceVersion of the list
	 * @returns each object that we created and that was deleted while the watch was interrupted, once: there is no event about it
	 */
	deletedUnseen(namespace: string | undefined, resourceVersion: string): T[];
}

/** Milliseconds after which a watch must have told of a write; after that, what the watch has is used. */
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

interface Written<T> {
	object: T;
	/** Milliseconds since the epoch. */
	at: number;
	/** Created by us, with labels that the watch selects by: it is in each list until it is deleted. */
	ours: boolean;
}

/** How far the watches of a kind are: all namespaces have one, or each has its own. */
const createProgress = () => {
	const versions = new Map<string | undefined, string>();
	return {
		reached: (namespace: string | undefined, version: string | undefined): void => {
			if (version !== undefined && isAtLeast(version, versions.get(namespace))) versions.set(namespace, version);
		},
		hasPassed: ({ namespace, resourceVersion }: ObjectMeta): boolean =>
			isAtLeast(versions.get(namespace), resourceVersion) || isAtLeast(versions.get(undefined), resourceVersion),
	};
};

/**
 * @param store the watch's store; a function, since the watch's handler needs this before the store exists.
 * @param now milliseconds since the epoch.
 * @param onDeleted called for what was deleted before we knew that it was written.
 */
export const createFresh = <T extends KubernetesObject>(
	store: () => Store<T>,
	now: () => number,
	onDeleted: (object: T) => void = () => {},
): Fresh<T> => {
	const progress = createProgress();
	const written = new Map<string, Written<T>>();
	/** UIDs that are gone, by key. */
	const missing = new Map<string, string | undefined>();
	const newest = (key: string, known: T | undefined): T | undefined => {
		if (missing.has(key) && missing.get(key) === known?.metadata?.uid) return undefined;
		const own = written.get(key);
		if (own === undefined) return known;
		const caughtUp = isAtLeast(known?.metadata?.resourceVersion, own.object.metadata?.resourceVersion);
		if (!caughtUp && now() - own.at < PATIENCE) return own.object;
		// What we created is remembered until the watch has it, or a list shows that it is deleted.
		if (caughtUp || !own.ours) written.delete(key);
		return known;
	};
	const record = (object: T, ours: boolean): void => {
		written.set(textKey(object.metadata ?? {}), { object, at: now(), ours });
	};
	/** Whether the watch has to have it, and has nothing under its name. */
	const isDeleted = ({ metadata = {} }: T): boolean =>
		progress.hasPassed(metadata) && store().get(objectKey(metadata)) === undefined;
	return {
		get: (key) => newest(textKey(key), store().get(key)),
		byIndex: (index, value) =>
			store()
				.byIndex(index, value)
				.flatMap((object) => newest(textKey(object.metadata ?? {}), object) ?? []),
		created: (object) => {
			if (isDeleted(object)) onDeleted(object);
			else record(object, true);
		},
		wrote: (object) => {
			const before = written.get(textKey(object.metadata ?? {}));
			record(object, before?.ours === true && before.object.metadata?.uid === object.metadata?.uid);
		},
		gone: (object) => {
			const key = textKey(object.metadata ?? {});
			missing.set(key, object.metadata?.uid);
			written.delete(key);
		},
		observe: ({ type, object }) => {
			progress.reached(object.metadata?.namespace, object.metadata?.resourceVersion);
			const key = textKey(object.metadata ?? {});
			if (type === "deleted" || missing.get(key) !== object.metadata?.uid) missing.delete(key);
			const own = written.get(key)?.object;
			if (own === undefined) return false;
			const sameObject = own.metadata?.uid === object.metadata?.uid;
			const gone = type === "deleted" && sameObject;
			if (gone || isAtLeast(object.metadata?.resourceVersion, own.metadata?.resourceVersion)) written.delete(key);
			return type !== "deleted" && sameObject && object.metadata?.resourceVersion === own.metadata?.resourceVersion;
		},
		deletedUnseen: (namespace, resourceVersion) => {
			progress.reached(namespace, resourceVersion);
			const deleted = [...written.values()].flatMap(({ object, ours }) => (ours && isDeleted(object) ? [object] : []));
			for (const object of deleted) written.delete(textKey(object.metadata ?? {}));
			return deleted;
		},
	};
};
