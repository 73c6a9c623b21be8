// The port that gathering reads through. The webhook binds it to live reads (design D12), the CLI to the given files.
import type { Secret } from "../api/kubernetes.ts";
import type { ClusterBackupProcedureTemplate, RequestedBackupAction, ScheduledBackup } from "../api/types.ts";

/** Each call answers undefined where the object does not exist, and throws a typed error where the world failed. */
export interface References {
	secret(namespace: string, name: string): Promise<Secret | undefined>;
	template(name: string): Promise<ClusterBackupProcedureTemplate | undefined>;
	scheduledBackup(namespace: string, name: string): Promise<ScheduledBackup | undefined>;
	namespaceLabels(name: string): Promise<Record<string, string>>;
	/** Actions of a ScheduledBackup that have not finished. */
	unfinishedActions(namespace: string, scheduledBackupName: string): Promise<RequestedBackupAction[]>;
}

/** What an OpenPGP library says about key material; implemented in src/gpg. All texts are decoded Secret values. */
export interface KeyInspector {
	/** Reads a public key. `notArmored`: no OpenPGP armor at all; `wrongKind`: armor of something else. */
	inspectPublicKey(armored: string): Promise<PublicKeyInspection>;
	/** Cheap: whether this is an armored private key (no decryption). */
	inspectPrivateKey(armored: string): Promise<PublicKeyInspection["material"]>;
	/** Costly (S2K): whether both are one pair and whether the passphrase opens it. */
	inspectPair(material: KeyPairMaterial): Promise<{ pair: boolean; opens: boolean }>;
}

export interface PublicKeyInspection {
	/** `unsupported`: gpg 2.2 cannot use the key; `tooCostly`: looking at it would take too long. */
	material: "notArmored" | "wrongKind" | "unsupported" | "tooCostly" | "present";
	fingerprint?: string;
	expirationTime?: string;
	userIds: string[];
	canEncrypt?: boolean;
}

export interface KeyPairMaterial {
	publicKey: string;
	privateKey: string;
	/** Undefined: the key must be unlocked as it is. */
	passphrase: string | undefined;
}
