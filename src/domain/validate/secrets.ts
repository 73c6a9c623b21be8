// Whether the Secrets and data keys that a spec names are there and hold something. Of a Secret that may not be told
// about (see knowledge.ts) nothing is said.
import type { GpgKeySecretRef, ScheduledBackup } from "../../api/types.ts";
import type { ScheduledBackupFacts } from "../facts.ts";
import { IMPORT_LIMIT, importsTooMany, type SecretImport, tokenImport, variableImports } from "../imports.ts";
import { keyKnowledge, secretKnowledge } from "../knowledge.ts";
import type { Problem } from "../report.ts";

const missingSecret = (path: string, name: string): Problem => ({
	path,
	reason: "FieldValueNotFound",
	message: `Secret "${name}" does not exist`,
	missingReference: true,
});

/** No hint here: the message says all, and it is the one that people meet most. */
const missingKey = (path: string, name: string, key: string): Problem => ({
	path,
	reason: "FieldValueNotFound",
	message: `Secret "${name}" has no key "${key}"`,
	missingReference: true,
});

const emptyKey = (path: string, name: string, key: string, hint?: string): Problem => ({
	path,
	reason: "FieldValueInvalid",
	message: `key "${key}" of Secret "${name}" is empty`,
	...(hint === undefined ? {} : { hint }),
});

const keyProblem = (entry: SecretImport): Problem[] => {
	const hint = entry.named ? undefined : "name the keys that are variables in spec.varsSecretRef.importOnlyKeys";
	if (entry.knowledge === "missing") return [missingKey(entry.fieldPath, entry.secretName, entry.key)];
	if (entry.knowledge === "empty") return [emptyKey(entry.fieldPath, entry.secretName, entry.key, hint)];
	return [];
};

const absentSecret = (facts: ScheduledBackupFacts, path: string, name: string | undefined): Problem[] =>
	name !== undefined && secretKnowledge(facts, name).state === "missing" ? [missingSecret(path, name)] : [];

const tooManyKeys = (object: ScheduledBackup, facts: ScheduledBackupFacts): Problem[] => {
	const more = importsTooMany(object, facts);
	if (more === 0) return [];
	const name = object.spec.varsSecretRef?.secretName;
	const message = `Secret "${name}" has ${IMPORT_LIMIT + more} keys that would be variables, more than ${IMPORT_LIMIT}`;
	const hint = "name those that are variables in spec.varsSecretRef.importOnlyKeys";
	return [{ path: "spec.varsSecretRef.secretName", reason: "FieldValueTooMany", message, hint }];
};

/** `varsSecretRef` and its keys. */
export const varsSecretProblems = (object: ScheduledBackup, facts: ScheduledBackupFacts): Problem[] => [
	...absentSecret(facts, "spec.varsSecretRef.secretName", object.spec.varsSecretRef?.secretName),
	...tooManyKeys(object, facts),
	...variableImports(object, facts).flatMap(keyProblem),
];

/** `tokenSecretRef` and its key. */
export const tokenSecretProblems = (object: ScheduledBackup, facts: ScheduledBackupFacts): Problem[] => {
	const token = tokenImport(object, facts);
	return [
		...absentSecret(facts, "spec.tokenSecretRef.secretName", object.spec.tokenSecretRef?.secretName),
		...(token === undefined ? [] : keyProblem(token)),
	];
};

/** What is to be said of a GPG identity that should be there already, and of which neither half is. */
export const absentKeysProblems = (reference: GpgKeySecretRef, facts: ScheduledBackupFacts): Problem[] => {
	const name = reference.secretName;
	const hint = "create it, or set createIfNotExists: true to have a key made";
	if (secretKnowledge(facts, name).state === "missing") {
		return [{ ...missingSecret("spec.gpgKeySecretRef.secretName", name), hint }];
	}
	return (["publicKey", "privateKey"] as const).map((field) => {
		const path = `spec.gpgKeySecretRef.${field}`;
		const key = reference[field] as string;
		const isEmpty = keyKnowledge(facts, name, key) === "empty";
		return isEmpty ? emptyKey(path, name, key) : missingKey(path, name, key);
	});
};
