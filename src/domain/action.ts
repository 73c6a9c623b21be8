// The Job of a requested action. It is created suspended and is released only after its UID was stored in the action's
// status: so a crash at any point neither loses nor doubles a run. It has no TTL: a Job that vanished before its outcome
// was stored would leave us not knowing.
import type { Job } from "../api/kubernetes.ts";
import type { RequestedBackupAction } from "../api/types.ts";
import type { Run } from "./objects/container.ts";
import { jobSpec } from "./objects/jobspec.ts";
import { labelsFor, ownedBy } from "./objects/labels.ts";
import { actionJobName } from "./objects/names.ts";
import { podTemplate } from "./objects/pod.ts";
import type { BackupPlan } from "./plan.ts";

const runOf = (action: RequestedBackupAction): Run => ({
	operation: action.spec.action,
	...(action.spec.targetVersion === undefined ? {} : { targetVersion: action.spec.targetVersion }),
});

/**
 * The suspended Job for an action, in the action's namespace and owned by it.
 * A restore is never retried, whatever `HelmValues.backoffLimit` says: that half of a restore ran is known only to a person.
 */
export const actionJob = (plan: BackupPlan, action: RequestedBackupAction): Job => {
	const run = runOf(action);
	const name = action.metadata.name ?? "";
	const trackingId = action.metadata.uid ?? "";
	const scheduledBackup = plan.scheduledBackup.metadata.name ?? "";
	const labels = labelsFor({ scheduledBackup, component: run.operation, action: name, trackingId });
	const spec = jobSpec(plan, run, podTemplate(plan, run, labels));
	return {
		apiVersion: "batch/v1",
		kind: "Job",
		metadata: {
			name: actionJobName(name, trackingId),
			namespace: action.metadata.namespace ?? "",
			labels,
			ownerReferences: [ownedBy(action)],
		},
		spec: {
			...spec,
			suspend: true,
			podReplacementPolicy: "Failed",
			...(run.operation === "restore" ? { backoffLimit: 0 } : {}),
		},
	};
};
