// Answers, for keys that users bring, the questions whose answers decide whether a backup could be restored.
import type { Key, PrivateKey, Subkey, User } from "openpgp";
import { type Config, config, type SecretKeyPacket } from "openpgp";
import type { KeyInspector, KeyPairMaterial, PublicKeyInspection } from "../gather/references.ts";
import { readArmoredPrivateKey, readArmoredPublicKey } from "./armor.ts";
import { INSPECTION_SETTINGS } from "./settings.ts";

const settings: Config = { ...config, ...INSPECTION_SETTINGS };

/**
 * The port to OpenPGP key material. It never throws for bad material, and keeps nothing.
 * @param now the time at which keys must be valid
 */
export const createKeyInspector = (now: () => Date = () => new Date()): KeyInspector => ({
	inspectPublicKey: (armored) => inspectPublicKey(armored, now()),
	inspectPrivateKey: async (armored) => {
		const key = await readArmoredPrivateKey(armored);
		return typeof key === "string" ? key : "present";
	},
	inspectPair: (material) => inspectPair(material, now()),
});

const inspectPublicKey = async (armored: string, date: Date): Promise<PublicKeyInspection> => {
	const key = await readArmoredPublicKey(armored);
	if (typeof key === "string") {
		return { material: key, userIds: [] };
	}
	const encryptionKey = await currentEncryptionKey(key, date);
	const expirationTime = await earliestExpiration(key, encryptionKey);
	return {
		material: "present",
		fingerprint: key.getFingerprint().toUpperCase(),
		...(expirationTime === undefined ? {} : { expirationTime: expirationTime.toISOString() }),
		userIds: await usableUserIds(key, date),
		canEncrypt: encryptionKey !== undefined,
	};
};

/** The key or subkey that gpg would encrypt to; undefined where there is none that is valid (expired, revoked …). */
const currentEncryptionKey = async (key: Key, date: Date): Promise<Key | Subkey | undefined> => {
	try {
		return await key.getEncryptionKey(undefined, date, undefined, settings);
	} catch {
		return undefined;
	}
};

/** Backups fail from the moment at which either the primary key or the subkey that encrypts expires. */
const earliestExpiration = async (key: Key, encryptionKey: Key | Subkey | undefined): Promise<Date | undefined> => {
	const times = [await key.getExpirationTime(undefined, settings)];
	if (encryptionKey !== undefined && encryptionKey !== key) {
		times.push(await (encryptionKey as Subkey).getExpirationTime(undefined, settings));
	}
	const dates = times.filter((time) => time instanceof Date);
	return dates.sort((left, right) => left.getTime() - right.getTime())[0];
};

/** User IDs with a valid certification by the key itself: gpg drops others when it imports the key. */
const usableUserIds = async (key: Key, date: Date): Promise<string[]> => {
	const userIds = await Promise.all(key.users.map((user) => usableUserId(user, date)));
	return userIds.filter((userId) => userId !== undefined);
};

const usableUserId = async (user: User, date: Date): Promise<string | undefined> => {
	try {
		await user.verify(date, settings);
		return user.userID?.userID;
	} catch {
		return undefined;
	}
};

const inspectPair = async (material: KeyPairMaterial, date: Date): Promise<{ pair: boolean; opens: boolean }> => {
	const publicKey = await readArmoredPublicKey(material.publicKey);
	const privateKey = await readArmoredPrivateKey(material.privateKey);
	return {
		pair:
			typeof publicKey !== "string" && typeof privateKey !== "string" && (await isPair(publicKey, privateKey, date)),
		opens: typeof privateKey !== "string" && (await opens(privateKey, material.passphrase)),
	};
};

/**
 * One pair: the same primary key, and the private one holds the secret of the subkey that backups are encrypted to.
 * The second part catches a public key that got a new subkey after the private key was exported.
 */
const isPair = async (publicKey: Key, privateKey: PrivateKey, date: Date): Promise<boolean> => {
	const encryptionKey = (await currentEncryptionKey(publicKey, date)) ?? publicKey;
	const secrets = privateKey.getKeys().filter((key) => key === privateKey || !secretPacket(key).isDummy());
	const fingerprints = secrets.map((key) => key.getFingerprint());
	return (
		publicKey.getFingerprint() === privateKey.getFingerprint() && fingerprints.includes(encryptionKey.getFingerprint())
	);
};

/** Whether every secret part can be used with this passphrase. A part that needs none opens with any, as in gpg. */
const opens = async (privateKey: PrivateKey, passphrase: string | undefined): Promise<boolean> => {
	const opened = await Promise.all(privateKey.getKeys().map((key) => opensPacket(secretPacket(key), passphrase)));
	return opened.every(Boolean);
};

const opensPacket = async (packet: SecretKeyPacket, passphrase: string | undefined): Promise<boolean> => {
	// A dummy stands for a primary key that is kept offline; its subkeys decrypt without it.
	if (packet.isDummy() || packet.isDecrypted()) {
		return true;
	}
	if (passphrase === undefined) {
		return false;
	}
	try {
		await packet.decrypt(passphrase);
		return true;
	} catch {
		return false;
	}
};

const secretPacket = (key: Key | Subkey): SecretKeyPacket => key.keyPacket as SecretKeyPacket;
