// From checked parts to the plan that objects are built from.
import type { ScheduledBackup } from "../api/types.ts";
import { printedValue } from "../template/index.ts";
import { SecretValue, type ValueMap } from "../template/value.ts";
import type { HelmValues } from "./helmvalues.ts";
import type { BackupPlan } from "./plan.ts";
import { isProcedure, type Procedure } from "./procedure.ts";
import type { Problem } from "./report.ts";
import type { Settings } from "./settings.ts";
import type { ScriptResults } from "./validate/template.ts";
import { getPath } from "./vars/tree.ts";

interface Parts {
	object: ScheduledBackup;
	settings: Settings;
	now: { tree: ValueMap };
	procedure: Procedure | Problem | undefined;
	/** `merged`: over the installation's defaults. */
	pod: { values: HelmValues; merged: HelmValues };
}

/** `Repository.passphrase` as it will be printed; undefined where there is none. */
export const effectivePassphrase = (tree: ValueMap): string | SecretValue | undefined => {
	const value = getPath(tree, ["Repository", "passphrase"]);
	if (value instanceof SecretValue) return value;
	return (value === undefined ? undefined : printedValue(value)) || undefined;
};

const keyOf = (object: ScheduledBackup): Pick<BackupPlan, "key"> => {
	const reference = object.spec.gpgKeySecretRef;
	if (reference === undefined) return {};
	const { secretName, publicKey, privateKey } = reference;
	return { key: { secretName, publicKey: publicKey as string, privateKey: privateKey as string } };
};

/** The plan; undefined where there is no procedure or a script did not render. */
export const planOf = (parts: Parts, scripts: ScriptResults | undefined): BackupPlan | undefined => {
	const { object, settings, procedure, pod, now } = parts;
	const [backup, restore] = [scripts?.backup.text, scripts?.restore.text];
	if (!isProcedure(procedure) || scripts === undefined || backup === undefined || restore === undefined)
		return undefined;
	const recipient = getPath(now.tree, ["Repository", "recipient"]);
	return {
		scheduledBackup: object,
		image: pod.values.image ?? (procedure.image || settings.jobDefaults?.image || settings.backupMakerImage),
		scripts: {
			backup: { text: backup, secrets: scripts.backup.secrets },
			restore: { text: restore, secrets: scripts.restore.secrets },
		},
		pod: pod.merged,
		mountsToken: pod.values.serviceAccountName !== undefined,
		...keyOf(object),
		...(typeof recipient === "string" || recipient instanceof SecretValue ? { recipient } : {}),
		passphrase: effectivePassphrase(now.tree),
	};
};
