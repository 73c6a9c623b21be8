// What works, but probably is not meant so, or is not wise.
import type { ScheduledBackup } from "../api/types.ts";
import type { ValueMap } from "../template/value.ts";
import type { HelmValues } from "./helmvalues.ts";
import type { SecretImport } from "./imports.ts";
import { KEY_PATH } from "./objects/container.ts";
import type { Report } from "./report.ts";
import { mergeReports } from "./report.ts";
import { warningsOnly } from "./validate/problems.ts";
import type { ScriptResults } from "./validate/template.ts";
import { literalSecretWarnings } from "./vars/literals.ts";
import { getPath } from "./vars/tree.ts";

export { downgradeMissing } from "./validate/missing.ts";

const collectionWarning = (object: ScheduledBackup, vars: ValueMap): string[] => {
	const own = getPath(vars, ["Repository", "collectionId"]);
	const isText = typeof own === "string" || typeof own === "bigint";
	// Empty is what the schema refused: the two cannot be compared.
	if (!isText || ["", String(own)].includes(object.spec.collectionId)) return [];
	return [`Repository.collectionId "${own}" in vars differs from spec.collectionId, and wins`];
};

const keyPathWarning = (object: ScheduledBackup, vars: ValueMap): string[] => {
	const own = getPath(vars, ["Repository", "encryptionKeyPath"]) ?? KEY_PATH;
	const expected = object.spec.gpgKeySecretRef === undefined ? undefined : KEY_PATH;
	if (own === expected || getPath(vars, ["Repository", "encryptionKeyPath"]) === undefined) return [];
	return ["Repository.encryptionKeyPath in vars is ignored: it follows from spec.gpgKeySecretRef"];
};

/** A restore that failed half way is known only to a person: trying it again writes over what is there. */
export const retryWarnings = ({ spec }: ScheduledBackup, { backoffLimit = 0 }: HelmValues): Report =>
	spec.operation === "restore" && spec.cronJob !== undefined && backoffLimit > 0
		? warningsOnly(
				"HelmValues.backoffLimit: a scheduled restore that fails half way is tried again; 0 leaves it to you",
			)
		: warningsOnly();

/** Warnings about what the author wrote into `spec.vars`. */
export const varsWarnings = (object: ScheduledBackup, vars: ValueMap): Report =>
	mergeReports(
		warningsOnly(...literalSecretWarnings(vars)),
		warningsOnly(...collectionWarning(object, vars), ...keyPathWarning(object, vars)),
	);

/** What a script would do with a variable is not always to print it: so these say only what was seen. */
export const unusedWarnings = (imports: readonly SecretImport[], scripts: ScriptResults): Report => {
	const { backup, restore } = scripts;
	if (backup.text === undefined || restore.text === undefined) return warningsOnly();
	const printed = new Set(
		[...backup.secrets, ...restore.secrets].map((secret) => `${secret.secretName}/${secret.key}`),
	);
	const unused = imports.filter(
		(entry) =>
			entry.named &&
			entry.fieldPath !== "spec.gpgKeySecretRef.passphraseKey" &&
			!entry.path.startsWith("HelmValues.") &&
			!printed.has(`${entry.secretName}/${entry.key}`),
	);
	return warningsOnly(...unused.map((entry) => `${entry.fieldPath}: no script prints ${entry.path}`));
};
