// All watches of the controllers, started together: each has its store, its indexes and its way to the keys it concerns.
import {
	CLUSTER_BACKUP_PROCEDURE_TEMPLATE,
	CONFIG_MAP,
	CRON_JOB,
	EVENT,
	JOB,
	POD,
	REQUESTED_BACKUP_ACTION,
	type ResourceKind,
	SCHEDULED_BACKUP,
	SECRET,
} from "../../src/api/kinds.ts";
import type { CronJob, Event, Job, KubernetesObject, Pod } from "../../src/api/kubernetes.ts";
import type { ClusterBackupProcedureTemplate, RequestedBackupAction, ScheduledBackup } from "../../src/api/types.ts";
import { MANAGED_SELECTOR } from "../../src/domain/objects/labels.ts";
import {
	type CronJobFacts,
	cronJobFacts,
	type DataFacts,
	dataFacts,
	type EventFacts,
	eventFacts,
	type JobFacts,
	jobFacts,
	type PodFacts,
	podFacts,
} from "../../src/domain/status/facts.ts";
import type { Change, Store } from "../../src/kube/port.ts";
import {
	type Indexes,
	identityOnly,
	type Logger,
	type Reflector,
	type ReflectorMetrics,
	startReflector,
} from "../../src/kube/reflector.ts";
import type { Transport } from "../../src/kube/transport.ts";
import type { Key, Watches } from "../shared/context.ts";
import { createEndedRuns, type EndedRuns } from "../shared/endedruns.ts";
import { createFresh, type Fresh } from "../shared/fresh.ts";
import { actionIndexes, childIndexes, eventIndexes, scheduledBackupIndexes } from "./indexes.ts";
import { createMapping, type Mapping } from "./mapping.ts";

export interface WatchOptions {
	transport: Transport;
	/** All where empty. */
	namespaces: readonly string[];
	logger: Logger;
	metrics: ReflectorMetrics;
	/** Milliseconds since the epoch. */
	now: () => number;
	addScheduledBackup: (key: Key) => void;
	addAction: (key: Key) => void;
}

export interface RunningWatches {
	watches: Watches;
	stores: {
		scheduledBackups: Store<ScheduledBackup>;
		templates: Store<ClusterBackupProcedureTemplate>;
		actions: Store<RequestedBackupAction>;
	};
	synced: Promise<void>;
	/** Each watch by name, and whether it has seen everything once. */
	ready(): { name: string; ok: boolean }[];
	stop(): void;
}

interface Selection<T extends KubernetesObject> {
	kind: ResourceKind;
	/** From the wire to what is kept. */
	transform?: (object: never) => T;
	indexes?: Indexes<T>;
	labelSelector?: string;
	fieldSelector?: string;
	metadataOnly?: boolean;
	timing?: { idleAfter: number };
	onChange: (change: Change<T>) => void;
	deletedUnseen?: (namespace: string | undefined, resourceVersion: string) => readonly T[];
}

/**
 * Milliseconds. Events have no watch cache, so their watches get no bookmarks and may rightly be silent until the server
 * ends them (after 10 minutes at most).
 */
const EVENT_SILENCE = 15 * 60_000;

/** Pods that are refused and mounts that fail have no other sign than these. */
const EVENT_SELECTORS = [
	"reason=FailedCreate,involvedObject.apiVersion=batch/v1",
	"reason=FailedMount,involvedObject.kind=Pod",
];

const LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration";

/** kubectl keeps a whole copy of the object in an annotation; one is enough. */
const withoutCopy = <T extends KubernetesObject>(object: T): T => {
	if (object.metadata?.annotations?.[LAST_APPLIED] === undefined) return object;
	const { [LAST_APPLIED]: _, ...annotations } = object.metadata.annotations;
	return { ...object, metadata: { ...object.metadata, annotations } };
};

/** Starts single watches and remembers them, for `ready` and `stop`. */
const createStarter = (options: WatchOptions) => {
	const { transport, namespaces, logger, metrics } = options;
	const running: { name: string; reflector: Reflector<never> }[] = [];
	const start = <T extends KubernetesObject>(selection: Selection<T>): Store<T> => {
		const { kind, transform, ...rest } = selection;
		const reflector = startReflector<T>({
			transport,
			namespaces,
			logger,
			metrics,
			kind: kind as ResourceKind<T>,
			...(transform === undefined ? {} : { transform: transform as unknown as (object: T) => T }),
			...rest,
		});
		running.push({ name: `watch ${kind.kind}`, reflector: reflector as unknown as Reflector<never> });
		return reflector.store;
	};
	/** A watch whose own writes are put in front until it has caught up. */
	const startFresh = <T extends KubernetesObject>(
		selection: Omit<Selection<T>, "onChange" | "deletedUnseen">,
		onChange: (change: Change<T>, own: boolean) => void,
	): { fresh: Fresh<T>; store: Store<T> } => {
		const deleted = (object: T): void => onChange({ type: "deleted", object }, false);
		const fresh: Fresh<T> = createFresh<T>(() => store, options.now, deleted);
		const store: Store<T> = start({
			...selection,
			onChange: (change) => onChange(change, fresh.observe(change)),
			deletedUnseen: (namespace, resourceVersion) => fresh.deletedUnseen(namespace, resourceVersion),
		});
		return { fresh, store };
	};
	return { running, start, startFresh };
};

type Starter = ReturnType<typeof createStarter>;

/** What users write: the two kinds that are reconciled, and the templates. */
const watchUsers = ({ start, startFresh }: Starter, mapping: () => Mapping) => ({
	scheduledBackups: startFresh<ScheduledBackup>(
		{ kind: SCHEDULED_BACKUP, transform: withoutCopy<ScheduledBackup>, indexes: scheduledBackupIndexes },
		(change, own) => mapping().scheduledBackup(change, own),
	),
	actions: startFresh<RequestedBackupAction>(
		{ kind: REQUESTED_BACKUP_ACTION, transform: withoutCopy<RequestedBackupAction>, indexes: actionIndexes },
		(change, own) => mapping().action(change, own),
	),
	templates: start<ClusterBackupProcedureTemplate>({
		kind: CLUSTER_BACKUP_PROCEDURE_TEMPLATE,
		transform: withoutCopy<ClusterBackupProcedureTemplate>,
		onChange: (change) => mapping().template(change, false),
	}),
	/** Nothing is kept of them but that they are there: any may be one that somebody names. */
	secrets: startFresh<KubernetesObject>({ kind: SECRET, metadataOnly: true, transform: identityOnly }, (change) =>
		mapping().secret(change, false),
	),
});

/** What we made, and what was made of it, found by our labels. */
const watchChildren = ({ start, startFresh }: Starter, mapping: () => Mapping, endedRuns: EndedRuns) => {
	const ours = { labelSelector: MANAGED_SELECTOR, indexes: childIndexes };
	const data = { ...ours, transform: dataFacts };
	const dataChanged = (change: Change<DataFacts>, own: boolean): void => mapping().data(change, own);
	return {
		configMaps: startFresh<DataFacts>({ kind: CONFIG_MAP, ...data }, dataChanged),
		ownedSecrets: startFresh<DataFacts>({ kind: SECRET, ...data }, dataChanged),
		cronJobs: startFresh<CronJobFacts>(
			{ kind: CRON_JOB, ...ours, transform: (object: CronJob) => cronJobFacts(object) },
			(change, own) => mapping().cronJob(change, own),
		),
		jobs: startFresh<JobFacts>({ kind: JOB, ...ours, transform: (object: Job) => jobFacts(object) }, (change, own) => {
			endedRuns.observe(change);
			mapping().job(change, own);
		}),
		pods: start<PodFacts>({
			kind: POD,
			...ours,
			transform: (object: Pod) => podFacts(object),
			onChange: (change) => mapping().pod(change, false),
		}),
	};
};

const watchEvents = ({ start }: Starter, mapping: () => Mapping): Store<EventFacts>[] =>
	EVENT_SELECTORS.map((fieldSelector) =>
		start<EventFacts>({
			kind: EVENT,
			fieldSelector,
			timing: { idleAfter: EVENT_SILENCE },
			transform: (object: Event) => eventFacts(object),
			indexes: eventIndexes,
			onChange: (change) => mapping().event(change, false),
		}),
	);

/** Lists and watches everything that the state of our objects depends on; never fails, see `ready`. */
export const startWatches = (options: WatchOptions): RunningWatches => {
	const starter = createStarter(options);
	const { running } = starter;
	const endedRuns = createEndedRuns(() => new Date(options.now()));
	// Changes come only after this function has returned, so the mapping may look into stores that are not made yet.
	const { scheduledBackups, actions, templates, secrets } = watchUsers(starter, () => mapping);
	const { configMaps, ownedSecrets, cronJobs, jobs, pods } = watchChildren(starter, () => mapping, endedRuns);
	const events = watchEvents(starter, () => mapping);
	const mapping = createMapping({
		scheduledBackups: () => scheduledBackups.store,
		actions: () => actions.store,
		jobs: () => jobs.store,
		pods: () => pods,
		cronJobs: () => cronJobs.store,
		addScheduledBackup: options.addScheduledBackup,
		addAction: options.addAction,
	});
	return {
		watches: {
			scheduledBackups: scheduledBackups.fresh,
			actions: actions.fresh,
			templates,
			secrets: secrets.fresh,
			configMaps: configMaps.fresh,
			ownedSecrets: ownedSecrets.fresh,
			cronJobs: cronJobs.fresh,
			jobs: jobs.fresh,
			endedRuns,
			pods,
			events: { byIndex: (index, value) => events.flatMap((store) => store.byIndex(index, value)) },
		},
		stores: { scheduledBackups: scheduledBackups.store, templates, actions: actions.store },
		synced: Promise.all(running.map(({ reflector }) => reflector.synced)).then(() => undefined),
		ready: () => running.map(({ name, reflector }) => ({ name, ok: reflector.store.synced })),
		stop: () => {
			for (const { reflector } of running) reflector.stop();
		},
	};
};
