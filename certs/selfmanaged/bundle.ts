// What the API server is to trust: the authorities of the plan, and those before them until they expire. Every replica must
// come to the same text from the same state, or they would write against each other for ever.
import type { Certificate } from "../x509.ts";
import type { Bundles, Input } from "./state.ts";

/** The most certificates beside those of the plan; each is about a kilobyte in every webhook. */
const MOST_EXTRAS = 16;
/**
 * Milliseconds. A certificate that is about to expire is not put back where another replica, whose clock is a little
 * ahead, has taken it out already.
 */
const NOT_WORTH_ADDING = 5 * 60_000;

const unique = (certificates: readonly Certificate[]): Certificate[] => [
	...new Map(certificates.map((certificate) => [certificate.fingerprint, certificate])).values(),
];

/** By age, then by fingerprint: an order that does not change when the next authority becomes the current one. */
const inOrder = (certificates: readonly Certificate[]): Certificate[] =>
	[...certificates].sort(
		(one, other) => one.notBefore - other.notBefore || (one.fingerprint < other.fingerprint ? -1 : 1),
	);

const newestFirst = (one: Certificate, other: Certificate): number =>
	other.notBefore - one.notBefore || (one.fingerprint < other.fingerprint ? -1 : 1);

/** Whether every webhook of every configuration trusts this certificate. True where there is none. */
export const isInAllBundles = (configurations: readonly Bundles[], { fingerprint }: Certificate): boolean =>
	configurations.every(({ certificates }) =>
		certificates.every((bundle) => bundle.some((certificate) => certificate.fingerprint === fingerprint)),
	);

/** What is trusted somewhere and is not part of the plan, while it is valid. */
const extrasOf = ({ now, stored, configurations, leaf }: Input, plan: readonly Certificate[]): Certificate[] => {
	const found = configurations.flatMap(({ certificates }) => certificates.flat());
	const present = new Set(found.map(({ fingerprint }) => fingerprint));
	const known = new Set(plan.map(({ fingerprint }) => fingerprint));
	return unique([...(stored?.trusted ?? []), ...(leaf === undefined ? [] : [leaf.issuer]), ...found])
		.filter(({ fingerprint }) => !known.has(fingerprint))
		.filter(({ fingerprint, notAfter }) => notAfter > now + (present.has(fingerprint) ? 0 : NOT_WORTH_ADDING))
		.sort(newestFirst)
		.slice(0, MOST_EXTRAS);
};

/**
 * Everything that is to be trusted, in the order of the bundle. What is in a bundle already stays until it expires, also
 * where it is not ours: something may still be served with it, as after a change from cert-manager to this mode.
 */
export const trustedBy = (input: Input): Certificate[] => {
	const { stored, leaf } = input;
	const served = leaf !== undefined && leaf.issuer.notAfter > input.now + NOT_WORTH_ADDING ? [leaf.issuer] : [];
	const plan = unique([stored?.current ?? [], stored?.next ?? [], served].flat()).filter(
		({ notAfter }) => notAfter > input.now,
	);
	return inOrder([...plan, ...extrasOf(input, plan)]);
};

/** As the text of a `caBundle`, before base64. */
export const bundleText = (certificates: readonly Certificate[]): string => certificates.map(({ pem }) => pem).join("");
