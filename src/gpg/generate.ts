// Makes the OpenPGP identity of a ScheduledBackup that has none, such that stock gpg 2.2 can use it as backup-maker
// does: without a terminal, with `gpg --passphrase-fd 0 --pinentry-mode loopback --import`.
import {
	type Config,
	config,
	encryptKey,
	enums,
	generateKey,
	type PrivateKey,
	type SecretKeyPacket,
	type SignaturePacket,
	type User,
} from "openpgp";
import { GENERATION_SETTINGS } from "./settings.ts";

export interface IdentityRequest {
	/** E-mail addresses; each becomes a user ID, the first one the primary. */
	userIds: readonly string[];
	/** Locks the private key; not empty, one line (gpg reads it as a line). */
	passphrase: string;
	/** Creation time. */
	date: Date;
	/** The name before each address. */
	name?: string;
}

/** Armored, as they go into the Secret. */
export interface Identity {
	publicKey: string;
	/** Locked with the passphrase. */
	privateKey: string;
	/** Upper-case hex. */
	fingerprint: string;
}

const DEFAULT_NAME = "Backup";

/**
 * Makes a Curve25519 key pair (version 4, with an encryption subkey) that never expires.
 * @throws Error where an address is none, or the passphrase is empty or has several lines; no message holds either
 */
export const generateIdentity = async (request: IdentityRequest): Promise<Identity> => {
	if (request.passphrase === "" || /[\r\n\0]/.test(request.passphrase)) {
		throw new Error("the passphrase of a new OpenPGP key must be one line that is not empty");
	}
	const unlocked = await unlockedKey(request);
	await replaceHashPreferences(unlocked, request.date);
	const locked = await encryptKey({
		privateKey: unlocked,
		passphrase: request.passphrase,
		config: GENERATION_SETTINGS,
	});
	return {
		publicKey: locked.toPublic().armor(),
		privateKey: locked.armor(),
		fingerprint: locked.getFingerprint().toUpperCase(),
	};
};

const unlockedKey = async (request: IdentityRequest): Promise<PrivateKey> => {
	const name = request.name ?? DEFAULT_NAME;
	const { privateKey } = await generateKey({
		type: "ecc",
		// gpg 2.2 imports keys of the newer type `curve25519`, but cannot encrypt to them.
		curve: "curve25519Legacy",
		userIDs: request.userIds.map((email) => ({ name, email })),
		date: request.date,
		format: "object",
		config: GENERATION_SETTINGS,
	});
	return privateKey;
};

/**
 * openpgp always lists SHA-3 among the preferred hashes. gpg 2.2 does not know it, and then wants a terminal when it
 * imports the private key: every restore would fail. So the list is replaced, and the user IDs are signed again.
 */
const replaceHashPreferences = async (key: PrivateKey, date: Date): Promise<void> => {
	for (const user of key.users) {
		for (const certification of user.selfCertifications) {
			certification.preferredHashAlgorithms = [enums.hash.sha512, enums.hash.sha256];
			// Signing adds a notation of random salt, and refuses to when there is one already.
			certification.rawNotations = [];
			await signAgain(certification, key, user, date);
		}
	}
};

/** The published type of `sign` lacks what certifications need: the packets to sign, and the settings. */
type SignCertification = (
	key: SecretKeyPacket,
	data: { userID: User["userID"]; key: SecretKeyPacket },
	date: Date,
	detached: boolean,
	settings: Config,
) => Promise<void>;

const signAgain = (certification: SignaturePacket, key: PrivateKey, user: User, date: Date): Promise<void> => {
	const sign = certification.sign.bind(certification) as unknown as SignCertification;
	const primary = key.keyPacket as SecretKeyPacket;
	return sign(primary, { userID: user.userID, key: primary }, date, false, { ...config, ...GENERATION_SETTINGS });
};
