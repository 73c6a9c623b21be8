// Which keys are refused before anything is computed with them: those that gpg 2.2, which the pod has, cannot use, and
// those that would hold the event loop. All of it can be read without the passphrase.
import { type Key, PrivateKey, type SecretKeyPacket } from "openpgp";

/** `unsupported`: gpg 2.2 cannot use it; `tooCostly`: looking at it would take too long. */
export type Refusal = "unsupported" | "tooCostly";

/** Characters of armor. A key with sixteen RSA 4096 subkeys takes about half. */
const MAX_ARMOR = 64 * 1024;
const MAX_SUBKEYS = 16;
const MAX_USER_IDS = 32;
/** Bytes to hash for all secret parts together: four at gpg's highest count. */
const MAX_HASHED = 4 * 65_011_712;

/** Signatures by the key itself, each of which may have to be verified: 32 user IDs that were renewed seven times. */
const MAX_SIGNATURES = 256;
/** Bits of the numbers of a public key, by their names in RFC 4880: what gpg can make, and RSA as large as it can read. */
const MAX_BITS: Readonly<Record<string, number>> = { n: 16_384, e: 64, p: 4096, q: 512, g: 4096, y: 4096 };

/** RSA, ElGamal, DSA, ECDH, ECDSA and EdDSA, by their numbers in RFC 4880 and the drafts that gpg 2.2 follows. */
const GPG_ALGORITHMS: ReadonlySet<number> = new Set([1, 2, 3, 16, 17, 18, 19, 22]);
/** The S2K usage octet of private keys that are locked with AEAD. */
const AEAD_USAGE = 253;

/** What the library reads of a locked secret part, which its types leave out. */
interface Locking {
	s2kUsage?: number;
	s2k?: { type: string; getCount?: () => number; c?: number } | null;
}

interface NumberedPacket {
	publicParams?: Readonly<Record<string, unknown>>;
}

const lockingsOf = (key: Key): Locking[] =>
	key instanceof PrivateKey ? key.getKeys().map((part) => part.keyPacket as SecretKeyPacket as Locking) : [];

const hashed = ({ s2k }: Locking): number => (s2k?.type === "iterated" ? (s2k.getCount?.() ?? 0) : 0);

/** Numbers as the key packet holds them, leading zeros left out; of an elliptic curve there are none by these names. */
const hasHugeNumbers = ({ publicParams }: NumberedPacket): boolean =>
	Object.entries(MAX_BITS).some(([name, bits]) => {
		const value = publicParams?.[name];
		return value instanceof Uint8Array && value.length * 8 > bits;
	});

const signaturesOf = (key: Key): number =>
	[
		(key as Key & { directSignatures: unknown[] }).directSignatures,
		key.revocationSignatures,
		...key.users.flatMap((user) => [user.selfCertifications, user.revocationSignatures]),
		...key.subkeys.flatMap((subkey) => [subkey.bindingSignatures, subkey.revocationSignatures]),
	].reduce((sum, { length }) => sum + length, 0);

const isOversized = (key: Key): boolean =>
	key.subkeys.length > MAX_SUBKEYS ||
	key.users.length > MAX_USER_IDS ||
	signaturesOf(key) > MAX_SIGNATURES ||
	key.getKeys().some((part) => hasHugeNumbers(part.keyPacket as NumberedPacket));

/** Whether a text is too long to be read as a key. */
export const isTooLong = (armored: string): boolean => armored.length > MAX_ARMOR;

/** Why a key that was read is not looked at any further; undefined where it is. */
export const refusalOf = (key: Key): Refusal | undefined => {
	if (isOversized(key)) return "tooCostly";
	const packets = key.getKeys().map((part) => part.keyPacket);
	const lockings = lockingsOf(key);
	const isKnown = packets.every(({ version, algorithm }) => version === 4 && GPG_ALGORITHMS.has(Number(algorithm)));
	const isLockedForGpg = lockings.every(({ s2kUsage, s2k }) => s2kUsage !== AEAD_USAGE && s2k?.type !== "argon2");
	if (!isKnown || !isLockedForGpg) return "unsupported";
	return lockings.reduce((sum, locking) => sum + hashed(locking), 0) > MAX_HASHED ? "tooCostly" : undefined;
};
