// Whether scheduled runs may still start: the CronJob as the API server has it now. That it is suspended is not enough where
// a run is due: the CronJob controller acts on what its own watch told it, which may be some seconds old.
import { CRON_JOB } from "../../src/api/kinds.ts";
import type { CronJob } from "../../src/api/kubernetes.ts";
import type { RequestedBackupAction, ScheduledBackup } from "../../src/api/types.ts";
import { cronJobName } from "../../src/domain/objects/names.ts";
import { nextRun, parseSchedule } from "../../src/domain/schedule.ts";
import { controllerOf } from "../../src/domain/status/facts.ts";
import { readLive } from "../../src/kube/readlive.ts";
import type { Context } from "../shared/context.ts";
import { isReady } from "./gates.ts";
import type { Wait } from "./step.ts";

/** Seconds after a change of the CronJob in which a run may start that knows nothing of it; one more, as times are whole seconds. */
const SETTLING = 11;
/** Seconds from now within which a run counts as due. */
const SOON = 15;

const wantsCronJob = (scheduledBackup: ScheduledBackup): boolean =>
	scheduledBackup.spec.cronJob !== undefined && scheduledBackup.spec.cronJob.enabled !== false;

/** Milliseconds: when somebody last changed it, by the API server's own notes; its status does not count. */
const changedAt = ({ metadata }: CronJob): number => {
	const notes = (metadata?.managedFields ?? []) as { time?: string; subresource?: string }[];
	const times = notes.filter(({ subresource }) => subresource !== "status").map(({ time }) => Date.parse(`${time}`));
	return Math.max(Date.parse(`${metadata?.creationTimestamp}`), ...times.filter(Number.isFinite));
};

/** Whether a run that was not recorded yet lies behind us, or close ahead. */
const isDue = ({ metadata, spec, status }: CronJob, now: Date): boolean => {
	const parsed = parseSchedule(spec?.schedule ?? "");
	if ("error" in parsed) return true;
	const recorded = new Date(status?.lastScheduleTime ?? metadata?.creationTimestamp ?? now);
	const next = nextRun(parsed.schedule, recorded, spec?.timeZone ?? "Etc/UTC");
	return next !== undefined && next.getTime() <= now.getTime() + SOON * 1000;
};

/** Seconds for which a run of a suspended CronJob may still start; not above 0 where none can. */
export const unsettledFor = (cronJob: CronJob, now: Date): number =>
	isDue(cronJob, now) ? SETTLING - (now.getTime() - changedAt(cronJob)) / 1000 : 0;

/** What an action has to wait for before it can be sure that no scheduled run starts over it: where one of the two restores. */
export const scheduleObstacle = async (
	context: Context,
	action: RequestedBackupAction,
	scheduledBackup: ScheduledBackup,
): Promise<Wait | undefined> => {
	const name = cronJobName(action.spec.scheduledBackupRef.name);
	const cronJob = await readLive(context.kube, CRON_JOB, { namespace: action.metadata.namespace ?? "", name });
	const reason = "WaitingForCronJob";
	const waiter = `the ${action.spec.action}`;
	if (cronJob === undefined)
		return wantsCronJob(scheduledBackup) && isReady(scheduledBackup)
			? { reason, message: `CronJob "${name}" is being made; ${waiter} waits until it is there, suspended` }
			: undefined;
	const owner = controllerOf(cronJob);
	if (owner?.kind !== "ScheduledBackup" || owner.name !== action.spec.scheduledBackupRef.name) return undefined;
	if (cronJob.spec?.suspend !== true)
		return { reason, message: `CronJob "${name}" is being suspended; ${waiter} waits for it` };
	const after = unsettledFor(cronJob, context.now());
	const message = `CronJob "${name}" was suspended when a run was due; ${waiter} waits some seconds, in case that run still starts`;
	return after > 0 ? { reason, message, after } : undefined;
};
