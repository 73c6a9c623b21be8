// What the checks need to know of the world, as plain data. `src/gather` fills it in; nothing here holds a secret's value.
import type { ClusterBackupProcedureTemplate, ScheduledBackup } from "../api/types.ts";
import type { MissingReferences } from "./settings.ts";

/** What is known of one data key of a Secret. The value itself was looked at and dropped. */
export interface SecretKeyFacts {
	/** Bytes, decoded. */
	size: number;
	/** Whether the value can pass into a pod's environment (execve takes no NUL, the container runtime no invalid UTF-8). */
	encoding: "utf8" | "nul" | "invalidUtf8";
}

export interface SecretFacts {
	name: string;
	uid: string;
	resourceVersion: string;
	immutable: boolean;
	/** `Kind/name` of the controller owner, where there is one (SealedSecrets, External Secrets …). */
	controlledBy?: string;
	/** The annotation that we write beside keys that we made, as it stands; see `fingerprintBeside`. */
	recordedFingerprint?: string;
	/** By data key. */
	keys: ReadonlyMap<string, SecretKeyFacts>;
}

/** One half of an OpenPGP identity as found in a Secret. */
export type KeyMaterial = "absent" | "empty" | "notArmored" | "wrongKind" | "unsupported" | "tooCostly" | "present";

/** The GPG identity that a ScheduledBackup names, as found (never the material itself). */
export interface IdentityFacts {
	publicKey: KeyMaterial;
	privateKey: KeyMaterial;
	passphrase: "absent" | "empty" | "present";
	/** Of the public key, where it is present; upper-case hex. */
	fingerprint?: string;
	/** RFC 3339; absent where the key never expires. */
	expirationTime?: string;
	/** Full user IDs of the public key: `backup <example@example.org>`. */
	userIds: readonly string[];
	/** Whether the passphrase that the pod gets is the stored one; undefined where one of the two is unknown. */
	passphraseMatches?: boolean;
	/** True where the passphrase that the pod gets is not one line; absent where it is, or is not known. */
	passphraseHasLineBreak?: true;
	/** True where the passphrase that the pod gets holds a single quote; absent where not, or where it is not known. */
	passphraseHasQuote?: true;
	/** The same of `Repository.recipient`, where it comes from a Secret. */
	recipientHasQuote?: true;
	/**
	 * Where `Repository.recipient` comes from a Secret: whether it names the public key, or where there is none, whether
	 * it is an e-mail address that a key can be made for.
	 */
	recipientFits?: boolean;
	/** Whether private and public key belong together; only where it was asked for (the reconciler asks). */
	pair?: boolean;
	/** Whether the effective passphrase opens the private key; only where it was asked for. */
	opens?: boolean;
	/** Whether the public key can encrypt now (not expired, not revoked, has an encryption subkey). */
	canEncrypt?: boolean;
}

/** Rights that the requesting user lacks, as field path and what was asked: `get secret "backup-keys"`. */
export interface DeniedAccess {
	path: string;
	/** `get`, `create`, `patch`, `restore`. */
	verb: string;
	/** `Secret "backup-keys"`, `a token of ServiceAccount "x"` or `ScheduledBackup "app1"`. */
	what: string;
	/** Secret name, where it is one: its facts must then not show through in any other message. */
	secretName?: string;
}

/** All that `validateScheduledBackup` needs besides the object. */
export interface ScheduledBackupFacts {
	/** The ClusterBackupProcedureTemplate that templateRef names; undefined where it does not exist or is internal. */
	template: ClusterBackupProcedureTemplate | undefined;
	/** By Secret name; a name that was looked up and is not there maps to undefined. */
	secrets: ReadonlyMap<string, SecretFacts | undefined>;
	identity?: IdentityFacts;
	/** Empty where the caller is not a user (reconciler, CLI). */
	denied: readonly DeniedAccess[];
	/** Labels of the object's namespace; empty where unknown. */
	namespaceLabels: Readonly<Record<string, string>>;
	/** CLI only: Secrets that the given files do not hold count as present, with the keys that are named. */
	assumeSecrets?: boolean;
	/**
	 * Admission and CLI: the object is being written, so limits that are newer than some stored objects are errors. Everywhere
	 * else they are warnings: a limit must not stop the backups and restores of an object that was accepted without it.
	 */
	beingWritten?: boolean;
	/** Fingerprint that status recorded, where one was (design D7: a lost key is never replaced silently). */
	recordedFingerprint?: string;
	/** Where that key was: Secret, and the data key of its private half; absent where status does not say. */
	recordedPlace?: { secretName: string; privateKey: string };
}

/** All that `validateRequestedBackupAction` needs besides the object. */
export interface RequestedBackupActionFacts {
	scheduledBackup: ScheduledBackup | undefined;
	template: ClusterBackupProcedureTemplate | undefined;
	namespaceLabels: Readonly<Record<string, string>>;
	/**
	 * Empty where the caller is not a user (reconciler, CLI). Where there is something in it, the ScheduledBackup shows in
	 * no other message.
	 */
	denied: readonly DeniedAccess[];
}

/** The policy for this object: the namespace's label, else the installation's setting. */
export const MISSING_REFERENCES_LABEL = "riotkit.org/missing-references";
export const missingReferencesPolicy = (
	labels: Readonly<Record<string, string>>,
	fallback: MissingReferences,
): MissingReferences => {
	const label = labels[MISSING_REFERENCES_LABEL];
	return label === "deny" || label === "warn" ? label : fallback;
};
