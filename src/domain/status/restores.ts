// What a restore that hangs means for the schedule: no run starts while it is under way, so nothing else would ever tell
// that backups have stopped.
import type { Job } from "../../api/kubernetes.ts";
import { ACTION_LABEL, OPERATION_LABEL } from "../objects/labels.ts";
import { controllerOf, type EventFacts, type JobFacts, jobFacts, type PodFacts } from "./facts.ts";
import { findTrouble, type Trouble } from "./trouble.ts";

interface Seen {
	jobs: readonly JobFacts[];
	pods: readonly PodFacts[];
	events: readonly EventFacts[];
	now: Date;
	/** What the schedule does: one that restores stands still for every action. */
	operation?: string;
}

export interface RestoreSearch {
	trouble?: Trouble;
	lookAgainAt?: Date;
}

const isRestore = ({ metadata }: JobFacts | PodFacts): boolean => metadata.labels?.[OPERATION_LABEL] === "restore";

/** Whether the schedule stands still for it. */
const holdsUp = (subject: JobFacts | PodFacts, { operation }: Seen): boolean =>
	isRestore(subject) || (operation === "restore" && subject.metadata.labels?.[ACTION_LABEL] !== undefined);

/** Pods that outlive their Job still hold up the schedule: what is known of such a Job is its name. */
const goneJobs = (seen: Seen): JobFacts[] => {
	const { jobs, pods } = seen;
	const known = new Set(jobs.map(({ metadata }) => metadata.uid));
	return pods
		.filter((pod) => holdsUp(pod, seen))
		.flatMap((pod) => {
			const owner = controllerOf(pod);
			if (owner === undefined || known.has(owner.uid)) return [];
			known.add(owner.uid);
			const labels = pod.metadata.labels;
			return [jobFacts({ metadata: { name: owner.name, uid: owner.uid, labels } } as Job)];
		});
};

/** `RequestedBackupAction "r1", since 2026-03-01T12:00:00Z`. */
const whose = (job: JobFacts): string => {
	const owner = controllerOf(job);
	const { name, creationTimestamp } = job.metadata;
	return owner === undefined
		? `Job "${name}", which is gone`
		: `${owner.kind} "${owner.name}", since ${creationTimestamp}`;
};

/** What keeps actions that the schedule stands still for from ending, with whose it is; nothing where none hangs. */
export const restoreTrouble = (seen: Seen): RestoreSearch[] => {
	const actions = seen.jobs.filter((job) => holdsUp(job, seen) && controllerOf(job)?.kind === "RequestedBackupAction");
	return [...actions, ...goneJobs(seen)].map((job) => {
		const pods = seen.pods.filter((pod) => controllerOf(pod)?.uid === job.metadata.uid);
		const { trouble, ...rest } = findTrouble(job, pods, seen.events, seen.now);
		if (trouble === undefined) return rest;
		const { reason, message } = trouble;
		const effect = "No scheduled run starts until it ends.";
		return {
			trouble: {
				reason,
				message: `A ${isRestore(job) ? "restore" : "backup"} hangs (${whose(job)}): ${message}. ${effect}`,
			},
		};
	});
};
