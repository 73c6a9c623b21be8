// Starts the controllers: watches, queues and the two reconcilers, bound to each other here and nowhere else.
import type { ClusterBackupProcedureTemplate, RequestedBackupAction, ScheduledBackup } from "../src/api/types.ts";
import type { ScheduledBackupFacts } from "../src/domain/facts.ts";
import type { Settings } from "../src/domain/settings.ts";
import type { KeyInspector } from "../src/gather/references.ts";
import type { Clock } from "../src/kube/clock.ts";
import type { Kube, Store } from "../src/kube/port.ts";
import type { Logger, ReflectorMetrics } from "../src/kube/reflector.ts";
import type { Transport } from "../src/kube/transport.ts";
import type { Activity } from "../src/locks/activity.ts";
import type { Locks } from "../src/locks/locks.ts";
import type { ControllerMetrics } from "./controller.ts";
import type { GenerateIdentity } from "./shared/context.ts";
import { rememberingInspector } from "./shared/inspector.ts";
import { startWatches } from "./watch/watches.ts";
import { beginWork, type Queues, type Shared } from "./work.ts";

export interface ControllersOptions {
	transport: Transport;
	/** When this replica reconciles. */
	activity: Activity;
	locks: Locks;
	/** What a replica does besides each time it becomes active, over a port that may write as long as it is. Never throws. */
	whileActive?: (kube: Kube, signal: AbortSignal) => void;
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
	/** Every watch has seen everything once, and the reconcilers run here or in another replica. */
	synced: Promise<void>;
	ready(): { name: string; ok: boolean; detail?: string }[];
	/** Lets the workers finish what they are at, and then other replicas work. The watches go on, for admission. */
	drain(): Promise<void>;
	/** Ends the watches, and the workers once they have finished what they are at; then lets other replicas work. */
	stop(): Promise<void>;
}

/** Key pairs whose inspection is remembered. */
const INSPECTIONS = 20_000;

/** Starts at once; reconciling begins when all watches have synced and this replica is to be active. */
export const startControllers = (options: ControllersOptions): Controllers => {
	const { transport, logger, metrics, clock, activity, locks } = options;
	const found = new Map<string, ScheduledBackupFacts>();
	/** Undefined while another replica works. */
	let queues: Queues | undefined;
	const watching = startWatches({
		transport,
		namespaces: options.watchNamespaces ?? [],
		logger,
		metrics,
		now: () => clock.now(),
		addScheduledBackup: (key) => queues?.scheduledBackups.add(key),
		addAction: (key) => queues?.actions.add(key),
	});
	const inspector = rememberingInspector(options.inspector, INSPECTIONS, () => new Date(clock.now()));
	const setQueues = (current: Queues | undefined): void => {
		queues = current;
	};
	const shared: Shared = { options, watching, inspector, found, setQueues };
	let stopped = false;
	let begun = false;
	const run = (): void => {
		if (stopped) return;
		begun = true;
		activity.start((permit) => beginWork(shared, permit));
	};
	const drain = async (): Promise<void> => {
		stopped = true;
		await activity.stop();
	};
	return {
		stores: watching.stores,
		facts: (namespace, name) => found.get(`${namespace}/${name}`),
		synced: watching.synced.then(run),
		ready: () => [
			...watching.ready(),
			{ name: "controllers started", ok: begun },
			...activity.checks(),
			...locks.checks(),
		],
		drain,
		stop: async () => {
			watching.stop();
			await drain();
		},
	};
};
