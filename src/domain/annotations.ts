// Annotations that carry a decision of ours or of a person. In one place, so that writer and reader cannot differ.

/**
 * On the GPG Secret, beside the keys that we made: a JSON object of fingerprints by the data key of the private half, since
 * one Secret may hold several identities. Outlives the ScheduledBackup's status.
 */
export const FINGERPRINT_ANNOTATION = "riotkit.org/gpg-fingerprint";

/** Undefined where the text is no such object: a fingerprint alone, of which nobody knows under which data key it was. */
const fingerprintsIn = (annotation: string): Record<string, unknown> | undefined => {
	if (!annotation.trimStart().startsWith("{")) return undefined;
	try {
		return JSON.parse(annotation) as Record<string, unknown>;
	} catch {
		return undefined;
	}
};

/**
 * The fingerprint that FINGERPRINT_ANNOTATION has for the key under a data key; undefined where it has none. A text that is
 * a fingerprint alone goes for every data key.
 */
export const fingerprintBeside = (annotation: string | undefined, privateKey: string): string | undefined => {
	const text = annotation?.trim() ?? "";
	const fingerprints = fingerprintsIn(text);
	const own = fingerprints !== undefined && Object.hasOwn(fingerprints, privateKey) ? fingerprints[privateKey] : "";
	const found = fingerprints === undefined ? text : own;
	return typeof found === "string" && found !== "" ? found : undefined;
};

/** The annotation with the fingerprint of one more key. */
export const withFingerprint = (annotation: string | undefined, privateKey: string, fingerprint: string): string =>
	JSON.stringify({ ...fingerprintsIn(annotation ?? ""), [privateKey]: fingerprint });

/**
 * On a ScheduledBackup, written by a person: the fingerprint of a lost key that may be replaced by a new one. Naming the
 * fingerprint makes it a consent to this loss, not to any later one.
 */
export const REPLACE_LOST_KEY_ANNOTATION = "riotkit.org/replace-lost-key";
