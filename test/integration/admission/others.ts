// Schedules, names and actions.
import { action, type Fields, manifest, template } from "../support/objects.ts";
import { backup, type Rows } from "./row.ts";

const cron = (cronJob: Fields): string => backup({ cronJob });
const act = (name: string, scheduledBackup: string, spec: Fields = {}): string =>
	manifest(action(name, scheduledBackup, spec));

export const otherRows: Rows = {
	"schedule: too few fields": {
		input: cron({ scheduleEvery: "0 2 * *" }),
		denied: [
			'spec.cronJob.scheduleEvery: Invalid value: "0 2 * *": must have five fields (minute, hour, day of month, month, day of week) or be one of @hourly, @daily, @weekly, @monthly, @yearly, @every <duration>',
		],
	},
	"schedule: with seconds": {
		input: cron({ scheduleEvery: "0 0 2 * * *" }),
		denied: [
			'spec.cronJob.scheduleEvery: Invalid value: "0 0 2 * * *": must have five fields (minute, hour, day of month, month, day of week) or be one of @hourly, @daily, @weekly, @monthly, @yearly, @every <duration>',
		],
	},
	"schedule: out of range": {
		input: cron({ scheduleEvery: "61 25 * * 7" }),
		denied: [
			'spec.cronJob.scheduleEvery: "61 25 * * 7" is no schedule: minute "61" is outside of 0-59, hour "25" is outside of 0-23, day of week "7" is outside of 0-6 (Sunday is 0); five fields (`00 02 * * *`) or one of @hourly, @daily, @weekly, @monthly, @yearly, @every 90m',
		],
	},
	"schedule: no number": {
		input: cron({ scheduleEvery: "x 2 * * *" }),
		denied: [
			'spec.cronJob.scheduleEvery: "x 2 * * *" is no schedule: minute "x" is not understood; five fields (`00 02 * * *`) or one of @hourly, @daily, @weekly, @monthly, @yearly, @every 90m',
		],
	},
	"schedule: an unknown word": {
		input: cron({ scheduleEvery: "@noon" }),
		denied: [
			'spec.cronJob.scheduleEvery: Invalid value: "@noon": must have five fields (minute, hour, day of month, month, day of week) or be one of @hourly, @daily, @weekly, @monthly, @yearly, @every <duration>',
		],
	},
	"schedule: an interval that is none": {
		input: cron({ scheduleEvery: "@every day" }),
		denied: [
			'spec.cronJob.scheduleEvery: "@every day" is no schedule: "day" is no duration; write it like 90m or 1h30m; five fields (`00 02 * * *`) or one of @hourly, @daily, @weekly, @monthly, @yearly, @every 90m',
		],
	},
	"schedule: a time zone in it": {
		input: cron({ scheduleEvery: "TZ=Europe/Warsaw 0 2 * * *" }),
		denied: [
			'spec.cronJob.scheduleEvery: Invalid value: "TZ=Europe/Warsaw 0 2 * * *": cannot hold TZ or CRON_TZ; put the time zone into timeZone',
		],
	},
	"time zone: unknown": {
		input: cron({ timeZone: "Europe/Warszawa" }),
		denied: ['spec.cronJob.timeZone: unknown time zone "Europe/Warszawa"; an IANA name such as Europe/Warsaw'],
	},
	"time zone: of the machine": {
		input: cron({ timeZone: "Local" }),
		denied: [
			'spec.cronJob.timeZone: Invalid value: "Local": must be the name of a time zone, such as Etc/UTC or Europe/Warsaw; the zone of a machine is not one',
		],
	},
	"time zone: an offset": {
		input: cron({ timeZone: "+02:00" }),
		denied: [
			"spec.cronJob.timeZone: Invalid value: \"+02:00\": spec.cronJob.timeZone in body should match '^[A-Za-z][A-Za-z0-9_+-]*(/[A-Za-z0-9_+-]+)*$'; use a name of the IANA time zone database, such as Europe/Warsaw",
		],
	},
	"schedule and time zone: both, also where it is off": {
		input: cron({ enabled: false, scheduleEvery: "60 * * * *", timeZone: "Mars/Base" }),
		denied: [
			'spec.cronJob.scheduleEvery: "60 * * * *" is no schedule: minute "60" is outside of 0-59; five fields (`00 02 * * *`) or one of @hourly, @daily, @weekly, @monthly, @yearly, @every 90m',
			'spec.cronJob.timeZone: unknown time zone "Mars/Base"; an IANA name such as Europe/Warsaw',
		],
	},
	"cronJob: numbers and words": {
		input: cron({ concurrencyPolicy: "Never", successfulJobsHistoryLimit: -1, startingDeadlineSeconds: "5" }),
		denied: [
			'spec.cronJob.startingDeadlineSeconds: Invalid value: "string": spec.cronJob.startingDeadlineSeconds in body must be of type integer: "string"',
			'spec.cronJob.concurrencyPolicy: Unsupported value: "Never": supported values: "Allow", "Forbid", "Replace"',
			"spec.cronJob.successfulJobsHistoryLimit: Invalid value: -1: spec.cronJob.successfulJobsHistoryLimit in body should be greater than or equal to 0",
		],
	},
	"name: no DNS name": {
		input: backup({}, { name: "App_1" }),
		object: 'ScheduledBackup "App_1"',
		denied: [
			"metadata.name: Invalid value: \"App_1\": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character",
		],
	},
	"name: too long": {
		input: backup({}, { name: "a".repeat(254) }),
		object: `ScheduledBackup "${"a".repeat(254)}"`,
		denied: [
			'metadata.name: Invalid value: "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa": must be no more than 253 characters',
		],
	},
	"name: generated, no DNS name": {
		input: backup({}, { name: undefined, generateName: "App_" }),
		args: "create -f -",
		object: 'ScheduledBackup "App_"',
		denied: [
			"metadata.generateName: Invalid value: \"App_\": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character",
		],
	},
	"name of a template: no DNS name": {
		input: manifest(template("PG 13")),
		object: 'ClusterBackupProcedureTemplate "PG 13"',
		denied: [
			"metadata.name: Invalid value: \"PG 13\": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character",
		],
	},
	"name of an action: no DNS name": {
		input: act("Restore!", "nosuch"),
		object: 'RequestedBackupAction "Restore!"',
		denied: [
			"metadata.name: Invalid value: \"Restore!\": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character",
			'spec.scheduledBackupRef.name: ScheduledBackup "nosuch" does not exist',
		],
	},
	"labels that the API server refuses, and everything else": {
		input: backup({ templateRef: { name: "nosuch" } }, { labels: { "my team": "a b" } }),
		denied: [
			"metadata.labels: Invalid value: \"my team\": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character",
			"metadata.labels: Invalid value: \"a b\": a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character",
			'spec.templateRef.name: ClusterBackupProcedureTemplate "nosuch" does not exist',
		],
	},
	"more than kubectl apply can keep a copy of, and everything else": {
		input: backup({ templateRef: { name: "nosuch" }, vars: `a: "${"\\\\".repeat(70_000)}"\n` }),
		denied: [
			"metadata.annotations: Too long: may not be more than 262144 bytes; kubectl apply keeps a copy of the manifest there; kubectl apply --server-side does not",
			'spec.templateRef.name: ClusterBackupProcedureTemplate "nosuch" does not exist',
		],
	},
	"action: a dangling reference": {
		input: act("now", "nosuch"),
		object: 'RequestedBackupAction "now"',
		denied: ['spec.scheduledBackupRef.name: ScheduledBackup "nosuch" does not exist'],
	},
	"action: a reference that cannot be": {
		input: act("now", "No Such"),
		object: 'RequestedBackupAction "now"',
		denied: [
			"spec.scheduledBackupRef.name: Invalid value: \"No Such\": spec.scheduledBackupRef.name in body should match '^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$'; use lower-case letters, digits, - and . (a DNS-1123 subdomain)",
		],
	},
	"action: no script for it": {
		input: act("now", "no-restore", { action: "restore" }),
		object: 'RequestedBackupAction "now"',
		denied: [
			'spec.action: ClusterBackupProcedureTemplate "backup-only" has no restore script; choose the other action, or add the script to the template',
		],
	},
	"action: a version to back up": {
		input: act("now", "no-restore", { targetVersion: "v1" }),
		object: 'RequestedBackupAction "now"',
		denied: ["spec.targetVersion: Forbidden: only a restore has a version to restore; a backup makes a new one"],
	},
	"action: a version that a shell would read": {
		input: act("now", "no-restore", { action: "restore", targetVersion: "$(id)" }),
		object: 'RequestedBackupAction "now"',
		denied: [
			"spec.targetVersion: Invalid value: \"$(id)\": spec.targetVersion in body should match '^[A-Za-z0-9][A-Za-z0-9._-]*$'; use letters, digits, ., _ and -, such as v1",
			'spec.action: ClusterBackupProcedureTemplate "backup-only" has no restore script; choose the other action, or add the script to the template',
		],
	},
	"action: an unknown action and kind": {
		input: act("now", "no-restore", { action: "delete", kindType: "Workflow" }),
		object: 'RequestedBackupAction "now"',
		denied: [
			'spec.action: Unsupported value: "delete": supported values: "backup", "restore"',
			'spec.kindType: Unsupported value: "Workflow": supported values: "Job"',
		],
	},
	"action: generated, everything at once": {
		input: manifest(action("now", "nosuch", { targetVersion: "a b" }, { name: undefined, generateName: "now-" })),
		args: "create -f -",
		object: 'RequestedBackupAction "now-"',
		denied: [
			"spec.targetVersion: Invalid value: \"a b\": spec.targetVersion in body should match '^[A-Za-z0-9][A-Za-z0-9._-]*$'; use letters, digits, ., _ and -, such as v1",
			"spec.targetVersion: Forbidden: only a restore has a version to restore; a backup makes a new one",
			'spec.scheduledBackupRef.name: ScheduledBackup "nosuch" does not exist',
		],
	},
};
