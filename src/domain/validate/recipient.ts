// Whether gpg would find a key by the recipient's name. What `gpg --recipient` takes:
// https://www.gnupg.org/documentation/manuals/gnupg/Specify-a-User-ID.html
// (a part of the user ID in any case, `=` the whole user ID, `<` the exact address, `@` a part of the address, a
// fingerprint or key ID).

const HEXADECIMAL = /^(0x)?([0-9a-f]{8}|[0-9a-f]{16}|[0-9a-f]{40}|[0-9a-f]{64})!?$/i;

const addressOf = (userId: string): string => /<([^<>]*)>\s*$/.exec(userId)?.[1] ?? userId;

const matchesUserId = (recipient: string, userId: string): boolean => {
	const wanted = recipient.toLowerCase();
	const rest = wanted.slice(1);
	if (wanted.startsWith("=")) return userId === recipient.slice(1);
	if (wanted.startsWith("<")) return addressOf(userId).toLowerCase() === rest.replace(/>$/, "");
	if (wanted.startsWith("@")) return addressOf(userId).toLowerCase().includes(rest);
	if (wanted.startsWith("*")) return userId.toLowerCase().includes(rest);
	return userId.toLowerCase().includes(wanted);
};

/**
 * Whether a public key is the one that `gpg --recipient` finds by this name.
 * @param fingerprint upper-case hex, of the primary key
 */
export const recipientMatches = (
	recipient: string,
	userIds: readonly string[],
	fingerprint: string | undefined,
): boolean => {
	const hexadecimal = HEXADECIMAL.exec(recipient)?.[2]?.toUpperCase();
	if (hexadecimal !== undefined && fingerprint?.endsWith(hexadecimal) === true) return true;
	return userIds.some((userId) => matchesUserId(recipient, userId));
};

/** The form of address that a user ID can hold; the CRD asks the same of `gpgKeySecretRef.email`. */
export const isEmail = (text: string): boolean => /^[^@<>()",;:\\\s]+@[^@<>()",;:\\\s]+$/.test(text);
