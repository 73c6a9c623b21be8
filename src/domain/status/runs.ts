// What the CronJob's runs say about a ScheduledBackup. Jobs disappear (history limits, TTL), so times and the last result
// that status already holds are kept until something newer is seen; what hangs now goes before what ended before.
import type { ActiveReference, ChildResourceHealth, Condition, ScheduledBackupStatus } from "../../api/types.ts";
import { conditionOf, type Observation } from "./conditions.ts";
import type { CronJobFacts, EventFacts, JobFacts, PodFacts } from "./facts.ts";
import { controllerOf, isHeld } from "./facts.ts";
import { missedRun } from "./missed.ts";
import { isFinished, type JobOutcome, jobOutcome, runFailure } from "./outcome.ts";
import { restoreTrouble } from "./restores.ts";
import { later } from "./text.ts";
import { findTrouble, newestEvent, type Trouble, type TroubleSearch } from "./trouble.ts";

/** What is known of a ScheduledBackup's runs. */
export interface RunsInput {
	/** Undefined where there is none (disabled, or not yet made). */
	cronJob: CronJobFacts | undefined;
	/** Jobs of this ScheduledBackup, also those of actions. */
	jobs: readonly JobFacts[];
	pods: readonly PodFacts[];
	/** Events about them and about the CronJob. */
	events: readonly EventFacts[];
	/** Finished Jobs of the CronJob that were deleted before a status told of them. */
	gone?: readonly JobFacts[];
	previous: ScheduledBackupStatus | undefined;
	now: Date;
	/** What the schedule does. */
	operation?: string;
}

export interface RunsSummary {
	lastScheduleTime?: string;
	lastSuccessfulTime?: string;
	lastFailedTime?: string;
	active: ActiveReference[];
	condition: Observation;
	health: ChildResourceHealth[];
	/** When to look again although nothing may change until then. */
	lookAgainAt?: Date;
}

export const LAST_RUN_SUCCEEDED = "LastRunSucceeded";
/** Runs that are listed in childrenResourcesHealth: status stays small whatever the history limits are. */
const LISTED_RUNS = 5;

interface Run {
	job: JobFacts;
	outcome: JobOutcome;
}

const created = (run: Run): number => Date.parse(`${run.job.metadata.creationTimestamp}`);

/** Jobs that this CronJob made, the newest first. */
const runsOf = ({ cronJob, jobs }: RunsInput): Run[] =>
	jobs
		.filter((job) => cronJob !== undefined && controllerOf(job)?.uid === cronJob.metadata.uid)
		.map((job) => ({ job, outcome: jobOutcome(job) }))
		.sort((a, b) => created(b) - created(a));

/** Deleted runs that ended after all that status remembers: it told of the others while more was known of them. */
const unseenRuns = ({ gone = [], previous }: RunsInput): Run[] => {
	const told = later(previous?.lastSuccessfulTime, previous?.lastFailedTime);
	const runs = gone.map((job) => ({ job, outcome: jobOutcome(job) }));
	return runs.filter(({ outcome }) => later(told, outcome.finishedAt) !== told);
};

const podsOf = (pods: readonly PodFacts[], job: JobFacts): PodFacts[] =>
	pods.filter((pod) => controllerOf(pod)?.uid === job.metadata.uid);

const finishedTime = (runs: readonly Run[], state: JobOutcome["state"]): string | undefined =>
	runs
		.filter(({ outcome }) => outcome.state === state)
		.map(({ outcome }) => outcome.finishedAt)
		.reduce(later, undefined);

/**
 * A CronJob whose Jobs are refused (quota, admission) tells so by an Event alone. It tries again for the same time, so that a
 * Job that was made since says that this is over, as does a later time that it recorded.
 */
const schedulingTrouble = ({ cronJob, events }: RunsInput, runs: readonly Run[]): Trouble | undefined => {
	const uid = cronJob?.metadata.uid;
	const refused = newestEvent(events, uid, "FailedCreate");
	if (cronJob === undefined || refused === undefined) return undefined;
	const made = later(cronJob.lastScheduleTime, runs[0]?.job.metadata.creationTimestamp);
	if (later(refused.time, made) === made) return undefined;
	return {
		reason: "FailedCreate",
		message: `CronJob "${cronJob.metadata.name}" cannot create its Job: ${refused.message}; check the namespace's quota and admission policies`,
	};
};

const resultOf = (input: RunsInput, run: Run): Observation => {
	const name = run.job.metadata.name;
	if (run.outcome.state === "succeeded")
		return { type: LAST_RUN_SUCCEEDED, status: "True", reason: "Succeeded", message: `Job "${name}" succeeded` };
	return { type: LAST_RUN_SUCCEEDED, status: "False", ...runFailure(run.job, podsOf(input.pods, run.job)) };
};

/** The result that status remembers, where no finished Job is left to look at. */
const rememberedResult = (before: Condition | undefined, success?: string, failure?: string): Observation => {
	const type = LAST_RUN_SUCCEEDED;
	const failedLast = failure !== undefined && later(success, failure) === failure;
	const status = failedLast ? "False" : success === undefined ? "Unknown" : "True";
	const remembered = before !== undefined && before.status === status;
	if (status === "Unknown") return { type, status, reason: "NoRunYet", message: "No scheduled run has ended yet" };
	if (status === "True")
		return { type, status, reason: "Succeeded", message: remembered ? before.message : "The last run succeeded" };
	return remembered && before.message.startsWith("Job ")
		? { type, status, reason: before.reason, message: before.message }
		: { type, status, reason: "JobFailed", message: "The last run failed; its Job is gone" };
};

const blocked = (trouble: Trouble, cronJob: CronJobFacts | undefined): Observation => {
	const effect = cronJob?.concurrencyPolicy === "Forbid" ? " No later run starts until this one ends." : "";
	return {
		type: LAST_RUN_SUCCEEDED,
		status: "False",
		reason: trouble.reason,
		message: `A run hangs: ${trouble.message}.${effect}`,
	};
};

/** A run that hangs goes before a restore that does, and before one that never began: it is the schedule's own. */
const hanging = (run: Trouble | undefined, other: Trouble | undefined, cronJob: CronJobFacts | undefined) =>
	run !== undefined ? blocked(run, cronJob) : other && { type: LAST_RUN_SUCCEEDED, status: "False" as const, ...other };

/** While a run is active, the next may have been skipped on purpose, or waits for it. */
const missedOf = (cronJob: CronJobFacts | undefined, runs: readonly Run[], now: Date): TroubleSearch =>
	cronJob === undefined || runs.some(({ job }) => !isFinished(job)) ? {} : missedRun(cronJob, now);

const earliest = (searches: readonly { lookAgainAt?: Date }[]): Date | undefined =>
	searches.flatMap(({ lookAgainAt }) => lookAgainAt ?? []).sort((a, b) => a.getTime() - b.getTime())[0];

const HELD = "Suspended: it was started while a restore runs, and goes on when that has ended";

const runHealth = (run: Run, trouble: Trouble | undefined, failure: string): ChildResourceHealth => {
	const message = isHeld(run.job) ? HELD : (trouble?.message ?? failure);
	return {
		kind: "Job",
		name: `${run.job.metadata.name}`,
		running: run.outcome.state === "running",
		failed: run.outcome.state === "failed",
		...(message === "" ? {} : { message }),
	};
};

/** Everything in status that comes from the CronJob, its Jobs and their pods. */
export const summariseRuns = (input: RunsInput): RunsSummary => {
	const { previous, cronJob, events, now } = input;
	const runs = runsOf(input);
	const searches = runs.map(({ job }) => findTrouble(job, podsOf(input.pods, job), events, now));
	const trouble = searches.find((search) => search.trouble !== undefined)?.trouble ?? schedulingTrouble(input, runs);
	const restores = cronJob === undefined ? [] : restoreTrouble(input);
	const restore = restores.find((search) => search.trouble !== undefined)?.trouble;
	const late = missedOf(cronJob, runs, now);
	const lookAgainAt = earliest([...searches, ...restores, late]);
	const lastScheduleTime = later(previous?.lastScheduleTime, cronJob?.lastScheduleTime);
	const ended = [...runs, ...unseenRuns(input)];
	const succeeded = later(cronJob?.lastSuccessfulTime, finishedTime(ended, "succeeded"));
	const lastSuccessfulTime = later(previous?.lastSuccessfulTime, succeeded);
	const lastFailedTime = later(previous?.lastFailedTime, finishedTime(ended, "failed"));
	const finished = ended.filter(({ job }) => isFinished(job));
	const newest = finished.sort(
		(a, b) => Date.parse(`${b.outcome.finishedAt}`) - Date.parse(`${a.outcome.finishedAt}`),
	)[0];
	const known = later(lastSuccessfulTime, lastFailedTime);
	const before = conditionOf(previous?.conditions, LAST_RUN_SUCCEEDED);
	const result =
		newest !== undefined && later(newest.outcome.finishedAt, known) === newest.outcome.finishedAt
			? resultOf(input, newest)
			: rememberedResult(before, lastSuccessfulTime, lastFailedTime);
	return {
		...(lastScheduleTime === undefined ? {} : { lastScheduleTime }),
		...(lastSuccessfulTime === undefined ? {} : { lastSuccessfulTime }),
		...(lastFailedTime === undefined ? {} : { lastFailedTime }),
		active: runs
			.filter(({ job }) => !isFinished(job))
			.map(({ job }) => ({ name: `${job.metadata.name}`, uid: `${job.metadata.uid}` })),
		condition: hanging(trouble, restore ?? late.trouble, cronJob) ?? result,
		health: runs.slice(0, LISTED_RUNS).map((run, index) => {
			const failed = run.outcome.state === "failed" ? runFailure(run.job, podsOf(input.pods, run.job)).message : "";
			return runHealth(run, searches[index]?.trouble, failed);
		}),
		...(lookAgainAt === undefined ? {} : { lookAgainAt }),
	};
};
