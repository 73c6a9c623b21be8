// Carries out one step. Each of them makes at most one write that counts, and can be repeated after a crash.
import { JOB, POD, REQUESTED_BACKUP_ACTION } from "../../src/api/kinds.ts";
import type { Job } from "../../src/api/kubernetes.ts";
import type { RequestedBackupAction } from "../../src/api/types.ts";
import { actionJobName } from "../../src/domain/objects/names.ts";
import { type ActionProgress, actionStatus, isOver } from "../../src/domain/status/action.ts";
import { controllerOf, type JobFacts, jobFacts, podFacts } from "../../src/domain/status/facts.ts";
import { jobOutcome, runFailure } from "../../src/domain/status/outcome.ts";
import { sameStatus } from "../../src/domain/status/scheduledbackup.ts";
import { timeText } from "../../src/domain/status/text.ts";
import { findTrouble, type TroubleSearch } from "../../src/domain/status/trouble.ts";
import { AlreadyExistsError } from "../../src/kube/errors.ts";
import { readLive } from "../../src/kube/readlive.ts";
import { type Context, INDEX } from "../shared/context.ts";
import { STARTED_ANNOTATION } from "./step.ts";

/** What the API requires to find pods of a Job: https://kubernetes.io/docs/reference/labels-annotations-taints/#batch-kubernetes-io-controller-uid */
const CONTROLLER_UID_LABEL = "batch.kubernetes.io/controller-uid";

/** Key of the Job that belongs to an action. */
export const jobKey = (action: RequestedBackupAction): { namespace: string; name: string } => ({
	namespace: action.metadata.namespace ?? "",
	name: actionJobName(action.metadata.name ?? "", action.metadata.uid ?? ""),
});

const identityOf = (job: JobFacts): { name: string; uid: string } => ({
	name: job.metadata.name ?? "",
	uid: job.metadata.uid ?? "",
});

/** The Job that status names. */
export const storedJob = ({ status }: RequestedBackupAction): Pick<ActionProgress, "job"> =>
	status?.jobUID === undefined ? {} : { job: { name: status.jobName ?? "", uid: status.jobUID } };

/**
 * Stores what is to be said of an action, where it is new.
 * @throws ConflictError where somebody changed the action since it was read.
 */
export const storeProgress = async (
	context: Context,
	action: RequestedBackupAction,
	progress: ActionProgress,
): Promise<boolean> => {
	const status = actionStatus(action, progress, context.now());
	if (sameStatus(action.status, status)) return false;
	const stored = await context.kube.replaceStatus(REQUESTED_BACKUP_ACTION, { ...action, status });
	const { managedFields: _, ...metadata } = stored.metadata;
	context.watches.actions.wrote({ ...stored, metadata });
	return true;
};

/** Makes the Job, suspended; where one has its name already, takes note of that one instead. */
export const createJob = async (context: Context, action: RequestedBackupAction, job: Job): Promise<void> => {
	try {
		const stored = await context.kube.create(JOB, job);
		context.watches.jobs.created(jobFacts(stored));
	} catch (error) {
		if (!(error instanceof AlreadyExistsError)) throw error;
		const live = await readLive(context.kube, JOB, jobKey(action));
		if (live !== undefined) context.watches.jobs.wrote(jobFacts(live));
	}
};

const starting = (job: JobFacts) => ({ reason: "Starting", message: `Job "${job.metadata.name}" is about to start` });

/** Stores the Job's UID, over the action as it is now: only where no UID is stored and it has not ended. */
export const storeJob = async (context: Context, action: RequestedBackupAction, job: JobFacts): Promise<void> => {
	const { namespace = "", name = "", uid } = action.metadata;
	const live = await readLive(context.kube, REQUESTED_BACKUP_ACTION, { namespace, name });
	if (live === undefined || live.metadata.uid !== uid) return;
	context.watches.actions.wrote(live);
	if (live.metadata.deletionTimestamp !== undefined || isOver(live) || live.status?.jobUID !== undefined) return;
	await storeProgress(context, live, { phase: "Pending", ...starting(job), job: identityOf(job) });
};

/**
 * Releases exactly this Job in exactly this version.
 * @throws ConflictError where it was changed since it was looked at: maybe by an action that goes first (see rivals.ts).
 */
export const startJob = async (context: Context, job: JobFacts): Promise<void> => {
	const { namespace = "", name = "", uid = "", resourceVersion = "" } = job.metadata;
	const annotations = { [STARTED_ANNOTATION]: timeText(context.now()) };
	const body = { metadata: { annotations }, spec: { suspend: false } };
	context.watches.jobs.wrote(
		jobFacts(await context.kube.patch(JOB, { namespace, name }, body, { uid, resourceVersion })),
	);
};

/** Tells how the Job goes, and what keeps it from going. */
export const follow = async (
	context: Context,
	action: RequestedBackupAction,
	job: JobFacts,
): Promise<TroubleSearch> => {
	const { pods: podStore, events: eventStore } = context.watches;
	const label = `${job.metadata.namespace}/${job.metadata.labels?.["riotkit.org/scheduled-backup"]}`;
	const pods = podStore.byIndex(INDEX.label, label).filter((pod) => controllerOf(pod)?.uid === job.metadata.uid);
	const subjects = [job, ...pods].map(({ metadata }) => metadata.uid ?? "");
	const events = subjects.flatMap((uid) => eventStore.byIndex(INDEX.subject, uid));
	const search = findTrouble(job, pods, events, context.now());
	const { trouble } = search;
	const started = job.startTime !== undefined;
	const ordinary = job.suspended
		? {
				reason: "Suspended",
				message: `Job "${job.metadata.name}" was suspended by somebody after it had started`,
				troubled: true,
			}
		: started
			? { reason: "Running", message: `Job "${job.metadata.name}" runs` }
			: starting(job);
	await storeProgress(context, action, {
		phase: started || action.status?.phase === "Running" ? "Running" : "Pending",
		...(trouble === undefined ? ordinary : { ...trouble, troubled: true }),
		job: identityOf(job),
		...(job.startTime === undefined ? {} : { startTime: job.startTime }),
	});
	return search;
};

const failureOf = async (context: Context, job: JobFacts): Promise<{ reason: string; message: string }> => {
	const labelSelector = `${CONTROLLER_UID_LABEL}=${job.metadata.uid}`;
	const pods = await context.kube.list(POD, { namespace: job.metadata.namespace ?? "", labelSelector });
	return runFailure(job, pods.map(podFacts));
};

/** Stores the outcome, which is final, and says it in an Event. */
export const finish = async (context: Context, action: RequestedBackupAction, job: JobFacts): Promise<void> => {
	const outcome = jobOutcome(job);
	const succeeded = outcome.state === "succeeded";
	const result = succeeded
		? { reason: "Succeeded", message: `Job "${job.metadata.name}" succeeded` }
		: await failureOf(context, job);
	await storeProgress(context, action, {
		phase: succeeded ? "Succeeded" : "Failed",
		...result,
		job: identityOf(job),
		...(job.startTime === undefined ? {} : { startTime: job.startTime }),
		completionTime: outcome.finishedAt ?? timeText(context.now()),
	});
	await context.events.record(action, succeeded ? "Normal" : "Warning", result.reason, result.message);
};

/** Stores a failure that no Job told. */
export const fail = async (
	context: Context,
	action: RequestedBackupAction,
	reason: string,
	message: string,
): Promise<void> => {
	const completionTime = timeText(context.now());
	await storeProgress(context, action, { phase: "Failed", reason, message, ...storedJob(action), completionTime });
	await context.events.record(action, "Warning", reason, message);
};

/**
 * Deletes a Job of this action that was never released.
 * @returns whether it was there; where not, somebody else deleted it, maybe after it had run.
 * @throws ConflictError where it was changed since it was looked at: maybe released.
 */
export const deleteStray = (context: Context, job: JobFacts): Promise<boolean> => {
	const { namespace = "", name = "", uid = "", resourceVersion = "" } = job.metadata;
	return context.kube.delete(JOB, { namespace, name }, { uid, resourceVersion });
};

/** Lets the Job go after so many seconds, now that its outcome is stored. */
export const setTimeToLive = async (context: Context, job: JobFacts, seconds: number): Promise<void> => {
	const { namespace = "", name = "", uid = "" } = job.metadata;
	const body = { spec: { ttlSecondsAfterFinished: seconds } };
	context.watches.jobs.wrote(jobFacts(await context.kube.patch(JOB, { namespace, name }, body, { uid })));
};
