// Objects for the integration tests: valid ones, with the part that a test is about given by it.
import { dump } from "js-yaml";

export const API_VERSION = "riotkit.org/v1alpha1";

/** Any field of an object, by name. */
export type Fields = Record<string, unknown>;

/** Several objects as one manifest. */
export const manifest = (...objects: object[]): string =>
	objects.map((object) => dump(object, { noRefs: true })).join("---\n");

export const namespace = (name: string, labels: Record<string, string> = {}) => ({
	apiVersion: "v1",
	kind: "Namespace",
	metadata: { name, labels },
});

export const secret = (name: string, stringData: Record<string, string>, metadata: Fields = {}) => ({
	apiVersion: "v1",
	kind: "Secret",
	metadata: { name, namespace: "default", ...metadata },
	stringData,
});

/** Reads one parameter that a ScheduledBackup of `scheduledBackup` has, and one secret. */
export const template = (name: string, spec: Fields = {}) => ({
	apiVersion: API_VERSION,
	kind: "ClusterBackupProcedureTemplate",
	metadata: { name },
	spec: {
		image: "example.org/tool:1.0",
		backup: "echo backup {{ .Params.host }} {{ .Params.password | shellQuote }}\n",
		restore: "echo restore {{ .Params.host }} {{ .Params.password | shellQuote }} ${RESTORE_VERSION:-latest}\n",
		...spec,
	},
});

/** Valid where Secret `vars` has `Params.password` and template `simple` exists. Fields of `spec` set to undefined are left out. */
export const scheduledBackup = (name: string, spec: Fields = {}, metadata: Fields = {}) => ({
	apiVersion: API_VERSION,
	kind: "ScheduledBackup",
	metadata: { name, namespace: "default", ...metadata },
	spec: Object.fromEntries(
		Object.entries({
			operation: "backup",
			cronJob: { scheduleEvery: "0 2 * * *" },
			collectionId: "collection-1",
			templateRef: { name: "simple" },
			vars: "Params: {host: db.example.org}\nRepository: {url: https://backups.example.org}\n",
			varsSecretRef: { secretName: "vars", importOnlyKeys: ["Params.password"] },
			...spec,
		}).filter(([, value]) => value !== undefined),
	),
});

export const action = (name: string, scheduledBackupName: string, spec: Fields = {}, metadata: Fields = {}) => ({
	apiVersion: API_VERSION,
	kind: "RequestedBackupAction",
	metadata: { name, namespace: "default", ...metadata },
	spec: { action: "backup", scheduledBackupRef: { name: scheduledBackupName }, ...spec },
});

/** Template `simple` and Secret `vars`: what `scheduledBackup` refers to. */
export const PREREQUISITES = manifest(template("simple"), secret("vars", { "Params.password": "not-a-real-password" }));
