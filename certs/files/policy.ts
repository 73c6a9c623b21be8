// Whether a pair that was found in the files replaces the one that is served. Pure, for the same reason as the other decision.
import { isValid } from "../x509.ts";

interface Validity {
	readonly fingerprint: string;
	readonly notBefore: number;
	readonly notAfter: number;
}

export type Choice = "same" | "take" | "keep";

/**
 * In: what is served, what was found (it is known to be a matching pair), and the time in milliseconds since the epoch.
 * Out: `keep` where the one found cannot serve now and the present one can.
 */
export const choosePair = (present: Validity, found: Validity, now: number): Choice => {
	if (present.fingerprint === found.fingerprint) return "same";
	return isValid(present, now) && !isValid(found, now) ? "keep" : "take";
};
