// Tells apart what users put where an armored key belongs: nothing of the kind, armor of something else, or a key.
import { enums, type Key, type PrivateKey, readKey, readPrivateKey, unarmor } from "openpgp";
import { isTooLong, type Refusal, refusalOf } from "./limits.ts";
import { INSPECTION_SETTINGS } from "./settings.ts";

/** A key, or why it is none. `notArmored`: no (intact) OpenPGP armor; `wrongKind`: armor without a key of this kind. */
export type ReadKey<T extends Key> = T | "notArmored" | "wrongKind" | Refusal;

/** Reads the first public key of an armored text. A private key does not count: it must not lie in the backup's pod. */
export const readArmoredPublicKey = async (armored: string): Promise<ReadKey<Key>> => {
	const data = await armoredData(armored, enums.armor.publicKey);
	return typeof data === "string" ? data : orWrongKind(readKey({ binaryKey: data, config: INSPECTION_SETTINGS }));
};

/** Reads the first private key of an armored text, without opening it. */
export const readArmoredPrivateKey = async (armored: string): Promise<ReadKey<PrivateKey>> => {
	const data = await armoredData(armored, enums.armor.privateKey);
	return typeof data === "string"
		? data
		: orWrongKind(readPrivateKey({ binaryKey: data, config: INSPECTION_SETTINGS }));
};

const armoredData = async (
	armored: string,
	wanted: enums.armor,
): Promise<Uint8Array | "notArmored" | "wrongKind" | "tooCostly"> => {
	if (isTooLong(armored)) return "tooCostly";
	try {
		const { type, data } = await unarmor(armored);
		return type === wanted ? (data as Uint8Array) : "wrongKind";
	} catch {
		return "notArmored";
	}
};

/** The library's message is dropped: it may quote the material. */
const orWrongKind = async <T extends Key>(reading: Promise<T>): Promise<T | "wrongKind" | Refusal> => {
	try {
		const key = await reading;
		return refusalOf(key) ?? key;
	} catch {
		return "wrongKind";
	}
};
