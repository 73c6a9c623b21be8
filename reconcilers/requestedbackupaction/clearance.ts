// Whether a Job may be released. All is asked of the API server itself, never of a watch that may lag: a restore over a
// running backup would ruin both, and an action that was taken back must not run.
import { JOB, POD, REQUESTED_BACKUP_ACTION } from "../../src/api/kinds.ts";
import type { Job } from "../../src/api/kubernetes.ts";
import type { RequestedBackupAction, ScheduledBackup } from "../../src/api/types.ts";
import { labelValue } from "../../src/domain/names.ts";
import { OPERATION_LABEL, SCHEDULED_BACKUP_LABEL } from "../../src/domain/objects/labels.ts";
import { isOver } from "../../src/domain/status/action.ts";
import { controllerOf, type JobFacts, jobFacts, type PodFacts, podFacts } from "../../src/domain/status/facts.ts";
import { hasEnded, isFinished } from "../../src/domain/status/outcome.ts";
import { readLive } from "../../src/kube/readlive.ts";
import type { Context } from "../shared/context.ts";
import { absence } from "./gates.ts";
import { missingObject } from "./needs.ts";
import { originFailure } from "./origin.ts";
import { readTarget } from "./prepare.ts";
import { scheduleObstacle } from "./quiet.ts";
import { precedingJob } from "./rivals.ts";
import { queuedBehind, STARTED_ANNOTATION, type Wait } from "./step.ts";

const isRestore = ({ metadata }: JobFacts | PodFacts): boolean => metadata.labels?.[OPERATION_LABEL] === "restore";

/** A backup waits for restores and other actions, a restore for everything. */
const runObstacle = (action: RequestedBackupAction, uid: string, all: readonly JobFacts[]): Wait | undefined => {
	const inTheWay = all.find(
		(other) =>
			other.metadata.uid !== uid &&
			!other.suspended &&
			!isFinished(other) &&
			(action.spec.action === "restore" || isRestore(other) || controllerOf(other)?.kind === "RequestedBackupAction"),
	);
	if (inTheWay === undefined) return undefined;
	const message = `Waits until Job "${inTheWay.metadata.name}" has ended; delete that Job to go on without it`;
	return { reason: "WaitingForJob", message };
};

/** Pods that outlive their Job (deleted, or ended while a pod still stops) still write. A backup waits for restores only. */
const podObstacle = async (
	{ kube }: Context,
	action: RequestedBackupAction,
	uid: string,
	labelSelector: string,
): Promise<Wait | undefined> => {
	const pods = (await kube.list(POD, { namespace: action.metadata.namespace ?? "", labelSelector })).map(podFacts);
	const running = pods.find(
		(pod) => !hasEnded(pod) && controllerOf(pod)?.uid !== uid && (action.spec.action === "restore" || isRestore(pod)),
	);
	if (running === undefined) return undefined;
	return { reason: "WaitingForPod", message: `Waits until pod "${running.metadata.name}" of an earlier run has ended` };
};

/** What else runs, or goes first, for the same ScheduledBackup. */
const rivalObstacle = async (
	context: Context,
	action: RequestedBackupAction,
	uid: string,
): Promise<Wait | undefined> => {
	const labelSelector = `${SCHEDULED_BACKUP_LABEL}=${labelValue(action.spec.scheduledBackupRef.name)}`;
	const namespace = action.metadata.namespace ?? "";
	const jobs = (await context.kube.list(JOB, { namespace, labelSelector })).map(jobFacts);
	const run = runObstacle(action, uid, jobs) ?? (await podObstacle(context, action, uid, labelSelector));
	if (run !== undefined) return run;
	return (await precedingJob(context, action, jobs)) === undefined ? undefined : queuedBehind(action);
};

/** What the world says against a release, the Job, the action and the ScheduledBackup themselves aside. */
const obstacle = async (
	context: Context,
	action: RequestedBackupAction,
	job: Job,
	target: ScheduledBackup,
): Promise<Wait | undefined> => {
	const restores = action.spec.action === "restore" || target.spec.operation === "restore";
	return (
		(await missingObject(context, action, job)) ??
		(restores ? await scheduleObstacle(context, action, target) : undefined) ??
		(await rivalObstacle(context, action, job.metadata?.uid ?? ""))
	);
};

/** Whether the Job still waits to be released for the first time. */
const isHeld = (job: Job): boolean =>
	job.spec?.suspend === true &&
	job.metadata?.annotations?.[STARTED_ANNOTATION] === undefined &&
	job.metadata?.deletionTimestamp === undefined;

const disowned = (job: Job): Wait => ({
	reason: "Conflict",
	troubled: true,
	message: `Job "${job.metadata?.name}" is no longer controlled by this action, so it is not started; delete the action and create another`,
});

/**
 * What an action waits for; why it can never start, with its Job, which is held; or the Job that it may release: both exactly in
 * the version that was looked at. Or that what the watches show of the two is outdated (they are told what is known now).
 */
export type Clearance = { wait: Wait } | { failure: Wait; job: JobFacts } | { job: JobFacts } | { outdated: true };

const outdated: Clearance = { outdated: true };

/**
 * Asks whether a Job may be released. Its version is taken first: whoever goes before this action changes it.
 * @param job as the watches show it.
 * @throws ConflictError where something started meanwhile.
 */
export const clearToStart = async (
	context: Context,
	action: RequestedBackupAction,
	job: JobFacts,
): Promise<Clearance> => {
	const { kube, watches } = context;
	const { namespace = "", name = "", uid } = action.metadata;
	const live = await readLive(kube, JOB, { namespace, name: job.metadata.name ?? "" });
	if (live === undefined || live.metadata?.uid !== job.metadata.uid) return outdated;
	if (controllerOf(live)?.uid !== uid) return { wait: disowned(live) };
	if (!isHeld(live)) {
		watches.jobs.wrote(jobFacts(live));
		return outdated;
	}
	const target = await readTarget(context, action);
	const absent = absence(action, target);
	if (target === undefined || absent !== undefined) return { wait: absent ?? disowned(live) };
	const failure = originFailure(live, target);
	if (failure !== undefined) return { failure, job: jobFacts(live) };
	const wait = await obstacle(context, action, live, target);
	if (wait !== undefined) return { wait };
	const current = await readLive(kube, REQUESTED_BACKUP_ACTION, { namespace, name });
	if (current === undefined || current.metadata.uid !== uid) return outdated;
	const stands =
		current.metadata.deletionTimestamp === undefined &&
		!isOver(current) &&
		current.status?.jobUID === live.metadata?.uid;
	if (stands) return { job: jobFacts(live) };
	watches.actions.wrote(current);
	return outdated;
};
