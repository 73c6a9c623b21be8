// What scenarios of ScheduledBackups share: `app`, what was written for it, and what its status says.
import { CONFIG_MAP, CRON_JOB, SCHEDULED_BACKUP } from "../../src/api/kinds.ts";
import type { CronJob } from "../../src/api/kubernetes.ts";
import type { ScheduledBackup } from "../../src/api/types.ts";
import { conditionOf } from "../../src/domain/status/conditions.ts";
import * as objects from "../integration/support/objects.ts";
import { put } from "./objects.ts";
import { type Running, startRunning } from "./running.ts";

export const KEY = "default/app";
export const backup = (spec: objects.Fields = {}, metadata: objects.Fields = {}) =>
	objects.scheduledBackup("app", spec, metadata);

/** Writes without the hashes in names: `create configmaps default/app-backup-#`; without Events, whose names are random. */
export const written = (running: Running): string[] =>
	running
		.writesSince()
		.filter((write) => !write.includes(" events "))
		.map((write) => write.replace(/-[0-9a-f]{10}$/, "-#"));
export const statusOf = ({ api }: Running) => api.get<ScheduledBackup>(SCHEDULED_BACKUP, KEY)?.status;
export const readiness = (running: Running) => {
	const { status, reason, message } = conditionOf(statusOf(running)?.conditions, "Ready") ?? {};
	return { status, reason, message };
};
export const cronJob = ({ api }: Running) => api.get<CronJob>(CRON_JOB, KEY);
export const scripts = ({ api }: Running): string[] => api.list(CONFIG_MAP).map(({ metadata }) => metadata?.name ?? "");

export const installed = async (
	...[t, spec, options]: [Parameters<typeof startRunning>[0], objects.Fields?, object?]
) => {
	const running = await startRunning(t, options ?? {});
	put(running.api, SCHEDULED_BACKUP, backup(spec));
	await running.settle();
	return running;
};
export const STANDING = ["create configmaps default/app-backup-#", "create configmaps default/app-restore-#"];

/** A Job of ours with a pod that reads a script and the environment. */
export const reader = (script: string, status: object = {}, name = "run") => ({
	metadata: {
		name,
		namespace: "default",
		labels: { "app.kubernetes.io/managed-by": "backup-maker-controller", "riotkit.org/scheduled-backup": "app" },
	},
	spec: {
		template: {
			spec: {
				volumes: [{ name: "script", configMap: { name: script } }],
				containers: [{ name: "backup", envFrom: [{ secretRef: { name: "app-env" } }] }],
			},
		},
	},
	status,
});
export const ENDED = { conditions: [{ type: "Complete", status: "True", lastTransitionTime: "2026-03-01T12:00:00Z" }] };
