// Whether gpg would find a key by the recipient's name, as `gpg --recipient` (2.2) does it; the tests ask a real gpg. See
// https://www.gnupg.org/documentation/manuals/gnupg/Specify-a-User-ID.html

/** A key ID or fingerprint; also in groups, as gpg prints it. A `0x`, or a nought, may stand before it. */
const HEXADECIMAL = /^(?:0x|0)?([0-9a-fA-F]{8}|[0-9a-fA-F]{16}|[0-9a-fA-F]{40}|[0-9a-fA-F]{64})$/;
const GROUPS = /^[0-9a-f]{4}(?: {1,2}[0-9a-f]{4}){9}$|^[0-9a-f]{2}(?::[0-9a-f]{2}){19}$/i;

/** Means something else to gpg: the end of an address, words, a subject, a serial number, a keygrip. */
const OTHER_FORMS = /^[.+/#&]/;

/** What stands in the angle brackets, else all of a user ID that is no more than an address. */
const addressOf = (userId: string): string => {
	const address = /<([^<>]*)>\s*$/.exec(userId)?.[1] ?? userId;
	return isEmail(address) ? address.toLowerCase() : "";
};

const matchesUserId = (recipient: string, userId: string): boolean => {
	const wanted = recipient.toLowerCase();
	const rest = wanted.slice(1);
	if (wanted.startsWith("=")) return userId === recipient.slice(1);
	if (wanted.startsWith("<")) return addressOf(userId) === rest.replace(/>$/, "");
	if (wanted.startsWith("@")) return addressOf(userId).includes(rest);
	if (wanted.startsWith("*")) return userId.toLowerCase().includes(rest);
	return userId.toLowerCase().includes(wanted);
};

const hexadecimalOf = (recipient: string): string | undefined =>
	GROUPS.test(recipient) ? recipient.replace(/[ :]/g, "") : HEXADECIMAL.exec(recipient)?.[1];

/**
 * Whether a public key is the one that `gpg --recipient` finds by this name: a part of the user ID in any case, `=` the
 * whole user ID, `<` the exact address, `@` a part of the address, a fingerprint or key ID. With `!` after it, gpg would
 * encrypt to the primary key itself, which mostly cannot.
 * @param fingerprint upper-case hex, of the primary key
 */
export const recipientMatches = (
	recipient: string,
	userIds: readonly string[],
	fingerprint: string | undefined,
): boolean => {
	const wanted = recipient.trimStart();
	if (wanted === "" || OTHER_FORMS.test(wanted)) return false;
	const hexadecimal = hexadecimalOf(wanted)?.toUpperCase();
	if (hexadecimal !== undefined) return fingerprint?.endsWith(hexadecimal) === true;
	return userIds.some((userId) => matchesUserId(wanted, userId));
};

/** The form of address that a user ID can hold; the CRD asks the same of `gpgKeySecretRef.email`. */
export const isEmail = (text: string): boolean => /^[^@<>()",;:\\\s]+@[^@<>()",;:\\\s]+$/.test(text);
