// From an accepted ScheduledBackup to the objects that run it: the same in the reconciler, the webhook and `render`.
import type { ConfigMap, CronJob, Secret } from "../api/kubernetes.ts";
import type { ScheduledBackup } from "../api/types.ts";
import { scriptConfigMap } from "./objects/configmap.ts";
import { backupCronJob } from "./objects/cronjob.ts";
import { environmentSecret } from "./objects/envsecret.ts";
import { OPERATIONS } from "./operation.ts";
import type { BackupPlan } from "./plan.ts";

export interface DesiredObjects {
	/** One for each operation that the template has a script for. */
	configMaps: ConfigMap[];
	/** Only where `HelmValues.env` has literal values. */
	envSecret?: Secret;
	/** Only where a schedule is wanted. */
	cronJob?: CronJob;
}

/**
 * Everything that a ScheduledBackup owns, complete, with owner references and labels.
 * @param owner the object as stored: its UID goes into the owner references
 */
export const desiredObjects = (plan: BackupPlan, owner: ScheduledBackup): DesiredObjects => {
	const operations = OPERATIONS.filter((operation) => plan.scripts[operation].text !== "");
	const envSecret = environmentSecret(plan, owner);
	const cronJob = backupCronJob(plan, owner);
	return {
		configMaps: operations.map((operation) => scriptConfigMap(plan, operation, owner)),
		...(envSecret === undefined ? {} : { envSecret }),
		...(cronJob === undefined ? {} : { cronJob }),
	};
};
