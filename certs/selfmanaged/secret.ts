// The Secret in which all replicas share authority and plan. Its keys are documented (docs/operations.md), for people look into
// it, back it up and break it; so reading takes whatever is there, and says what could not be used.
import type { Secret } from "../../src/api/kubernetes.ts";
import { type Authority, authorityOf, certificatesIn } from "../x509.ts";
import type { Stored } from "./state.ts";

/** The authority that signs, named as kubernetes.io/tls Secrets name theirs. */
export const CURRENT_CERTIFICATE = "tls.crt";
export const CURRENT_KEY = "tls.key";
/** The authority that comes next; empty where there is none. */
export const NEXT_CERTIFICATE = "next.crt";
export const NEXT_KEY = "next.key";
/** Everything that clients are to trust. */
export const TRUSTED = "ca.crt";
/** One line for each authority: fingerprint, and since when all webhooks trust it (RFC 3339). */
export const PUBLISHED = "published";

const textOf = ({ data }: Secret, key: string): string => Buffer.from(data?.[key] ?? "", "base64").toString();

const readPublished = (text: string): Map<string, number> =>
	new Map(
		text.split("\n").flatMap((line): [string, number][] => {
			const [fingerprint = "", time = ""] = line.trim().split(/\s+/);
			const milliseconds = Date.parse(time);
			return /^([0-9A-F]{2}:){31}[0-9A-F]{2}$/.test(fingerprint) && Number.isFinite(milliseconds)
				? [[fingerprint, milliseconds]]
				: [];
		}),
	);

const readPair = (secret: Secret, certificateKey: string, keyKey: string) => {
	const read = authorityOf(textOf(secret, certificateKey), textOf(secret, keyKey));
	return "authority" in read
		? { authority: read.authority, damage: [] }
		: { authority: undefined, damage: [`${certificateKey}, ${keyKey}: ${read.damage}`] };
};

/**
 * What the Secret says.
 * In: the Secret, and fingerprints of authorities that turned out to be unable to sign. Out: never an error; `damage` says
 * what could not be read.
 */
export const readSecret = (secret: Secret, unable: ReadonlySet<string>): Stored => {
	const current = readPair(secret, CURRENT_CERTIFICATE, CURRENT_KEY);
	const hasNext = textOf(secret, NEXT_CERTIFICATE) !== "" || textOf(secret, NEXT_KEY) !== "";
	const next = hasNext ? readPair(secret, NEXT_CERTIFICATE, NEXT_KEY) : { authority: undefined, damage: [] };
	const able = (authority: Authority | undefined): Authority | undefined =>
		authority !== undefined && unable.has(authority.fingerprint) ? undefined : authority;
	return {
		current: able(current.authority),
		next: able(next.authority),
		trusted: certificatesIn(textOf(secret, TRUSTED)),
		published: readPublished(textOf(secret, PUBLISHED)),
		damage: [...current.damage, ...next.damage],
	};
};

const base64 = (text: string): string => Buffer.from(text).toString("base64");

/** What is to be stored, as `data` of the Secret: all keys, each with its whole value. */
export const secretData = (stored: Omit<Stored, "damage"> & { current: Authority }): Record<string, string> => {
	const { current, next, published } = stored;
	const trusted = new Map(
		[...stored.trusted, current, ...(next === undefined ? [] : [next])].map((one) => [one.fingerprint, one.pem]),
	);
	const times = [...published]
		.filter(([fingerprint]) => trusted.has(fingerprint))
		.map(([fingerprint, time]) => `${fingerprint} ${new Date(time).toISOString()}\n`);
	return {
		[CURRENT_CERTIFICATE]: base64(current.pem),
		[CURRENT_KEY]: base64(current.key),
		[NEXT_CERTIFICATE]: base64(next?.pem ?? ""),
		[NEXT_KEY]: base64(next?.key ?? ""),
		[TRUSTED]: base64([...trusted.values()].join("")),
		[PUBLISHED]: base64(times.join("")),
	};
};
