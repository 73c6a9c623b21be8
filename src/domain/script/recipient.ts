// Whether `gpg --recipient` finds a key: a backup that is encrypted for nobody's key must be refused at admission.

/**
 * Whether gpg would choose a key with these user IDs for this recipient.
 * As gpg does it (https://www.gnupg.org/documentation/manuals/gnupg/Specify-a-User-ID.html), without case:
 * an e-mail address (also in angle brackets) must be the whole address of a user ID; hexadecimal digits are a key ID or
 * fingerprint, compared when the fingerprint is given; other text must be part of a user ID.
 * An address that is only part of another one is refused here, although gpg would take it: it is another person's.
 */
export const recipientMatches = (recipient: string, userIds: readonly string[], fingerprint?: string): boolean => {
	const wanted = recipient.trim().toLowerCase();
	if (wanted === "") {
		return false;
	}
	const address = /^<?([^\s<>@]+@[^\s<>@]+)>?$/.exec(wanted)?.[1];
	if (address !== undefined) {
		return userIds.some((userId) => emailOf(userId) === address);
	}
	return matchesFingerprint(wanted, fingerprint) || userIds.some((userId) => userId.toLowerCase().includes(wanted));
};

/** The address of a user ID in lower case: what stands in the angle brackets, else all of it. */
const emailOf = (userId: string): string => (/<([^<>]*)>\s*$/.exec(userId)?.[1] ?? userId).trim().toLowerCase();

/** Key IDs are the last 8 or 16 digits of a fingerprint. A trailing `!` asks for exactly that key. */
const matchesFingerprint = (wanted: string, fingerprint = ""): boolean => {
	const digits = /^(?:0x)?([0-9a-f]{8}|[0-9a-f]{16}|[0-9a-f]{40})!?$/.exec(wanted.replaceAll(" ", ""))?.[1];
	return digits !== undefined && fingerprint.toLowerCase().endsWith(digits);
};
