// Mistakes, each with what the API server says of it (Kubernetes 1.37 printed these lines; what follows "; " is our hint).
// The unit test compares our checks with them, the cluster test the API server itself.
import type { KubernetesObject } from "../../src/api/kubernetes.ts";
import { procedureTemplate, requestedBackupAction, scheduledBackup } from "./objects.ts";

const SUBDOMAIN = "^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$";
const SUBDOMAIN_HINT = "use lower-case letters, digits, - and . (a DNS-1123 subdomain)";
const gpg = (fields: Record<string, unknown>) =>
	scheduledBackup({ gpgKeySecretRef: { secretName: "keys", ...fields } });
const cron = (fields: Record<string, unknown>) => scheduledBackup({ cronJob: fields });
const imports = (...keys: unknown[]) => scheduledBackup({ varsSecretRef: { secretName: "a", importOnlyKeys: keys } });

/** By name: an object without defaults, and every problem as `path: message; hint`, in our order. */
export const mistakes: Readonly<Record<string, [object: KubernetesObject, problems: string[]]>> = {
	"the smallest ScheduledBackup": [scheduledBackup(), []],
	"the smallest RequestedBackupAction": [requestedBackupAction(), []],
	"the smallest ClusterBackupProcedureTemplate": [procedureTemplate(), []],
	"a kind that is not ours": [{ apiVersion: "v1", kind: "Secret" }, []],
	"a version that is not ours": [
		{ ...scheduledBackup({ operation: "x" }), apiVersion: "riotkit.org/v1" } as KubernetesObject,
		[],
	],
	"no spec": [{ ...scheduledBackup(), spec: undefined } as KubernetesObject, ["spec: Required value"]],
	"a spec that is no map": [
		{ ...scheduledBackup(), spec: "hello" } as KubernetesObject,
		['spec: Invalid value: "string": spec in body must be of type object: "string"'],
	],
	"an empty spec": [
		{ ...scheduledBackup(), spec: {} } as KubernetesObject,
		["spec.operation: Required value", "spec.collectionId: Required value", "spec.templateRef: Required value"],
	],
	"nulls count as absent": [
		scheduledBackup({ operation: null, cronJob: null, templateRef: { kind: null, name: "x" } }),
		["spec.operation: Required value"],
	],
	"an unknown operation": [
		scheduledBackup({ operation: "x" }),
		['spec.operation: Unsupported value: "x": supported values: "backup", "restore"'],
	],
	"an operation of another type is told once": [
		scheduledBackup({ operation: 5 }),
		['spec.operation: Invalid value: "integer": spec.operation in body must be of type string: "integer"'],
	],
	"a number where text is wanted": [
		scheduledBackup({ collectionId: 5 }),
		[
			'spec.collectionId: Invalid value: "integer": spec.collectionId in body must be of type string: "integer"; put it in quotes',
		],
	],
	"vars as a map": [
		scheduledBackup({ vars: { Params: {} } }),
		[
			'spec.vars: Invalid value: "object": spec.vars in body must be of type string: "object"; write it as text: put | after the colon and indent the lines below',
		],
	],
	"vars as a list": [
		scheduledBackup({ vars: [] }),
		['spec.vars: Invalid value: "array": spec.vars in body must be of type string: "array"'],
	],
	"vars that are too long are not printed": [
		scheduledBackup({ vars: "x".repeat(262_145) }),
		["spec.vars: Too long: may not be more than 262144 bytes"],
	],
	"an empty collection": [
		scheduledBackup({ collectionId: "" }),
		['spec.collectionId: Invalid value: "": spec.collectionId in body should be at least 1 chars long'],
	],
	"a line break in a collection": [
		scheduledBackup({ collectionId: "a\nb" }),
		['spec.collectionId: Invalid value: "a\\nb": cannot hold control characters (line breaks, tabs …)'],
	],
	"an empty name is told once": [
		scheduledBackup({ templateRef: { name: "" } }),
		['spec.templateRef.name: Invalid value: "": spec.templateRef.name in body should be at least 1 chars long'],
	],
	"a name in capitals": [
		scheduledBackup({ templateRef: { name: "PG" } }),
		[
			`spec.templateRef.name: Invalid value: "PG": spec.templateRef.name in body should match '${SUBDOMAIN}'; ${SUBDOMAIN_HINT}`,
		],
	],
	"cron: numbers": [
		cron({ startingDeadlineSeconds: -1, successfulJobsHistoryLimit: 1.5, failedJobsHistoryLimit: 5_000_000_000 }),
		[
			'spec.cronJob.successfulJobsHistoryLimit: Invalid value: "number": spec.cronJob.successfulJobsHistoryLimit in body must be of type integer: "number"',
			"spec.cronJob.startingDeadlineSeconds: Invalid value: -1: spec.cronJob.startingDeadlineSeconds in body should be greater than or equal to 0",
			"spec.cronJob.failedJobsHistoryLimit: Invalid value: 5000000000: spec.cronJob.failedJobsHistoryLimit in body must be of format int32",
		],
	],
	"cron: a time zone in the schedule": [
		cron({ scheduleEvery: "CRON_TZ=UTC 0 0 * * *" }),
		[
			'spec.cronJob.scheduleEvery: Invalid value: "CRON_TZ=UTC 0 0 * * *": cannot hold TZ or CRON_TZ; put the time zone into timeZone',
		],
	],
	"cron: too few fields": [
		cron({ scheduleEvery: "1 2 3" }),
		[
			'spec.cronJob.scheduleEvery: Invalid value: "1 2 3": must have five fields (minute, hour, day of month, month, day of week) or be one of @hourly, @daily, @weekly, @monthly, @yearly, @every <duration>',
		],
	],
	"cron: the machine's time zone": [
		cron({ timeZone: "Local" }),
		[
			'spec.cronJob.timeZone: Invalid value: "Local": must be the name of a time zone, such as Etc/UTC or Europe/Warsaw; the zone of a machine is not one',
		],
	],
	"a key to be made without e-mail": [
		gpg({ createIfNotExists: true }),
		[
			"spec.gpgKeySecretRef.email: Required value: an e-mail address is needed to make a key (createIfNotExists is true)",
		],
	],
	"a key to be made for no e-mail address": [
		gpg({ createIfNotExists: true, email: "foo" }),
		[
			"spec.gpgKeySecretRef.email: Invalid value: must be an e-mail address, since a key is made for it (createIfNotExists is true)",
		],
	],
	"one data key for everything": [
		{
			...gpg({ privateKey: "k", publicKey: "k", passphraseKey: "k" }),
			spec: {
				...gpg({ privateKey: "k", publicKey: "k", passphraseKey: "k" }).spec,
				tokenSecretRef: { secretName: "keys", tokenKey: "k" },
			},
		} as KubernetesObject,
		[
			"spec.tokenSecretRef.tokenKey: Invalid value: names a data key that gpgKeySecretRef uses for the GPG identity in the same Secret",
			"spec.gpgKeySecretRef.publicKey: Invalid value: must be another data key than privateKey",
			"spec.gpgKeySecretRef.passphraseKey: Invalid value: must be another data key than privateKey and publicKey",
		],
	],
	"importOnlyKeys: none": [imports(), []],
	"importOnlyKeys: too many": [
		imports(...Array.from({ length: 257 }, (_, index) => `k${index}`)),
		["spec.varsSecretRef.importOnlyKeys: Too many: 257: must have at most 256 items"],
	],
	"importOnlyKeys: items": [
		imports("a", "a", "b..c", "__proto__.x", null),
		[
			'spec.varsSecretRef.importOnlyKeys[4]: Invalid value: "null": spec.varsSecretRef.importOnlyKeys[4] in body must be of type string: "null"',
			"spec.varsSecretRef.importOnlyKeys[2]: Invalid value: \"b..c\": spec.varsSecretRef.importOnlyKeys[2] in body should match '^[-_a-zA-Z0-9]+(\\.[-_a-zA-Z0-9]+)*$'; use a dotted path such as Params.password: letters, digits, - and _ between dots",
			'spec.varsSecretRef.importOnlyKeys[1]: Duplicate value: "a"',
			"spec.varsSecretRef.importOnlyKeys[3]: Forbidden: cannot hold a path segment named __proto__, constructor or prototype",
		],
	],
	"importOnlyKeys: a forbidden path segment": [
		imports("Params.constructor"),
		[
			"spec.varsSecretRef.importOnlyKeys[0]: Forbidden: cannot hold a path segment named __proto__, constructor or prototype",
		],
	],
	"several layers at once": [
		scheduledBackup({ collectionId: undefined, cronJob: { timeZone: "local" }, vars: 5 }),
		[
			'spec.vars: Invalid value: "integer": spec.vars in body must be of type string: "integer"; put it in quotes',
			"spec.collectionId: Required value",
			'spec.cronJob.timeZone: Invalid value: "local": must be the name of a time zone, such as Etc/UTC or Europe/Warsaw; the zone of a machine is not one',
		],
	],
	"a backup with a version": [
		requestedBackupAction({ targetVersion: "v1" }),
		["spec.targetVersion: Forbidden: only a restore has a version to restore; a backup makes a new one"],
	],
	"a version that a shell would read": [
		requestedBackupAction({ action: "restore", targetVersion: "v1;id" }),
		[
			"spec.targetVersion: Invalid value: \"v1;id\": spec.targetVersion in body should match '^[A-Za-z0-9][A-Za-z0-9._-]*$'; use letters, digits, ., _ and -, such as v1",
		],
	],
	"a template without scripts": [
		procedureTemplate({ backup: "" }),
		["spec.backup: Required value: a template needs a backup script, a restore script, or both"],
	],
	"a template whose image is none": [
		procedureTemplate({ image: "https://example.org/Tools:1" }),
		[
			'spec.image: Invalid value: "https://example.org/Tools:1": must be an image reference such as registry.example.org/team/tools:1.2',
		],
	],
	"a status with a date that is none": [
		{ ...scheduledBackup(), status: { lastFailedTime: "yesterday" } } as KubernetesObject,
		['status.lastFailedTime: Invalid value: "yesterday": status.lastFailedTime in body must be of format date-time'],
	],
};
