// The two sets of OpenPGP settings: what keys we make, and what keys of others we accept.
import { enums, type PartialConfig } from "openpgp";

/**
 * For keys that we make: the pod opens them with gpg 2.2, which reads neither AEAD-protected private keys, nor
 * version 6 keys, nor Argon2.
 */
export const GENERATION_SETTINGS: PartialConfig = {
	v6Keys: false,
	aeadProtect: false,
	s2kType: enums.s2k.iterated,
	showVersion: false,
	showComment: false,
};

/**
 * For keys of users: what gpg accepts is accepted here, also what openpgp would refuse for its age. It is gpg that
 * will use the key, and a denial of a key that works would be worse than an old key.
 */
export const INSPECTION_SETTINGS: PartialConfig = {
	minRSABits: 1024,
	rejectPublicKeyAlgorithms: new Set(),
	rejectCurves: new Set(),
};
