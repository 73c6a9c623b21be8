// Two actions of one ScheduledBackup that were asked for in the same moment may both have a Job before either sees the other:
// as a rule within one process, at worst in two. Whoever goes first by rank takes the release out of the other's hands
// before it starts: it changes the other's Job, and a release names the version of the Job that was looked at. So of two
// that are about to start at the same time, one meets a newer version and looks again.
import { JOB, REQUESTED_BACKUP_ACTION } from "../../src/api/kinds.ts";
import type { RequestedBackupAction } from "../../src/api/types.ts";
import { isOver } from "../../src/domain/status/action.ts";
import { controllerOf, type JobFacts } from "../../src/domain/status/facts.ts";
import { isFinished } from "../../src/domain/status/outcome.ts";
import { readLive } from "../../src/kube/readlive.ts";
import type { Context } from "../shared/context.ts";
import { goesBefore } from "./step.ts";

/** Annotation on a Job that has to wait: UID of the action that goes first. Nobody reads it; that it is written counts. */
const PRECEDED_ANNOTATION = "riotkit.org/preceded-by";

/** The unfinished action that this Job belongs to, as it is now; undefined where nobody would ever release the Job. */
const actionOf = async (context: Context, job: JobFacts): Promise<RequestedBackupAction | undefined> => {
	const owner = controllerOf(job);
	if (owner?.kind !== "RequestedBackupAction") return undefined;
	const key = { namespace: job.metadata.namespace ?? "", name: owner.name };
	const action = await readLive(context.kube, REQUESTED_BACKUP_ACTION, key);
	const alive = action?.metadata.uid === owner.uid && action.metadata.deletionTimestamp === undefined;
	return alive && !isOver(action) ? action : undefined;
};

/**
 * Settles who goes first among actions whose Jobs wait to be released.
 * @param all Jobs of the ScheduledBackup, as the API server has them now.
 * @returns the Job that goes before this action; undefined where none does, and then none can any more.
 * @throws ConflictError where another Job was released meanwhile: look again.
 */
export const precedingJob = async (
	context: Context,
	action: RequestedBackupAction,
	all: readonly JobFacts[],
): Promise<JobFacts | undefined> => {
	const { uid = "" } = action.metadata;
	const waiting = all.filter((job) => job.suspended && !isFinished(job) && controllerOf(job)?.uid !== uid);
	for (const job of waiting) {
		const rival = await actionOf(context, job);
		if (rival === undefined) continue;
		if (goesBefore(rival, action)) return job;
		const { namespace = "", name = "", resourceVersion = "" } = job.metadata;
		const body = { metadata: { annotations: { [PRECEDED_ANNOTATION]: uid } } };
		await context.kube.patch(JOB, { namespace, name }, body, { uid: job.metadata.uid ?? "", resourceVersion });
	}
	return undefined;
};
