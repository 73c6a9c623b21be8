// Environment variables that the author wrote down in `HelmValues.env`. They may be secret-looking, so they travel in a
// Secret; it is the only object of ours that holds such a value, and only the author's own literal text.
import type { Secret } from "../../api/kubernetes.ts";
import type { ScheduledBackup } from "../../api/types.ts";
import type { BackupPlan } from "../plan.ts";
import { literalVariables } from "./container.ts";
import { labelsFor, ownedBy } from "./labels.ts";
import { environmentSecretName } from "./names.ts";

const encode = (text: string): string => Buffer.from(text, "utf8").toString("base64");

/** The Secret `<sb>-env`; undefined where the author wrote down no variable. */
export const environmentSecret = (plan: BackupPlan, owner: ScheduledBackup): Secret | undefined => {
	const variables = Object.entries(literalVariables(plan));
	if (variables.length === 0) return undefined;
	const scheduledBackup = plan.scheduledBackup.metadata.name ?? "";
	return {
		apiVersion: "v1",
		kind: "Secret",
		metadata: {
			name: environmentSecretName(scheduledBackup),
			namespace: plan.scheduledBackup.metadata.namespace ?? "",
			labels: labelsFor({ scheduledBackup, component: "environment" }),
			ownerReferences: [ownedBy(owner)],
		},
		type: "Opaque",
		data: Object.fromEntries(variables.map(([name, value]) => [name, encode(value)])),
	};
};
