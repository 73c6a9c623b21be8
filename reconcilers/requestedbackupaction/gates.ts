// What an action waits for: its ScheduledBackup before a Job is made, and quiet before the Job is released. The second is
// asked of the API server itself, never of a watch that may lag: a restore over a running backup would ruin both.
import { CRON_JOB, JOB, POD } from "../../src/api/kinds.ts";
import type { RequestedBackupAction, ScheduledBackup } from "../../src/api/types.ts";
import { labelValue } from "../../src/domain/names.ts";
import { OPERATION_LABEL, SCHEDULED_BACKUP_LABEL } from "../../src/domain/objects/labels.ts";
import { cronJobName } from "../../src/domain/objects/names.ts";
import { conditionOf } from "../../src/domain/status/conditions.ts";
import { controllerOf, type JobFacts, jobFacts, type PodFacts, podFacts } from "../../src/domain/status/facts.ts";
import { hasEnded, isFinished } from "../../src/domain/status/outcome.ts";
import type { Context } from "../shared/context.ts";
import { readLive } from "../shared/references.ts";
import { precedingJob } from "./rivals.ts";
import { queuedBehind, type Wait } from "./step.ts";

/** Faults of a key that keep backups from being made, but not from being read. */
const RESTORABLE = new Set(["KeyExpired", "CannotEncrypt"]);

const WAITING = "WaitingForScheduledBackup";

const nameOf = (action: RequestedBackupAction): string => `ScheduledBackup "${action.spec.scheduledBackupRef.name}"`;

/** The script goes with its ScheduledBackup. */
const absence = (action: RequestedBackupAction, scheduledBackup: ScheduledBackup | undefined): Wait | undefined => {
	if (scheduledBackup === undefined)
		return { reason: WAITING, message: `${nameOf(action)} does not exist; the action waits for it` };
	return scheduledBackup.metadata.deletionTimestamp === undefined
		? undefined
		: { reason: WAITING, message: `${nameOf(action)} is being deleted` };
};

/** Why an action cannot use its ScheduledBackup yet; undefined where it can. */
export const unreadiness = (
	action: RequestedBackupAction,
	scheduledBackup: ScheduledBackup | undefined,
): Wait | undefined => {
	const absent = absence(action, scheduledBackup);
	if (scheduledBackup === undefined || absent !== undefined) return absent;
	const name = nameOf(action);
	const reason = WAITING;
	const { metadata, status } = scheduledBackup;
	if (status?.observedGeneration !== metadata.generation) return { reason, message: `${name} is not reconciled yet` };
	const ready = conditionOf(status?.conditions, "Ready");
	const restorable = action.spec.action === "restore" && RESTORABLE.has(ready?.reason ?? "");
	if (ready?.status === "True" || restorable) return undefined;
	return { reason, message: `${name} is not Ready (${ready?.reason ?? "Unknown"}): ${ready?.message ?? ""}` };
};

const wantsCronJob = (scheduledBackup: ScheduledBackup | undefined): boolean =>
	scheduledBackup?.spec.cronJob !== undefined && scheduledBackup.spec.cronJob.enabled !== false;

const isReady = (scheduledBackup: ScheduledBackup | undefined): boolean =>
	conditionOf(scheduledBackup?.status?.conditions, "Ready")?.status === "True";

/** Whether scheduled runs may still start: the CronJob as the API server has it now. */
const scheduleObstacle = async (
	context: Context,
	action: RequestedBackupAction,
	scheduledBackup: ScheduledBackup | undefined,
): Promise<Wait | undefined> => {
	const name = cronJobName(action.spec.scheduledBackupRef.name);
	const cronJob = await readLive(context.kube, CRON_JOB, { namespace: action.metadata.namespace ?? "", name });
	const reason = "WaitingForCronJob";
	if (cronJob === undefined)
		return wantsCronJob(scheduledBackup) && isReady(scheduledBackup)
			? { reason, message: `CronJob "${name}" is being made; the restore waits until it is there, suspended` }
			: undefined;
	const owner = controllerOf(cronJob);
	const isOurs = owner?.kind === "ScheduledBackup" && owner.name === action.spec.scheduledBackupRef.name;
	return isOurs && cronJob.spec?.suspend !== true
		? { reason, message: `CronJob "${name}" is being suspended; the restore waits for it` }
		: undefined;
};

const runObstacle = (action: RequestedBackupAction, job: JobFacts, all: readonly JobFacts[]): Wait | undefined => {
	const inTheWay = all.find(
		(other) =>
			other.metadata.uid !== job.metadata.uid &&
			!other.suspended &&
			!isFinished(other) &&
			(action.spec.action === "restore" || controllerOf(other)?.kind === "RequestedBackupAction"),
	);
	if (inTheWay === undefined) return undefined;
	const message = `Waits until Job "${inTheWay.metadata.name}" has ended; delete that Job to go on without it`;
	return { reason: "WaitingForJob", message };
};

const isRestore = (pod: PodFacts): boolean => pod.metadata.labels?.[OPERATION_LABEL] === "restore";

/** Pods that outlive their Job (deleted, or ended while a pod still stops) still write. A backup waits for restores only. */
const podObstacle = async (
	{ kube }: Context,
	action: RequestedBackupAction,
	job: JobFacts,
	labelSelector: string,
): Promise<Wait | undefined> => {
	const pods = (await kube.list(POD, { namespace: job.metadata.namespace ?? "", labelSelector })).map(podFacts);
	const running = pods.find(
		(pod) =>
			!hasEnded(pod) &&
			controllerOf(pod)?.uid !== job.metadata.uid &&
			(action.spec.action === "restore" || isRestore(pod)),
	);
	if (running === undefined) return undefined;
	return { reason: "WaitingForPod", message: `Waits until pod "${running.metadata.name}" of an earlier run has ended` };
};

/** What an action waits for, or the Job that it may release: exactly in the version that was looked at. */
export type Clearance = { wait: Wait } | { job: JobFacts };

/**
 * What else runs, or may start, for the same ScheduledBackup, as the API server says now. A backup waits for other actions,
 * a restore for everything. Throws a ConflictError where something started meanwhile.
 */
export const clearToStart = async (
	context: Context,
	action: RequestedBackupAction,
	job: JobFacts,
	scheduledBackup: ScheduledBackup | undefined,
): Promise<Clearance> => {
	const restore = action.spec.action === "restore";
	const before =
		absence(action, scheduledBackup) ??
		(restore ? await scheduleObstacle(context, action, scheduledBackup) : undefined);
	if (before !== undefined) return { wait: before };
	const labelSelector = `${SCHEDULED_BACKUP_LABEL}=${labelValue(action.spec.scheduledBackupRef.name)}`;
	const namespace = action.metadata.namespace ?? "";
	const jobs = (await context.kube.list(JOB, { namespace, labelSelector })).map(jobFacts);
	const run = runObstacle(action, job, jobs) ?? (await podObstacle(context, action, job, labelSelector));
	if (run !== undefined) return { wait: run };
	const preceding = await precedingJob(context, action, jobs);
	if (preceding !== undefined) return { wait: queuedBehind(action) };
	return { job: jobs.find(({ metadata }) => metadata.uid === job.metadata.uid) ?? job };
};
