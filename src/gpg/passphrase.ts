// The passphrase of a key that we make where the user gave none.

/** 256 bits: guessing it is as hard as guessing the key. */
const PASSPHRASE_BYTES = 32;

/**
 * A random passphrase of letters, digits, `-` and `_` (base64url): it passes through any shell, gpg and YAML unquoted. It
 * begins with a letter or a digit: as an argument of its own it is then never taken for an option.
 * @param randomBytes a cryptographically secure source, e.g. `crypto.randomBytes`
 */
export const randomPassphrase = (randomBytes: (size: number) => Uint8Array): string =>
	Buffer.from(randomBytes(PASSPHRASE_BYTES)).toString("base64url").replace(/^[-_]/, "A");
