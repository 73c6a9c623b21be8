// Starts the controllers: watches, queues and the two reconcilers, bound to each other here and nowhere else.
import { randomBytes } from "node:crypto";
import type { ClusterBackupProcedureTemplate, RequestedBackupAction, ScheduledBackup } from "../src/api/types.ts";
import type { ScheduledBackupFacts } from "../src/domain/facts.ts";
import type { Settings } from "../src/domain/settings.ts";
import type { KeyInspector } from "../src/gather/references.ts";
import type { Clock } from "../src/kube/clock.ts";
import type { Kube, ObjectKey, Store } from "../src/kube/port.ts";
import type { Logger, ReflectorMetrics } from "../src/kube/reflector.ts";
import type { Transport } from "../src/kube/transport.ts";
import { type Controller, type ControllerMetrics, runController } from "./controller.ts";
import { done, type Outcome } from "./outcome.ts";
import { createQueue } from "./queue.ts";
import { createActionReconciler } from "./requestedbackupaction/reconcile.ts";
import { createScheduledBackupReconciler } from "./scheduledbackup/reconcile.ts";
import type { Context, GenerateIdentity, Key } from "./shared/context.ts";
import { createEventRecorder } from "./shared/events.ts";
import { rememberingInspector } from "./shared/inspector.ts";
import { isNamespaceTerminating } from "./shared/refusal.ts";
import { startWatches } from "./watch/watches.ts";

export interface ControllersOptions {
	kube: Kube;
	transport: Transport;
	settings: Settings;
	inspector: KeyInspector;
	gpg: { generateIdentity: GenerateIdentity };
	logger: Logger;
	metrics: ReflectorMetrics & ControllerMetrics;
	clock: Clock;
	/** 0 ≤ x < 1, for back-off and names of Events. */
	random: () => number;
	/** All where absent or empty. */
	watchNamespaces?: readonly string[];
	/** How many keys of each kind are worked on at a time. */
	workers?: number;
}

export interface Controllers {
	/** For admission, so that nothing is watched twice. Indexes: `template` and `scheduledBackup` (unfinished actions). */
	stores: {
		scheduledBackups: Store<ScheduledBackup>;
		templates: Store<ClusterBackupProcedureTemplate>;
		actions: Store<RequestedBackupAction>;
	};
	/** What was last found of a ScheduledBackup's Secrets: names of keys, never values; no template. */
	facts(namespace: string, name: string): ScheduledBackupFacts | undefined;
	/** Every watch has seen everything once, and the reconcilers run. */
	synced: Promise<void>;
	ready(): { name: string; ok: boolean }[];
	/** Ends the watches, and the workers once they have finished what they are at. */
	stop(): Promise<void>;
}

const DEFAULT_WORKERS = 12;
/** Key pairs whose inspection is remembered. */
const INSPECTIONS = 20_000;

type Reconcile = (key: Key, signal: AbortSignal) => Promise<Outcome>;

/** What goes with its namespace is no fault. */
const tolerant =
	(reconcile: Reconcile): Reconcile =>
	async (key, signal) => {
		try {
			return await reconcile(key, signal);
		} catch (error) {
			if (isNamespaceTerminating(error)) return done;
			throw error;
		}
	};

/** Starts at once; reconciling begins when all watches have synced. */
export const startControllers = (options: ControllersOptions): Controllers => {
	const { kube, transport, settings, logger, metrics, clock, random, workers = DEFAULT_WORKERS } = options;
	const now = (): Date => new Date(clock.now());
	const queues = {
		scheduledBackups: createQueue<Key>({ clock, random }),
		actions: createQueue<Key>({ clock, random }),
	};
	const found = new Map<string, ScheduledBackupFacts>();
	const watching = startWatches({
		transport,
		namespaces: options.watchNamespaces ?? [],
		logger,
		metrics,
		now: () => clock.now(),
		addScheduledBackup: queues.scheduledBackups.add,
		addAction: queues.actions.add,
	});
	const context: Context = {
		kube,
		watches: watching.watches,
		settings,
		inspector: rememberingInspector(options.inspector, INSPECTIONS, now),
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
	const running: Controller[] = [];
	let stopped = false;
	const run = (): void => {
		if (stopped) return;
		const start = (name: string, queue: (typeof queues)["actions"], reconcile: Reconcile): void => {
			running.push(
				runController<Key>({ name, queue, reconcile: tolerant(reconcile), workers, logger, metrics, clock }),
			);
		};
		start("scheduledbackup", queues.scheduledBackups, createScheduledBackupReconciler(context));
		start("requestedbackupaction", queues.actions, createActionReconciler(context));
	};
	return {
		stores: watching.stores,
		facts: (namespace, name) => found.get(`${namespace}/${name}`),
		synced: watching.synced.then(run),
		ready: () => [...watching.ready(), { name: "controllers started", ok: running.length > 0 }],
		stop: async () => {
			stopped = true;
			watching.stop();
			await Promise.all(running.map((controller) => controller.stop()));
		},
	};
};
