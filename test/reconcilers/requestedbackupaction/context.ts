// A ScheduledBackup that is ready, an action and its Job, in a Kube over a Map; the watches show what a test gives them.
import type { Context } from "../../../reconcilers/shared/context.ts";
import {
	CLUSTER_BACKUP_PROCEDURE_TEMPLATE,
	CONFIG_MAP,
	REQUESTED_BACKUP_ACTION,
	SCHEDULED_BACKUP,
	SECRET,
} from "../../../src/api/kinds.ts";
import type { ConfigMap, Secret } from "../../../src/api/kubernetes.ts";
import type { ClusterBackupProcedureTemplate, RequestedBackupAction, ScheduledBackup } from "../../../src/api/types.ts";
import * as objects from "../../integration/support/objects.ts";
import { createWorld, type World } from "../world.ts";

export const NOW = new Date("2026-03-01T12:00:00Z");

const READY = {
	type: "Ready",
	status: "True",
	reason: "Installed",
	message: "",
	lastTransitionTime: NOW.toISOString(),
};

/** ScheduledBackup `app`, Ready for its generation 1. */
export const readyBackup = (spec: objects.Fields = {}, metadata: objects.Fields = {}): ScheduledBackup =>
	({
		...objects.scheduledBackup("app", spec, { uid: "app-uid", generation: 1, ...metadata }),
		status: { observedGeneration: 1, conditions: [READY] },
	}) as unknown as ScheduledBackup;

export const requested = (operation: "backup" | "restore", metadata: objects.Fields = {}): RequestedBackupAction =>
	objects.action(
		"run",
		"app",
		{ action: operation },
		{ uid: "run-uid", creationTimestamp: "2026-03-01T11:59:00Z", ...metadata },
	) as unknown as RequestedBackupAction;

/** A world with all that `app` needs to run but its script. */
export const readyWorld = (backup = readyBackup()): World => {
	const world = createWorld();
	world.put(CLUSTER_BACKUP_PROCEDURE_TEMPLATE, objects.template("simple") as unknown as ClusterBackupProcedureTemplate);
	const data = { "Params.password": Buffer.from("not-a-real-password").toString("base64") };
	world.put(SECRET, { metadata: { name: "vars", namespace: "default" }, data } as Secret);
	world.put(SCHEDULED_BACKUP, backup);
	world.put(REQUESTED_BACKUP_ACTION, requested("restore"));
	return world;
};

export const putScript = (world: World, name: string): void => {
	world.put(CONFIG_MAP, { metadata: { name, namespace: "default" } } as ConfigMap);
};

/** What the reconcilers are given; the watches show nothing unless a test says so. */
export const contextOf = (world: World, watches: object = {}): Context => {
	const ignored = () => undefined;
	const nothing = { get: ignored, byIndex: () => [], created: ignored, wrote: ignored, gone: ignored };
	const kinds = ["scheduledBackups", "actions", "templates", "configMaps", "cronJobs", "jobs", "pods", "events"];
	return {
		kube: world.kube,
		watches: { ...Object.fromEntries(kinds.map((kind) => [kind, nothing])), ...watches },
		settings: { backupMakerImage: "example.org/tool:1", missingReferences: "deny", allowPrivilegedPods: false },
		events: { record: async () => undefined },
		now: () => NOW,
	} as unknown as Context;
};
