// Runs that were due and never began. Nothing else shows them: a CronJob controller that is down, or that gave a run up after
// its starting deadline, leaves a schedule that looks as it did when the last run succeeded.
import { nextRun, parseSchedule } from "../schedule.ts";
import type { CronJobFacts } from "./facts.ts";
import { timeText } from "./text.ts";
import type { Trouble, TroubleSearch } from "./trouble.ts";

/** Milliseconds after which a run that was due counts as missed: controllers restart, and catch up then. */
const LATENESS = 5 * 60_000;

const missed = ({ metadata }: CronJobFacts, due: Date): Trouble => ({
	reason: "MissedSchedule",
	message: `No run was started when one was due, at ${timeText(due)}; see \`kubectl describe cronjob ${metadata.name}\`, and whether kube-controller-manager runs`,
});

/** The first run that has to follow the one that the CronJob recorded last. */
const dueAfter = (cronJob: CronJobFacts, recorded: string): Date | undefined => {
	const parsed = parseSchedule(cronJob.schedule);
	return "error" in parsed ? undefined : nextRun(parsed.schedule, new Date(recorded), cronJob.timeZone ?? "Etc/UTC");
};

/**
 * A run that was missed, or when the next one would count as missed. Nothing is said while the CronJob is suspended, nor for
 * some minutes after a change of it: what became due before is then started late.
 */
export const missedRun = (cronJob: CronJobFacts, now: Date): TroubleSearch => {
	const recorded = cronJob.lastScheduleTime ?? cronJob.metadata.creationTimestamp;
	if (cronJob.suspended || recorded === undefined) return {};
	const due = dueAfter(cronJob, recorded);
	if (due === undefined) return {};
	const changed = cronJob.changedTime === undefined ? 0 : Date.parse(cronJob.changedTime);
	const patience = Math.max(due.getTime(), changed) + LATENESS;
	return now.getTime() < patience ? { lookAgainAt: new Date(patience) } : { trouble: missed(cronJob, due) };
};
