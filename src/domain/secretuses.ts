// Every Secret that a ScheduledBackup names, with the field that names it. Rights are asked for exactly these, exactly
// these are read, and a change of any of them leads to a new look at the object.
import type { ScheduledBackup } from "../api/types.ts";
import { wellTyped } from "../api/welltyped.ts";
import { secretNamesIn } from "./helmvalues.ts";
import { forgetful, type Memory } from "./memory.ts";
import { isDns1123Subdomain } from "./names.ts";
import { declaredPodOptions } from "./podoptions.ts";
import type { Problem } from "./report.ts";

/** One place that names a Secret. */
export interface SecretUse {
	/** Field path: `spec.tokenSecretRef.secretName`. */
	path: string;
	secretName: string;
	/** Where in the pod options: `HelmValues.envFrom[0].secretRef`. */
	where?: string;
}

const specUses = (object: ScheduledBackup): SecretUse[] =>
	(["gpgKeySecretRef", "tokenSecretRef", "varsSecretRef"] as const).flatMap((field) => {
		const reference = object.spec[field];
		return reference === undefined ? [] : [{ path: `spec.${field}.secretName`, secretName: reference.secretName }];
	});

const podUses = (object: ScheduledBackup, memory: Memory): SecretUse[] =>
	secretNamesIn(declaredPodOptions(object, memory)).map(({ name, where }) => ({
		path: "spec.vars",
		secretName: name,
		where,
	}));

/** Different Secrets that one object may name: each costs a read and a question of rights at every change. */
export const SECRET_LIMIT = 32;

const allUses = (object: ScheduledBackup, memory: Memory): SecretUse[] => {
	const formed = wellTyped(object);
	return [...specUses(formed), ...podUses(formed, memory)].filter((use) => isDns1123Subdomain(use.secretName));
};

/**
 * All places that name a Secret, those of the pod options too. Names that no Secret can have are left out, and so are all
 * Secrets after the first 32: an object that names more is never accepted (`secretCountProblems`).
 */
export const secretUses = (object: ScheduledBackup, memory: Memory = forgetful): SecretUse[] => {
	const uses = allUses(object, memory);
	const names = new Set([...new Set(uses.map((use) => use.secretName))].slice(0, SECRET_LIMIT));
	return uses.filter((use) => names.has(use.secretName));
};

/** An object that names more Secrets than are looked at. */
export const secretCountProblems = (object: ScheduledBackup, memory: Memory = forgetful): Problem[] => {
	const { size } = new Set(allUses(object, memory).map((use) => use.secretName));
	if (size <= SECRET_LIMIT) return [];
	const message = `the object names ${size} Secrets, more than ${SECRET_LIMIT}`;
	const hint = "put what the pod needs into fewer Secrets";
	return [{ path: "spec.vars", reason: "FieldValueTooMany", message, hint }];
};

/** Names of all Secrets that the object refers to, each once. */
export const referencedSecrets = (object: ScheduledBackup, memory: Memory = forgetful): string[] => [
	...new Set(secretUses(object, memory).map((use) => use.secretName)),
];
