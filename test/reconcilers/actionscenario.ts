// What scenarios of actions share: `app` is installed, and `now` is asked for.
import type { Test } from "tap";
import { CRON_JOB, JOB, REQUESTED_BACKUP_ACTION, SCHEDULED_BACKUP } from "../../src/api/kinds.ts";
import type { CronJob, Job } from "../../src/api/kubernetes.ts";
import type { RequestedBackupAction } from "../../src/api/types.ts";
import * as objects from "../integration/support/objects.ts";
import { put } from "./objects.ts";
import { type Running, startRunning } from "./running.ts";

export const written = (running: Running): string[] =>
	running
		.writesSince()
		.filter((write) => !write.includes(" events "))
		.map((write) => write.replace(/-[0-9a-f]{10}$/, "-#"));
export const statusOf = ({ api }: Running, name = "now") =>
	api.get<RequestedBackupAction>(REQUESTED_BACKUP_ACTION, `default/${name}`)?.status;
export const jobOf = (running: Running, name = "now"): Job | undefined =>
	running.api.list<Job>(JOB).find(({ metadata }) => metadata?.name?.startsWith(`${name}-`));
export const jobKey = (running: Running, name = "now"): string => `default/${jobOf(running, name)?.metadata?.name}`;
export const schedule = ({ api }: Running) => api.get<CronJob>(CRON_JOB, "default/app")?.spec;

/** `app` is installed; an action is asked for. */
export const asked = async (
	t: Test,
	operation: "backup" | "restore" = "backup",
	spec: objects.Fields = { cronJob: undefined },
) => {
	const running = await startRunning(t);
	put(running.api, SCHEDULED_BACKUP, objects.scheduledBackup("app", spec));
	await running.settle();
	written(running);
	put(running.api, REQUESTED_BACKUP_ACTION, objects.action("now", "app", { action: operation }));
	await running.settle();
	return running;
};
export const START_TIME = "2026-03-01T12:00:31Z";
export const complete = {
	startTime: START_TIME,
	completionTime: "2026-03-01T12:01:00Z",
	conditions: [{ type: "Complete", status: "True", lastTransitionTime: "2026-03-01T12:01:00Z" }],
};
export const failedStatus = {
	startTime: START_TIME,
	conditions: [
		{ type: "Failed", status: "True", reason: "BackoffLimitExceeded", lastTransitionTime: "2026-03-01T12:01:00Z" },
	],
};
