// What the watches know, as admission asks for it. The stores are the reconcilers': nothing is watched twice.
import type { ClusterBackupProcedureTemplate, RequestedBackupAction, ScheduledBackup } from "../src/api/types.ts";
import type { ScheduledBackupFacts } from "../src/domain/facts.ts";
import type { Store } from "../src/kube/port.ts";
import type { Watched } from "./admission.ts";
import { isUnfinished } from "./references.ts";

export interface WatchedStores {
	scheduledBackups: Store<ScheduledBackup>;
	templates: Store<ClusterBackupProcedureTemplate>;
	actions: Store<RequestedBackupAction>;
}

/** How the stores were indexed when they were made. */
export interface WatchedIndexes {
	/** Of ScheduledBackups, by the name of their ClusterBackupProcedureTemplate. */
	byTemplate: string;
	/** Of actions, by `namespace/name` of their ScheduledBackup. */
	byScheduledBackup: string;
}

/** The port over stores. `facts` answers what was last found out about a ScheduledBackup, where that was kept. */
export const watchedOf = (
	stores: WatchedStores,
	indexes: WatchedIndexes,
	facts: (namespace: string, name: string) => ScheduledBackupFacts | undefined = () => undefined,
): Watched => ({
	template: (name) => stores.templates.get({ name }),
	scheduledBackup: (namespace, name) => stores.scheduledBackups.get({ namespace, name }),
	unfinishedActions: (namespace, name) =>
		stores.actions.byIndex(indexes.byScheduledBackup, `${namespace}/${name}`).filter(isUnfinished),
	dependents: (template) => stores.scheduledBackups.byIndex(indexes.byTemplate, template),
	facts,
});
