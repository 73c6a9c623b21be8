// What a webhook server asks of whoever keeps its certificate: the first one, each further one, and whether the present one
// is any good. The same for files that somebody else keeps and for what we make ourselves.
import type { Check } from "../src/telemetry/health.ts";
import type { CertificatePair } from "./authority.ts";

/** The check's line in /readyz. */
export const CHECK_NAME = "certificate valid";

/** What metrics registry and logger must offer; see src/telemetry. */
export interface CertificateMetrics {
	/** @param expires milliseconds since the epoch. */
	certificateExpires(certificate: "serving" | "authority", expires: number): void;
	/** A new one is in use. */
	certificateRenewed(certificate: "serving" | "authority"): void;
	certificateFailed(reason: FailureReason): void;
}

export type FailureReason =
	/** The API server does not let us, or does not answer. */
	| "forbidden"
	| "unavailable"
	/** Files or a Secret hold something that is no certificate or key, or a pair that does not belong together. */
	| "unusable"
	/** A fault. */
	| "error";

export interface ServedPair extends CertificatePair {
	/** PEM of what clients are to trust for it, where the source knows. */
	readonly authority?: string;
}

export interface CertificateSource {
	/** Resolves with the first pair; never where the source is stopped before there is one. */
	readonly first: Promise<ServedPair>;
	/** Tells the present pair, where there is one, and each one that comes after it. */
	onChange(listener: (pair: ServedPair) => void): void;
	/** For /readyz. */
	check(): Check;
	stop(): Promise<void>;
}

/** Remembers the present pair for `first` and `onChange`. */
export const createSupply = () => {
	const { promise: first, resolve } = Promise.withResolvers<ServedPair>();
	let listener: (pair: ServedPair) => void = () => undefined;
	let present: ServedPair | undefined;
	return {
		first,
		give: (pair: ServedPair): void => {
			listener(pair);
			present = pair;
			resolve(pair);
		},
		onChange: (told: (pair: ServedPair) => void): void => {
			listener = told;
			if (present !== undefined) told(present);
		},
	};
};

/** A pair that never changes. */
export const fixedSource = (pair: ServedPair): CertificateSource => ({
	first: Promise.resolve(pair),
	onChange: () => undefined,
	check: () => ({ name: CHECK_NAME, ok: true }),
	stop: () => Promise.resolve(),
});
