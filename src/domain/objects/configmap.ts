// The rendered scripts. Immutable and named after their content: an edit makes a new object, and a Job that started with
// the old one keeps it. They hold tokens where secrets go, so whoever reads ConfigMaps reads no secret.
import type { ConfigMap } from "../../api/kubernetes.ts";
import type { ScheduledBackup } from "../../api/types.ts";
import type { Operation } from "../operation.ts";
import type { BackupPlan } from "../plan.ts";
import { scriptFileName } from "./bootstrap.ts";
import { labelsFor, ownedBy } from "./labels.ts";
import { scriptConfigMapName } from "./names.ts";

/** The ConfigMap of one script. */
export const scriptConfigMap = (plan: BackupPlan, operation: Operation, owner: ScheduledBackup): ConfigMap => {
	const scheduledBackup = plan.scheduledBackup.metadata.name ?? "";
	const script = plan.scripts[operation].text;
	return {
		apiVersion: "v1",
		kind: "ConfigMap",
		metadata: {
			name: scriptConfigMapName(scheduledBackup, operation, script),
			namespace: plan.scheduledBackup.metadata.namespace ?? "",
			labels: labelsFor({ scheduledBackup, component: operation }),
			ownerReferences: [ownedBy(owner)],
		},
		immutable: true,
		data: { [scriptFileName(operation)]: script },
	};
};
