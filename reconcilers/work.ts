// What an active replica does: workers over both queues, from the moment that it may write until it may not any more. Whoever
// begins looks at every object once, so nothing need be kept of the time before.
import { randomBytes } from "node:crypto";
import type { KubernetesObject } from "../src/api/kubernetes.ts";
import type { ScheduledBackupFacts } from "../src/domain/facts.ts";
import { createKube } from "../src/kube/client.ts";
import { type Permit, permitted } from "../src/kube/permission.ts";
import type { Kube, ObjectKey, Store } from "../src/kube/port.ts";
import type { Work } from "../src/locks/activity.ts";
import { type Controller, type Reconcile, runController } from "./controller.ts";
import type { ControllersOptions } from "./index.ts";
import { done } from "./outcome.ts";
import { createQueue, type Queue } from "./queue.ts";
import { createActionReconciler } from "./requestedbackupaction/reconcile.ts";
import { createScheduledBackupReconciler } from "./scheduledbackup/reconcile.ts";
import { type Context, type Key, keyOf, objectKey } from "./shared/context.ts";
import { createEventRecorder } from "./shared/events.ts";
import { isNamespaceTerminating } from "./shared/refusal.ts";
import type { RunningWatches } from "./watch/watches.ts";

export interface Queues {
	scheduledBackups: Queue<Key>;
	actions: Queue<Key>;
}

/** What outlives a term, because watches and admission use it as well. */
export interface Shared {
	options: ControllersOptions;
	watching: Pick<RunningWatches, "watches" | "stores">;
	inspector: Context["inspector"];
	/** What was last found of each ScheduledBackup's Secrets, by `namespace/name`. */
	found: Map<string, ScheduledBackupFacts>;
	/** Says where keys are to be added from now on; nowhere where undefined. */
	setQueues: (queues: Queues | undefined) => void;
}

const DEFAULT_WORKERS = 12;

/** What goes with its namespace is no fault. */
const tolerant =
	(reconcile: Reconcile<Key>): Reconcile<Key> =>
	async (key, signal, progressed) => {
		try {
			return await reconcile(key, signal, progressed);
		} catch (error) {
			if (isNamespaceTerminating(error)) return done;
			throw error;
		}
	};

const contextOver = ({ options, watching, inspector, found }: Shared, kube: Kube): Context => {
	const { clock, logger, random, settings } = options;
	const now = (): Date => new Date(clock.now());
	return {
		kube,
		watches: watching.watches,
		settings,
		inspector,
		generateIdentity: options.gpg.generateIdentity,
		events: createEventRecorder(kube, logger, now, random),
		logger,
		now,
		randomBytes,
		rememberFacts: ({ namespace, name }: ObjectKey, facts) => {
			if (facts === undefined) found.delete(`${namespace}/${name}`);
			else found.set(`${namespace}/${name}`, { ...facts, template: undefined });
		},
	};
};

/** Starts the workers. Every write of theirs asks the permit, and its end cuts what is under way. */
export const beginWork = (shared: Shared, permit: Permit): Work => {
	const { options, watching, found, setQueues } = shared;
	const { clock, random, logger, metrics, locks, workers = DEFAULT_WORKERS } = options;
	const { signal } = permit;
	const kube = createKube(permitted(options.transport, permit));
	const context = contextOver(shared, kube);
	const { stores } = watching;
	const queues: Queues = {
		scheduledBackups: createQueue<Key>({ clock, random }),
		actions: createQueue<Key>({ clock, random }),
	};
	setQueues(queues);
	const start = (
		name: string,
		queue: Queue<Key>,
		store: Store<KubernetesObject>,
		reconcile: Reconcile<Key>,
	): Controller => {
		// UIDs mean one object everywhere: several clusters may share a Redis.
		const lockName = (key: Key): string | undefined => store.get(objectKey(key))?.metadata?.uid;
		const what = { name, queue, reconcile: tolerant(reconcile), locks, lockName, signal };
		const controller = runController<Key>({ ...what, workers, logger, metrics, clock });
		for (const object of store.list()) queue.add(keyOf(object));
		return controller;
	};
	const running = [
		start(
			"scheduledbackup",
			queues.scheduledBackups,
			stores.scheduledBackups,
			createScheduledBackupReconciler(context),
		),
		start("requestedbackupaction", queues.actions, stores.actions, createActionReconciler(context)),
	];
	options.whileActive?.(kube, signal);
	return {
		stop: async (graceSeconds) => {
			setQueues(undefined);
			await Promise.all(running.map((controller) => controller.stop(graceSeconds)));
			// Nobody keeps them up to date here any more.
			found.clear();
		},
	};
};
