// When a CronJob will run next, as its controller will decide it: from the clock for a cron expression, from the last run
// (or the making of the CronJob) for `@every`.
import { nextRun, parseSchedule } from "../schedule.ts";
import type { CronJobFacts } from "./facts.ts";
import { timeText } from "./text.ts";

const everyNext = (first: Date, start: Date, now: Date): Date => {
	const interval = first.getTime() - start.getTime();
	const missed = Math.max(0, Math.ceil((now.getTime() - first.getTime() + 1) / interval));
	return new Date(first.getTime() + missed * interval);
};

/** RFC 3339 in UTC; undefined where nothing is scheduled: no CronJob, suspended, or a schedule that never fires. */
export const nextScheduleTime = (cronJob: CronJobFacts | undefined, now: Date): string | undefined => {
	if (cronJob === undefined || cronJob.suspended) return undefined;
	const { schedule: text, timeZone: zone = "Etc/UTC" } = cronJob;
	const parsed = parseSchedule(text);
	if ("error" in parsed) return undefined;
	const every = text.startsWith("@every");
	const start = every ? new Date(cronJob.lastScheduleTime ?? cronJob.metadata.creationTimestamp ?? now) : now;
	const first = nextRun(parsed.schedule, start, zone);
	if (first === undefined) return undefined;
	return timeText(every ? everyNext(first, start, now) : first);
};
