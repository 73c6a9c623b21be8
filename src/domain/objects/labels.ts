// The labels that every object of ours carries, so that people and watches find what belongs to a ScheduledBackup.
import type { OwnerReference } from "../../api/kubernetes.ts";
import type { RequestedBackupAction, ScheduledBackup } from "../../api/types.ts";
import { labelValue } from "../names.ts";
import type { Operation } from "../operation.ts";

export const APPLICATION = "backup-maker-controller";
/** Name of the ScheduledBackup that an object belongs to, as `labelValue` makes it: cut and hashed over 63 characters. */
export const SCHEDULED_BACKUP_LABEL = "riotkit.org/scheduled-backup";
/** Name of the RequestedBackupAction that a Job or Pod was made for, as `labelValue` makes it. */
export const ACTION_LABEL = "riotkit.org/requested-backup-action";
/** `backup` or `restore`, on what runs a script or holds it. */
export const OPERATION_LABEL = "riotkit.org/operation";
/** UID of the object that asked for a run: of the action, or of the ScheduledBackup for scheduled runs. */
export const TRACKING_LABEL = "riotkit.org/job-tracking-id";

/** What selects everything that belongs to any ScheduledBackup. */
export const MANAGED_SELECTOR = `app.kubernetes.io/managed-by=${APPLICATION},${SCHEDULED_BACKUP_LABEL}`;

export interface LabelDetails {
	/** Name of the ScheduledBackup. */
	scheduledBackup: string;
	/** `app.kubernetes.io/component`: what part of it the object is. */
	component: "backup" | "restore" | "environment";
	/** Where the object runs something: UID of the object that asked for it. */
	trackingId?: string;
	/** Where a RequestedBackupAction asked for it: its name. */
	action?: string;
}

const operationOf = (component: LabelDetails["component"]): Operation | undefined =>
	component === "environment" ? undefined : component;

/** All labels of an object of ours; see https://kubernetes.io/docs/concepts/overview/working-with-objects/common-labels/ */
export const labelsFor = (details: LabelDetails): Record<string, string> => {
	const operation = operationOf(details.component);
	return {
		"app.kubernetes.io/name": "backup-maker",
		"app.kubernetes.io/instance": labelValue(details.scheduledBackup),
		"app.kubernetes.io/component": details.component,
		"app.kubernetes.io/part-of": "backup-repository",
		"app.kubernetes.io/managed-by": APPLICATION,
		[SCHEDULED_BACKUP_LABEL]: labelValue(details.scheduledBackup),
		...(operation === undefined ? {} : { [OPERATION_LABEL]: operation }),
		...(details.action === undefined ? {} : { [ACTION_LABEL]: labelValue(details.action) }),
		...(details.trackingId === undefined ? {} : { [TRACKING_LABEL]: details.trackingId }),
	};
};

/** The reference that makes `owner` the one controller of an object, and makes a foreground deletion wait for it. */
export const ownedBy = (owner: ScheduledBackup | RequestedBackupAction): OwnerReference => ({
	apiVersion: owner.apiVersion,
	kind: owner.kind,
	name: owner.metadata.name ?? "",
	uid: owner.metadata.uid ?? "",
	controller: true,
	blockOwnerDeletion: true,
});
