// Scheduled runs that begin while a restore runs. The CronJob is suspended then, and its active Jobs have ended; but the CronJob
// controller may act on what its watch told it long ago, and `kubectl create job --from=cronjob/…` asks nobody. Such a run
// would read data that is half restored, or write it a second time: it is suspended, and resumed when the restore has ended.
import { JOB } from "../../src/api/kinds.ts";
import type { ScheduledBackup } from "../../src/api/types.ts";
import { type CronJobFacts, HELD_ANNOTATION, isHeld, type JobFacts, jobFacts } from "../../src/domain/status/facts.ts";
import type { Context } from "../shared/context.ts";
import { isRestoreRunning, isRestoring } from "./restoring.ts";
import { activeRuns, at, exactly, jobsOf } from "./retire.ts";

const setHeld = async ({ kube, watches }: Context, job: JobFacts, held: boolean): Promise<void> => {
	const annotations = { [HELD_ANNOTATION]: held ? "true" : null };
	const body = { metadata: { annotations }, spec: { suspend: held } };
	watches.jobs.wrote(jobFacts(await kube.patch(JOB, at(job), body, exactly(job))));
};

/**
 * Suspends runs of the CronJob that began over a restore, and resumes those that were suspended for one that has ended. Between two
 * restores they stay suspended.
 * @returns names of Jobs that were suspended now.
 * @throws ConflictError where a Job was changed since it was looked at.
 */
export const holdRuns = async (
	context: Context,
	object: ScheduledBackup,
	cronJob: CronJobFacts | undefined,
): Promise<string[]> => {
	if (cronJob === undefined) return [];
	const runs = activeRuns(cronJob, jobsOf(context, object)).filter(
		(job) => job.metadata.deletionTimestamp === undefined,
	);
	const begun = isRestoreRunning(context, object) ? runs.filter((job) => !job.suspended) : [];
	for (const job of begun) await setHeld(context, job, true);
	const over = isRestoring(context, object) ? [] : runs.filter(isHeld);
	for (const job of over) await setHeld(context, job, false);
	return begun.map(({ metadata }) => `${metadata.name}`);
};
