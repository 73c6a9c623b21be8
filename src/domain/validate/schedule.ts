// What the API server would refuse in the CronJob that we make of `spec.cronJob`, told when it is written down.
import type { ScheduledBackup } from "../../api/types.ts";
import { mergeReports, type Problem, type Report } from "../report.ts";
import { nextRun, parseSchedule } from "../schedule.ts";
import { isKnownTimeZone } from "../timezone.ts";
import { errorsOnly, warningsOnly } from "./problems.ts";

/** Any moment serves: a schedule that does not fire within the years that are searched from it never does. */
const SOME_MOMENT = new Date("2026-01-01T00:00:00Z");

/** Seconds: what cron's five fields can ask for at most. A Job takes longer than that to begin and to end. */
const SHORTEST = 60;

const invalid = (path: string, message: string, hint: string): Report =>
	errorsOnly([{ path, reason: "FieldValueInvalid", message, hint } satisfies Problem]);

const scheduleReport = (text: string, timeZone: string): Report => {
	const parsed = parseSchedule(text);
	if ("error" in parsed) {
		const hint = "five fields (`00 02 * * *`) or one of @hourly, @daily, @weekly, @monthly, @yearly, @every 90m";
		return invalid("spec.cronJob.scheduleEvery", `${JSON.stringify(text)} is no schedule: ${parsed.error}`, hint);
	}
	if (parsed.schedule.kind === "interval" && parsed.schedule.seconds < SHORTEST)
		return warningsOnly(`spec.cronJob.scheduleEvery: ${JSON.stringify(text)} runs more often than once a minute`);
	if (nextRun(parsed.schedule, SOME_MOMENT, timeZone) !== undefined) return errorsOnly([]);
	return warningsOnly(`spec.cronJob.scheduleEvery: ${JSON.stringify(text)} never fires: there is no such date`);
};

/** With `Forbid` alone no two restores write the same data at once, or one over the half of another. */
const overlapReport = ({ operation, cronJob }: ScheduledBackup["spec"]): Report => {
	const policy = cronJob?.concurrencyPolicy ?? "Forbid";
	if (operation !== "restore" || policy === "Forbid") return errorsOnly([]);
	const what = policy === "Replace" ? "cuts a running restore off for the next one" : "lets two restores run at once";
	return warningsOnly(`spec.cronJob.concurrencyPolicy: ${policy} ${what}; Forbid is safe`);
};

/** Schedule and time zone, also where the CronJob is disabled: it will be enabled one day. */
export const validateSchedule = (object: ScheduledBackup): Report => {
	const cronJob = object.spec.cronJob;
	if (cronJob === undefined) return errorsOnly([]);
	const timeZone = cronJob.timeZone ?? "Etc/UTC";
	const known = isKnownTimeZone(timeZone);
	const zone = known
		? errorsOnly([])
		: invalid(
				"spec.cronJob.timeZone",
				`unknown time zone ${JSON.stringify(timeZone)}`,
				"an IANA name such as Europe/Warsaw",
			);
	const schedule = cronJob.scheduleEvery ?? "00 02 * * *";
	return mergeReports(scheduleReport(schedule, known ? timeZone : "Etc/UTC"), zone, overlapReport(object.spec));
};
