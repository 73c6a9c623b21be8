// What the status needs of Jobs, Pods, CronJobs and Events: a small part of each. Ten thousand backups keep tens of
// thousands of Jobs, so watches keep these records and drop the rest; none of them holds anything secret.
import { createHash } from "node:crypto";
import type { CronJob, Event, Job, KubernetesObject, ObjectMeta, Pod } from "../../api/kubernetes.ts";
import { bounded, FOREIGN_TEXT_LIMIT, later } from "./text.ts";

/** A Job's condition, as far as we read it. */
export interface JobCondition {
	type: string;
	status: string;
	reason: string;
	message: string;
	/** RFC 3339. */
	time: string | undefined;
}

export interface JobFacts extends KubernetesObject {
	metadata: ObjectMeta;
	suspended: boolean;
	/** Pods that are pending or running. */
	active: number;
	conditions: JobCondition[];
	startTime: string | undefined;
	completionTime: string | undefined;
	timeToLive: number | undefined;
	/** ConfigMaps that its pods mount: they must stay as long as it runs. */
	configMaps: string[];
	/** Secrets whose every key its pods take as environment: they too. */
	environments: string[];
}

export interface ContainerFacts {
	name: string;
	waiting: { reason: string; message: string } | undefined;
	/** Never the termination message: a program may have written anything into it. */
	terminated: { reason: string; exitCode: number; signal: number | undefined } | undefined;
}

export interface PodFacts extends KubernetesObject {
	metadata: ObjectMeta;
	phase: string;
	/** `Evicted`, `DeadlineExceeded`, `NodeLost` …; empty where the kubelet gave none. */
	reason: string;
	/** The scheduler's word while the pod has no node. */
	unscheduled: { reason: string; message: string } | undefined;
	scheduled: boolean;
	containers: ContainerFacts[];
}

export interface CronJobFacts extends KubernetesObject {
	metadata: ObjectMeta;
	schedule: string;
	timeZone: string | undefined;
	concurrencyPolicy: string;
	suspended: boolean;
	active: { name: string; uid: string }[];
	lastScheduleTime: string | undefined;
	lastSuccessfulTime: string | undefined;
	/** When somebody last changed it, its status aside; RFC 3339. */
	changedTime: string | undefined;
}

/** An Event about one of our Jobs, CronJobs or Pods. */
export interface EventFacts extends KubernetesObject {
	metadata: ObjectMeta;
	subjectUid: string;
	subjectKind: string;
	subjectName: string;
	reason: string;
	message: string;
	/** RFC 3339, of its last occurrence. */
	time: string | undefined;
}

/** Annotation of a child: hash of the state that we wrote last. */
export const APPLIED_HASH_ANNOTATION = "riotkit.org/applied-hash";
/** Annotation of a CronJob: its `metadata.generation` after our last write; any other means that somebody edited its spec. */
export const APPLIED_GENERATION_ANNOTATION = "riotkit.org/applied-generation";

/** Annotation on a scheduled Job that we suspended while a restore runs: nobody else's suspension is ever ended by us. */
export const HELD_ANNOTATION = "riotkit.org/held-for-restore";

/** Whether a scheduled Job waits, suspended by us, until a restore has ended. */
export const isHeld = ({ metadata, suspended }: JobFacts): boolean =>
	suspended && metadata.annotations?.[HELD_ANNOTATION] !== undefined;

/** The metadata that decisions need; names, times, owners, labels and our own annotations, nothing else's. */
export const slimMetadata = (metadata: ObjectMeta = {}): ObjectMeta => {
	const { name, namespace, uid, resourceVersion, generation, creationTimestamp, deletionTimestamp } = metadata;
	const annotations = Object.entries(metadata.annotations ?? {}).filter(([key]) => key.startsWith("riotkit.org/"));
	const kept = {
		name,
		namespace,
		uid,
		resourceVersion,
		generation,
		creationTimestamp,
		deletionTimestamp,
		labels: metadata.labels,
		annotations: annotations.length === 0 ? undefined : Object.fromEntries(annotations),
		ownerReferences: metadata.ownerReferences,
	};
	return Object.fromEntries(Object.entries(kept).filter(([, value]) => value !== undefined));
};

const identity = ({ apiVersion, kind }: KubernetesObject): Pick<KubernetesObject, "apiVersion" | "kind"> => ({
	...(apiVersion === undefined ? {} : { apiVersion }),
	...(kind === undefined ? {} : { kind }),
});

const configMapsOf = (spec: Job["spec"]): string[] =>
	(spec?.template.spec?.volumes ?? []).flatMap((volume) =>
		volume.configMap?.name === undefined ? [] : [volume.configMap.name],
	);

const environmentsOf = (spec: Job["spec"]): string[] =>
	(spec?.template.spec?.containers ?? []).flatMap(({ envFrom = [] }) =>
		envFrom.flatMap(({ secretRef }) => secretRef?.name ?? []),
	);

/** A Job, cut down. */
export const jobFacts = (job: Job): JobFacts => ({
	...identity(job),
	metadata: slimMetadata(job.metadata),
	suspended: job.spec?.suspend === true,
	active: job.status?.active ?? 0,
	conditions: (job.status?.conditions ?? []).map((condition) => ({
		type: condition.type,
		status: condition.status,
		reason: condition.reason ?? "",
		message: bounded(condition.message ?? "", FOREIGN_TEXT_LIMIT),
		time: condition.lastTransitionTime,
	})),
	startTime: job.status?.startTime,
	completionTime: job.status?.completionTime,
	timeToLive: job.spec?.ttlSecondsAfterFinished,
	configMaps: configMapsOf(job.spec),
	environments: environmentsOf(job.spec),
});

type ContainerStatus = NonNullable<NonNullable<Pod["status"]>["containerStatuses"]>[number];

const containerFacts = ({ name, state }: ContainerStatus): ContainerFacts => ({
	name,
	waiting:
		state?.waiting === undefined
			? undefined
			: {
					reason: state.waiting.reason ?? "",
					message: bounded(state.waiting.message ?? "", FOREIGN_TEXT_LIMIT),
				},
	terminated:
		state?.terminated === undefined
			? undefined
			: {
					reason: state.terminated.reason ?? "",
					exitCode: state.terminated.exitCode,
					signal: state.terminated.signal,
				},
});

/** A Pod, cut down. */
export const podFacts = (pod: Pod): PodFacts => {
	const placed = pod.status?.conditions?.find((condition) => condition.type === "PodScheduled");
	const statuses = [...(pod.status?.initContainerStatuses ?? []), ...(pod.status?.containerStatuses ?? [])];
	return {
		...identity(pod),
		metadata: slimMetadata(pod.metadata),
		phase: pod.status?.phase ?? "Pending",
		reason: pod.status?.reason ?? "",
		scheduled: placed?.status === "True",
		unscheduled:
			placed?.status === "False"
				? { reason: placed.reason ?? "", message: bounded(placed.message ?? "", FOREIGN_TEXT_LIMIT) }
				: undefined,
		containers: statuses.map(containerFacts),
	};
};

/** By the API server's own notes: https://kubernetes.io/docs/reference/using-api/server-side-apply/#field-management */
const changedTime = ({ metadata }: CronJob): string | undefined =>
	((metadata?.managedFields ?? []) as { time?: string; subresource?: string }[])
		.filter(({ subresource }) => subresource !== "status")
		.map(({ time }) => time)
		.reduce(later, metadata?.creationTimestamp);

/** A CronJob, cut down. */
export const cronJobFacts = (cronJob: CronJob): CronJobFacts => ({
	...identity(cronJob),
	metadata: slimMetadata(cronJob.metadata),
	schedule: cronJob.spec?.schedule ?? "",
	timeZone: cronJob.spec?.timeZone,
	concurrencyPolicy: cronJob.spec?.concurrencyPolicy ?? "Allow",
	suspended: cronJob.spec?.suspend === true,
	active: (cronJob.status?.active ?? []).map(({ name, uid }) => ({ name: name ?? "", uid: uid ?? "" })),
	lastScheduleTime: cronJob.status?.lastScheduleTime,
	lastSuccessfulTime: cronJob.status?.lastSuccessfulTime,
	changedTime: changedTime(cronJob),
});

/** An Event, cut down. */
export const eventFacts = (event: Event): EventFacts => ({
	...identity(event),
	metadata: slimMetadata(event.metadata),
	subjectUid: event.involvedObject.uid ?? "",
	subjectKind: event.involvedObject.kind ?? "",
	subjectName: event.involvedObject.name ?? "",
	reason: event.reason ?? "",
	message: bounded(event.message ?? "", FOREIGN_TEXT_LIMIT),
	time: [event.series?.lastObservedTime, event.lastTimestamp, event.eventTime ?? undefined].reduce(
		later,
		event.metadata?.creationTimestamp,
	),
});

/** A ConfigMap or Secret that we own: its data as a digest, so that an edit shows and no value is kept. */
export interface DataFacts extends KubernetesObject {
	metadata: ObjectMeta;
	digest: string;
}

/** A ConfigMap or Secret, as the API serves it: `data` only, in any order of keys. */
export const dataFacts = (
	object: KubernetesObject & {
		data?: Record<string, string>;
		binaryData?: Record<string, string>;
		immutable?: boolean;
	},
): DataFacts => ({
	...identity(object),
	metadata: slimMetadata(object.metadata),
	digest: digestOf({
		data: object.data ?? {},
		binaryData: object.binaryData ?? {},
		immutable: object.immutable ?? false,
	}),
});

const sorted = (value: unknown): unknown => {
	if (Array.isArray(value)) return value.map(sorted);
	if (typeof value !== "object" || value === null) return value;
	const entries = Object.entries(value).filter(([, item]) => item !== undefined);
	return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, item]) => [key, sorted(item)]));
};

/** A hash of any JSON value, whatever the order of its keys: 32 hexadecimal digits. */
export const digestOf = (value: unknown): string =>
	createHash("sha256")
		.update(JSON.stringify(sorted(value)))
		.digest("hex")
		.slice(0, 32);

/** The owner that controls the object (https://kubernetes.io/docs/concepts/overview/working-with-objects/owners-dependents/). */
export const controllerOf = (object: KubernetesObject): { kind: string; name: string; uid: string } | undefined =>
	object.metadata?.ownerReferences?.find((reference) => reference.controller === true);
