// What an accepted ScheduledBackup comes to: everything that the objects are built from, and nothing secret.
import type { ScheduledBackup } from "../api/types.ts";
import type { SecretValue, ValueMap } from "../template/value.ts";
import type { HelmValues } from "./helmvalues.ts";
import type { Report } from "./report.ts";

/** A rendered script: text that may hold tokens, and the secrets that the tokens stand for. */
export interface RenderedScript {
	/** Empty where the template has no script for this operation. */
	text: string;
	/** Each becomes one environment variable by secretKeyRef. */
	secrets: readonly SecretValue[];
}

export interface BackupPlan {
	/** With defaults applied. */
	scheduledBackup: ScheduledBackup;
	/** Container image: HelmValues.image, else the template's, else the installation's. */
	image: string;
	scripts: { backup: RenderedScript; restore: RenderedScript };
	/** Checked pod options over the installation's defaults. `env` may hold SecretValues (from the vars Secret). */
	pod: HelmValues;
	/** Whether the pod gets a token of its service account: only where the author named it, and so was asked for the right. */
	mountsToken: boolean;
	/** The key to mount; undefined without gpgKeySecretRef. */
	key?: { secretName: string; publicKey: string; privateKey: string };
	/** Who the effective recipient is, or the secret that tells it. */
	recipient?: string | SecretValue;
	/** Where the passphrase comes from: a plain value, a secret, or nowhere. */
	passphrase: string | SecretValue | undefined;
}

/** `plan` is there when the report has no errors other than missing references that do not hinder rendering. */
export interface Evaluation {
	report: Report;
	plan: BackupPlan | undefined;
}

/** The variable tree after all precedence (defaults, vars, varsSecretRef, tokenSecretRef, the controller's own). */
export interface EffectiveVariables {
	tree: ValueMap;
	report: Report;
}
