// Runs whose Job was deleted before anybody looked: with a history limit or a time to live of 0 a Job goes as soon as it has
// ended, and `concurrencyPolicy: Replace` deletes what still runs. Their last state, as the watch told it, is kept until a
// status says what became of them. In memory: what happens while no controller runs is told by the CronJob alone.
import { controllerOf, type JobFacts } from "../../src/domain/status/facts.ts";
import { isFinished } from "../../src/domain/status/outcome.ts";
import { timeText } from "../../src/domain/status/text.ts";
import type { Change } from "../../src/kube/port.ts";

export interface EndedRuns {
	/** Call for every change of a Job, before any reconcile of it. */
	observe(change: Change<JobFacts>): void;
	/** Deleted Jobs of the CronJob with this UID, each with a condition that says how it ended. */
	of(cronJobUid: string | undefined): JobFacts[];
	/** A status tells of these. */
	told(cronJobUid: string | undefined, jobs: readonly JobFacts[]): void;
}

/** Jobs of one CronJob, and CronJobs, that are remembered. */
const MOST_JOBS = 5;
const MOST_CRON_JOBS = 4096;

const UNFINISHED =
	"it was deleted before it had ended, by somebody or, with concurrencyPolicy Replace, to make room for the next run";

/** A Job that never ended is one that failed: it saved nothing. */
const ended = (job: JobFacts, now: Date): JobFacts => {
	if (isFinished(job)) return job;
	const end = { type: "Failed", status: "True", reason: "JobDeleted", message: UNFINISHED, time: timeText(now) };
	return { ...job, conditions: [...job.conditions, end] };
};

/** Nothing is remembered at first. */
export const createEndedRuns = (now: () => Date): EndedRuns => {
	const known = new Map<string, JobFacts[]>();
	return {
		observe: ({ type, object }) => {
			const owner = controllerOf(object);
			if (type !== "deleted" || owner?.kind !== "CronJob") return;
			const jobs = [...(known.get(owner.uid) ?? []), ended(object, now())].slice(-MOST_JOBS);
			known.delete(owner.uid);
			known.set(owner.uid, jobs);
			for (const oldest of known.keys()) {
				if (known.size <= MOST_CRON_JOBS) break;
				known.delete(oldest);
			}
		},
		of: (uid = "") => known.get(uid) ?? [],
		told: (uid = "", jobs) => {
			const left = (known.get(uid) ?? []).filter((job) => !jobs.includes(job));
			if (left.length === 0) known.delete(uid);
			else known.set(uid, left);
		},
	};
};
