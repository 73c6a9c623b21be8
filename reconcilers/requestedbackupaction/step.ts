// What is to be done next for an action, decided from what is there: a pure function, so that every crash point is a row in
// a table. The order of writes carries the promise that a restore runs once or is said to be unknown: the Job is made
// suspended, its UID is stored in status, only that UID is ever released, and nothing is made again once a UID is stored.
import type { RequestedBackupAction } from "../../src/api/types.ts";
import { isOver } from "../../src/domain/status/action.ts";
import { controllerOf, type JobFacts } from "../../src/domain/status/facts.ts";
import { jobOutcome } from "../../src/domain/status/outcome.ts";

/** Annotation that the releasing patch puts on a Job: a Job that somebody suspends later is not released twice. */
export const STARTED_ANNOTATION = "riotkit.org/started";
/** Annotation of a Job: seconds that it is kept after its outcome was stored. */
export const TIME_TO_LIVE_ANNOTATION = "riotkit.org/ttl-seconds-after-finished";

/** A reason to wait, for the status. */
export interface Wait {
	reason: string;
	message: string;
	/** Seconds after which to look again, where no watch tells of the end. */
	after?: number;
	/** Whether nothing can run until somebody does something, as against what only takes its time. */
	troubled?: boolean;
}

export interface Situation {
	action: RequestedBackupAction;
	/** Other unfinished actions of the same ScheduledBackup, save those that could not begin although this one could (see gates.ts). */
	others: readonly RequestedBackupAction[];
	/** What has the name of this action's Job; read live where the watch shows nothing and a UID is stored. */
	job: JobFacts | undefined;
	/** Why the ScheduledBackup cannot be acted on; undefined where it can. */
	unready: Wait | undefined;
}

export type Step =
	| { type: "none" }
	| ({ type: "wait" } & Wait)
	/** Make the Job, suspended. */
	| { type: "createJob" }
	/** Store this Job's UID in status. */
	| { type: "storeJob"; job: JobFacts }
	/** Release this Job, once nothing else runs. */
	| { type: "startJob"; job: JobFacts }
	| { type: "follow"; job: JobFacts }
	| { type: "finish"; job: JobFacts }
	| ({ type: "fail" } & Wait)
	/** Delete a Job of this action that is not the one in status, or that will never be released. */
	| { type: "deleteStray"; job: JobFacts }
	| { type: "setTimeToLive"; job: JobFacts; seconds: number };

/** Those that have a Job come first, whatever their age, then the older; a name decides within one second. */
const rank = (action: RequestedBackupAction): [number, number, string] => [
	action.status?.jobUID === undefined ? 1 : 0,
	Date.parse(action.metadata.creationTimestamp ?? ""),
	action.metadata.name ?? "",
];

/** Whether one action goes before another of the same ScheduledBackup. */
export const goesBefore = (one: RequestedBackupAction, other: RequestedBackupAction): boolean => {
	const [a, b] = [rank(one), rank(other)];
	const differing = a.findIndex((part, index) => part !== b[index]);
	return differing >= 0 && (a[differing] as string | number) < (b[differing] as string | number);
};

const counts = (other: RequestedBackupAction, action: RequestedBackupAction): boolean =>
	other.metadata.uid !== action.metadata.uid && other.metadata.deletionTimestamp === undefined && !isOver(other);

/** What an action says that is not the first. */
export const queuedBehind = (action: RequestedBackupAction): Wait => ({
	reason: "Queued",
	message: `An earlier action of ScheduledBackup "${action.spec.scheduledBackupRef.name}" runs first`,
});

/** Behind others that cannot begin either, it is not only a matter of time. */
const queued = ({ action, others, unready }: Situation): Wait | undefined =>
	others.some((other) => counts(other, action) && goesBefore(other, action))
		? { ...queuedBehind(action), ...(unready?.troubled === true ? { troubled: true } : {}) }
		: undefined;

const isOurs = (job: JobFacts, action: RequestedBackupAction): boolean =>
	controllerOf(job)?.uid !== undefined && controllerOf(job)?.uid === action.metadata.uid;

/** A Job that was never released; where its action is over, it must not be by anybody else either. */
const isHeld = (job: JobFacts): boolean =>
	jobOutcome(job).state === "suspended" &&
	job.metadata.annotations?.[STARTED_ANNOTATION] === undefined &&
	job.metadata.deletionTimestamp === undefined;

const afterEnd = ({ action, job }: Situation): Step => {
	if (job === undefined || !isOurs(job, action)) return { type: "none" };
	if (job.metadata.uid !== action.status?.jobUID) return { type: "deleteStray", job };
	if (isHeld(job)) return { type: "deleteStray", job };
	const seconds = Number(job.metadata.annotations?.[TIME_TO_LIVE_ANNOTATION] ?? Number.NaN);
	const ended = ["succeeded", "failed"].includes(jobOutcome(job).state);
	return ended && job.timeToLive === undefined && seconds >= 0
		? { type: "setTimeToLive", job, seconds }
		: { type: "none" };
};

const deleted = (action: RequestedBackupAction): Step => ({
	type: "fail",
	reason: "JobDeleted",
	message:
		`Job "${action.status?.jobName}" was deleted before its outcome was known: the ${action.spec.action} may have run wholly, ` +
		"in part or not at all. It is not run again; create a new action to do so",
});

const withStoredJob = (situation: Situation): Step => {
	const { action, job } = situation;
	if (job === undefined) return deleted(action);
	if (job.metadata.uid !== action.status?.jobUID)
		return isOurs(job, action) ? { type: "deleteStray", job } : deleted(action);
	const { state } = jobOutcome(job);
	if (state === "succeeded" || state === "failed") return { type: "finish", job };
	const released = job.metadata.annotations?.[STARTED_ANNOTATION] !== undefined;
	if (state === "running" || released || job.metadata.deletionTimestamp !== undefined) return { type: "follow", job };
	const wait = queued(situation);
	return wait === undefined ? { type: "startJob", job } : { type: "wait", ...wait };
};

const withoutStoredJob = (situation: Situation): Step => {
	const { action, job, unready } = situation;
	if (job !== undefined && isOurs(job, action)) return { type: "storeJob", job };
	if (job !== undefined)
		return {
			type: "wait",
			reason: "Conflict",
			troubled: true,
			message: `Job "${job.metadata.name}" exists and is not controlled by this action; delete it, or create another action`,
		};
	const wait = queued(situation) ?? unready;
	return wait === undefined ? { type: "createJob" } : { type: "wait", ...wait };
};

/** The next step. Nothing is done for an action that is being deleted: its Job goes with it. */
export const nextStep = (situation: Situation): Step => {
	const { action } = situation;
	if (action.metadata.deletionTimestamp !== undefined) return { type: "none" };
	if (isOver(action)) return afterEnd(situation);
	return action.status?.jobUID === undefined ? withoutStoredJob(situation) : withStoredJob(situation);
};
