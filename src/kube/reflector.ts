// Keeps a set of objects current and says what changed. Ours instead of client-node's informer, which stops for good
// on a reset, a 429 or a 503, loses an event that it cannot parse, and knows no bookmarks or paging.
// Files: reflector/loop.ts decides when to list and watch, watch.ts is one connection, store.ts finds the difference.
import type { ResourceKind } from "../api/kinds.ts";
import type { KubernetesObject } from "../api/kubernetes.ts";
import { systemClock } from "./clock.ts";
import type { Change, Store } from "./port.ts";
import { type LoopSink, type LoopTarget, type LoopTiming, runLoop } from "./reflector/loop.ts";
import type { DropReason, Logger, ReflectorMetrics } from "./reflector/observer.ts";
import { freeze, slim } from "./reflector/slim.ts";
import { createStore, type Indexes, storeKey, type WritableStore } from "./reflector/store.ts";
import type { Transport } from "./transport.ts";

export type { Logger, ReflectorMetrics } from "./reflector/observer.ts";
export { identityOnly } from "./reflector/slim.ts";
export type { Indexes } from "./reflector/store.ts";

export interface ReflectorOptions<T extends KubernetesObject> {
	transport: Transport;
	kind: ResourceKind<T>;
	/** One watch each; all namespaces where absent or empty. */
	namespaces?: readonly string[];
	labelSelector?: string;
	/** For kinds that know it, as Events do: `reason=FailedCreate`. */
	fieldSelector?: string;
	/** Asks the API server for metadata alone: a Secret's data then never comes here. */
	metadataOnly?: boolean;
	/** What to keep of an object (managedFields are gone already). Must keep namespace, name, UID and resourceVersion. */
	transform?: (object: T) => T;
	indexes?: Indexes<T>;
	/** Called for each change, in order, after the store has it. */
	onChange: (change: Change<T>) => void;
	/**
	 * Called after each whole list (of one namespace, or of all: undefined) and its changes. What it returns is handed to
	 * `onChange` as deleted: objects that a list of this version would have, and that were never in the store.
	 */
	deletedUnseen?: (namespace: string | undefined, resourceVersion: string) => readonly T[];
	logger: Logger;
	metrics: ReflectorMetrics;
	timing?: Partial<LoopTiming>;
}

export interface Reflector<T extends KubernetesObject> {
	store: Store<T>;
	/** Resolves when every namespace was listed once and its changes were handed out; never rejects. */
	synced: Promise<void>;
	/** Ends the watches. The store stays as it is. */
	stop(): void;
}

const DEFAULT_TIMING: LoopTiming = {
	clock: systemClock,
	random: Math.random,
	backoff: { base: 1000, cap: 30_000 },
	idleAfter: 150_000,
	shortLived: 1000,
};

/** https://kubernetes.io/docs/reference/using-api/api-concepts/#receiving-resources-as-partialobjectmetadata */
const METADATA = (kind: string): string => `application/json;as=${kind};g=meta.k8s.io;v=v1`;

/** Starts listing and watching at once, and goes on until stopped, whatever the API server does. */
export const startReflector = <T extends KubernetesObject>(options: ReflectorOptions<T>): Reflector<T> => {
	const stopped = new AbortController();
	const timing = { ...DEFAULT_TIMING, ...options.timing };
	const namespaces =
		options.kind.namespaced && options.namespaces?.length ? [...new Set(options.namespaces)] : [undefined];
	const store = createStore(guardedIndexes(options));
	const { promise: synced, resolve } = Promise.withResolvers<void>();
	const missing = new Set(namespaces);
	const firstList = (namespace: string | undefined): void => {
		if (!missing.delete(namespace) || missing.size > 0) return;
		store.markSynced();
		resolve();
	};
	for (const namespace of namespaces) {
		const target: LoopTarget = {
			kind: options.kind,
			namespace,
			labelSelector: options.labelSelector,
			fieldSelector: options.fieldSelector,
			signal: stopped.signal,
			listAccept: options.metadataOnly ? METADATA("PartialObjectMetadataList") : undefined,
			watchAccept: options.metadataOnly ? METADATA("PartialObjectMetadata") : undefined,
		};
		const sink = createSink(options, store, namespace, () => firstList(namespace));
		const { transport, logger, metrics } = options;
		void runLoop({ transport, target, sink, timing, logger, metrics });
	}
	return { store, synced, stop: () => stopped.abort() };
};

/** The way from an object of the wire to the store and to onChange, on which no mistake of ours may end the watch. */
const createSink = <T extends KubernetesObject>(
	options: ReflectorOptions<T>,
	store: WritableStore<T>,
	namespace: string | undefined,
	afterList: () => void,
): LoopSink => {
	let listing = new Map<string, T>();
	const dropped = (reason: DropReason, fields: object): void => {
		options.metrics.eventDropped(options.kind.kind, reason);
		options.logger.error({ kind: options.kind.kind, namespace, ...fields }, `watch event dropped: ${reason}`);
	};
	const kept = (object: KubernetesObject): T | undefined => {
		try {
			const small = slim(options.kind, object) as T;
			return options.transform === undefined ? small : freeze(options.transform(small));
		} catch (error) {
			dropped("transform", { name: object.metadata?.name, err: error });
			return undefined;
		}
	};
	const unseen = (resourceVersion: string): readonly T[] => {
		try {
			return options.deletedUnseen?.(namespace, resourceVersion) ?? [];
		} catch (error) {
			dropped("handler", { err: error });
			return [];
		}
	};
	const tell = (changes: Change<T>[]): void => {
		for (const change of changes)
			try {
				options.onChange(change);
			} catch (error) {
				dropped("handler", { name: change.object.metadata?.name, err: error });
			}
	};
	return {
		listRestarted: () => {
			listing = new Map();
		},
		listPage: (objects) => {
			for (const object of objects) {
				const small = kept(object);
				if (small !== undefined) listing.set(storeKey(small.metadata ?? {}), small);
			}
		},
		listed: (resourceVersion) => {
			const changes = store.replace(listing, namespace);
			listing = new Map();
			tell(changes);
			tell(unseen(resourceVersion).map((object) => ({ type: "deleted", object })));
			afterList();
		},
		changed: (object) => {
			const small = kept(object);
			if (small !== undefined) tell(store.put(small));
		},
		// Gone is gone, also where the transform fails.
		deleted: (object) => tell(store.remove(kept(object) ?? (slim(options.kind, object) as T))),
		lost: (why) => dropped("unparsable", { why }),
	};
};

/** An index that throws finds nothing, rather than leaving the store half written. */
const guardedIndexes = <T extends KubernetesObject>(options: ReflectorOptions<T>): Indexes<T> =>
	Object.fromEntries(
		Object.entries(options.indexes ?? {}).map(([name, values]) => [
			name,
			(object: T) => {
				try {
					return values(object);
				} catch (error) {
					options.logger.error({ kind: options.kind.kind, index: name, err: error }, "index function failed");
					return [];
				}
			},
		]),
	);
