// Small Jobs, Pods and Events for status tests: what matters is given, the rest is filled in.
import type { Event, Job, Pod } from "../../../src/api/kubernetes.ts";
import type { ScheduledBackup, ScheduledBackupStatus } from "../../../src/api/types.ts";
import {
	type EventFacts,
	eventFacts,
	type JobFacts,
	jobFacts,
	type PodFacts,
	podFacts,
} from "../../../src/domain/status/facts.ts";

export const NOW = new Date("2026-03-01T12:00:00Z");
/** RFC 3339, so many minutes before NOW. */
export const ago = (minutes: number): string => new Date(NOW.getTime() - minutes * 60_000).toISOString();

const controlledBy = (kind: string, name: string, uid: string) => [
	{ apiVersion: "x/v1", kind, name, uid, controller: true },
];

export interface JobSample {
	name?: string;
	conditions?: { type: string; status: string; reason?: string; message?: string; lastTransitionTime?: string }[];
	suspend?: boolean;
	active?: number;
	completionTime?: string;
	startTime?: string;
	created?: string;
	owner?: [kind: string, name: string, uid: string];
	labels?: Record<string, string>;
	annotations?: Record<string, string>;
}

export const job = (sample: JobSample = {}): JobFacts => {
	const { name = "job1", created = ago(10), owner = ["CronJob", "app1", "cron-uid"] } = sample;
	return jobFacts({
		apiVersion: "batch/v1",
		kind: "Job",
		metadata: {
			namespace: "default",
			name,
			uid: `${name}-uid`,
			creationTimestamp: created,
			labels: sample.labels,
			annotations: sample.annotations,
			ownerReferences: controlledBy(...owner),
		},
		spec: { template: {}, ...(sample.suspend === undefined ? {} : { suspend: sample.suspend }) },
		status: {
			active: sample.active,
			conditions: sample.conditions,
			completionTime: sample.completionTime,
			startTime: sample.startTime,
		},
	} as unknown as Job);
};

export const complete = (time = ago(5)) => ({ type: "Complete", status: "True", lastTransitionTime: time });
export const failed = (reason = "BackoffLimitExceeded", time = ago(5)) => ({
	type: "Failed",
	status: "True",
	reason,
	message: "Job has reached the specified backoff limit",
	lastTransitionTime: time,
});

export const pod = (
	status: object,
	more: { name?: string; job?: string; created?: string; deleted?: string; labels?: Record<string, string> } = {},
): PodFacts => {
	const { name = "pod1", job: owner = "job1", created = ago(10), deleted } = more;
	return podFacts({
		metadata: {
			namespace: "default",
			name,
			uid: `${name}-uid`,
			creationTimestamp: created,
			...(deleted === undefined ? {} : { deletionTimestamp: deleted }),
			labels: more.labels,
			ownerReferences: controlledBy("Job", owner, `${owner}-uid`),
		},
		status,
	} as unknown as Pod);
};

/** `status.containerStatuses` with one container in this state. */
export const container = (state: object) => ({ containerStatuses: [{ name: "backup-maker", state }] });

export const scheduled = { conditions: [{ type: "PodScheduled", status: "True" }] };

export const event = (reason: string, uid: string, time = ago(1), message = "no such thing"): EventFacts =>
	eventFacts({
		metadata: { namespace: "default", name: "e", creationTimestamp: ago(60) },
		involvedObject: { kind: "Pod", name: "pod1", uid },
		reason,
		message,
		lastTimestamp: time,
	} as unknown as Event);

export const scheduledBackup = (status?: ScheduledBackupStatus, spec: object = {}): ScheduledBackup => ({
	apiVersion: "riotkit.org/v1alpha1",
	kind: "ScheduledBackup",
	metadata: { namespace: "default", name: "app1", uid: "sb-uid", generation: 3, resourceVersion: "7" },
	spec: { operation: "backup", collectionId: "c", templateRef: { name: "t" }, cronJob: {}, ...spec },
	...(status === undefined ? {} : { status }),
});
