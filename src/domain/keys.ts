// Whether a GPG identity is there, is to be made, or was lost. A key is made only where none of the identity's keys is
// there: one that replaced an existing or a remembered key would make all earlier backups unreadable.
import type { ScheduledBackup } from "../api/types.ts";
import { fingerprintBeside, REPLACE_LOST_KEY_ANNOTATION } from "./annotations.ts";
import type { ScheduledBackupFacts } from "./facts.ts";
import { type KeyKnowledge, keyKnowledge, secretKnowledge } from "./knowledge.ts";

/**
 * `none`: no key is wanted. `unknown`: nothing may be said. `missing`: neither half is there, and none is to be made.
 * `toBeMade`, `lost`: neither half is there, and one is wanted; `lost` where there was one before.
 * `partial`: one half. `present`: both halves.
 */
export type KeysPresence = "none" | "unknown" | "missing" | "toBeMade" | "lost" | "partial" | "present";

const isThere = (knowledge: KeyKnowledge): boolean => knowledge === "present";

/** The fingerprint of the key that the object, or its place in the Secret, once had; undefined where there never was one. */
export const recordedFingerprint = (object: ScheduledBackup, facts: ScheduledBackupFacts): string | undefined => {
	const reference = object.spec.gpgKeySecretRef;
	const knowledge = secretKnowledge(facts, reference?.secretName ?? "");
	const annotation = knowledge.state === "known" ? knowledge.secret.recordedFingerprint : undefined;
	return fingerprintBeside(annotation, reference?.privateKey ?? "") ?? facts.recordedFingerprint;
};

/** Whether somebody consented to the loss of the key with this fingerprint. */
export const replacementIsAllowed = (object: ScheduledBackup, fingerprint: string): boolean =>
	object.metadata.annotations?.[REPLACE_LOST_KEY_ANNOTATION]?.toUpperCase() === fingerprint.toUpperCase();

const presenceOfNone = (object: ScheduledBackup, facts: ScheduledBackupFacts): KeysPresence => {
	if (object.spec.gpgKeySecretRef?.createIfNotExists !== true) return "missing";
	const recorded = recordedFingerprint(object, facts);
	return recorded === undefined || replacementIsAllowed(object, recorded) ? "toBeMade" : "lost";
};

/** What is there of the identity that the object names. An empty data key counts as none. */
export const keysPresence = (object: ScheduledBackup, facts: ScheduledBackupFacts): KeysPresence => {
	const reference = object.spec.gpgKeySecretRef;
	if (reference === undefined) return "none";
	const halves = [reference.publicKey as string, reference.privateKey as string].map((key) =>
		keyKnowledge(facts, reference.secretName, key),
	);
	if (halves.includes("unknown")) return "unknown";
	if (halves.every(isThere)) return "present";
	return halves.some(isThere) ? "partial" : presenceOfNone(object, facts);
};

/** Whether a key, and with it a passphrase, will be there once the reconciler has acted (or was there once). */
export const keysAreMade = (object: ScheduledBackup, facts: ScheduledBackupFacts): boolean =>
	["toBeMade", "lost"].includes(keysPresence(object, facts));
