// Objects that the tests of this folder vary: valid ones, as small as they can be.
import type { ClusterBackupProcedureTemplate, RequestedBackupAction, ScheduledBackup } from "../../src/api/types.ts";

export const scheduledBackup = (spec: Record<string, unknown> = {}): ScheduledBackup =>
	({
		apiVersion: "riotkit.org/v1alpha1",
		kind: "ScheduledBackup",
		metadata: { name: "app1", namespace: "default" },
		spec: { operation: "backup", collectionId: "1111-2222", templateRef: { name: "pg13" }, ...spec },
	}) as ScheduledBackup;

export const requestedBackupAction = (spec: Record<string, unknown> = {}): RequestedBackupAction =>
	({
		apiVersion: "riotkit.org/v1alpha1",
		kind: "RequestedBackupAction",
		metadata: { generateName: "app1-backup-", namespace: "default" },
		spec: { action: "backup", scheduledBackupRef: { name: "app1" }, ...spec },
	}) as RequestedBackupAction;

export const procedureTemplate = (spec: Record<string, unknown> = {}): ClusterBackupProcedureTemplate =>
	({
		apiVersion: "riotkit.org/v1alpha1",
		kind: "ClusterBackupProcedureTemplate",
		metadata: { name: "pg13" },
		spec: { image: "example.org/tools:1", backup: "true", restore: "", ...spec },
	}) as ClusterBackupProcedureTemplate;

/** The object with other metadata. */
export const withMetadata = <T extends object>(object: T, metadata: unknown): T => ({ ...object, metadata });
