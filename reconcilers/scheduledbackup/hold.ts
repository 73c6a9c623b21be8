// Scheduled runs that begin while a restore runs. The CronJob is suspended then, and its active Jobs have ended; but the CronJob
// controller may act on what its watch told it long ago, and `kubectl create job --from=cronjob/…` asks nobody. Such a run
// would read data that is half restored, or write it a second time: it is suspended, and resumed when the restore has ended.
// Where the schedule itself restores, so it is over any action.
import { JOB } from "../../src/api/kinds.ts";
import type { ScheduledBackup } from "../../src/api/types.ts";
import { OPERATION_LABEL } from "../../src/domain/objects/labels.ts";
import { type CronJobFacts, HELD_ANNOTATION, isHeld, type JobFacts, jobFacts } from "../../src/domain/status/facts.ts";
import type { Context } from "../shared/context.ts";
import { isActionRunning, isActionUnderWay, type Opponents, opponentsOf } from "./restoring.ts";
import { activeRuns, at, exactly, jobsOf } from "./retire.ts";

const setHeld = async ({ kube, watches }: Context, job: JobFacts, held: boolean): Promise<void> => {
	const annotations = { [HELD_ANNOTATION]: held ? "true" : null };
	const body = { metadata: { annotations }, spec: { suspend: held } };
	watches.jobs.wrote(jobFacts(await kube.patch(JOB, at(job), body, exactly(job))));
};

const opponentsOfRun = ({ metadata }: JobFacts): Opponents => opponentsOf(metadata.labels?.[OPERATION_LABEL]);

/**
 * Suspends runs of the CronJob that began over a restore (or restores, over any action), and resumes those that were suspended
 * for one that has ended. Between two of them they stay suspended.
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
	const begun = runs.filter((job) => !job.suspended && isActionRunning(context, object, opponentsOfRun(job)));
	for (const job of begun) await setHeld(context, job, true);
	const over = runs.filter((job) => isHeld(job) && !isActionUnderWay(context, object, opponentsOfRun(job)));
	for (const job of over) await setHeld(context, job, false);
	return begun.map(({ metadata }) => `${metadata.name}`);
};
