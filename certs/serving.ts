// Where the webhook server's certificate comes from: files that somebody else keeps (`--certs-dir`, as a mounted Secret
// lays them out), or one made here and held in memory. Both are the same to the server, so that a new certificate is one call.
import { createPrivateKey, X509Certificate } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { FlagValueError } from "../src/api/flagvalue.ts";
import { systemFailure } from "../src/api/systemfailure.ts";
import type { CertificatePair, IssueOptions } from "./authority.ts";
import { createAuthority, issueServingCertificate } from "./authority.ts";

/** The names that kubernetes.io/tls Secrets give their keys. */
export const CERTIFICATE_FILE = "tls.crt";
export const KEY_FILE = "tls.key";

/** Validity of what is made for one run of the program, in seconds: ten years, and one. */
const AUTHORITY_SECONDS = 3650 * 86_400;
const SERVING_SECONDS = 365 * 86_400;

/** Something about certificates that the person who runs this program can mend. */
export class CertificateError extends Error {
	constructor(message: string, cause?: unknown) {
		super(message, cause === undefined ? undefined : { cause });
		this.name = "CertificateError";
	}
}

/** A serving certificate with the authority that clients must trust for it. */
export interface ServingCertificate extends CertificatePair {
	/** PEM. */
	authority: string;
}

/** @param found what is wrong with the files in the folder of `--certs-dir` */
export const unusableFiles = (directory: string, found: string, cause?: unknown): FlagValueError => {
	const remedy = `give a folder with a PEM certificate in ${CERTIFICATE_FILE} and its private key in ${KEY_FILE}`;
	return new FlagValueError("--certs-dir", directory, found, remedy, cause);
};

const read = async (directory: string, file: string): Promise<string> => {
	try {
		return await readFile(join(directory, file), "utf8");
	} catch (error) {
		throw unusableFiles(directory, `${file}: ${systemFailure(error)}`, error);
	}
};

/** Refuses a pair whose halves do not belong together before a server does it with a less helpful text. */
const checkPair = (pair: CertificatePair, directory: string): void => {
	try {
		if (new X509Certificate(pair.certificate).checkPrivateKey(createPrivateKey(pair.key))) return;
	} catch (error) {
		throw unusableFiles(directory, `${CERTIFICATE_FILE} or ${KEY_FILE} is not a PEM certificate or key`, error);
	}
	throw unusableFiles(directory, `${KEY_FILE} is not the key of ${CERTIFICATE_FILE}`);
};

/**
 * The pair in a directory as a mounted kubernetes.io/tls Secret has it.
 * Errors: FlagValueError where a file is missing or is not PEM, or the two do not belong together.
 */
export const readServingFiles = async (directory: string): Promise<CertificatePair> => {
	// One after the other: the same mistake has the same message at each reading.
	const certificate = await read(directory, CERTIFICATE_FILE);
	const key = await read(directory, KEY_FILE);
	const pair = { certificate, key };
	checkPair(pair, directory);
	return pair;
};

/**
 * A new authority and a serving certificate of it, held in memory only.
 * In: the hosts that the API server will call.
 */
export const makeServingCertificate = async (
	hosts: readonly [string, ...string[]],
	world: Pick<IssueOptions, "now" | "randomBytes">,
): Promise<ServingCertificate> => {
	const authority = await createAuthority("backup-maker-controller", { ...world, validSeconds: AUTHORITY_SECONDS });
	const pair = await issueServingCertificate(authority, hosts, { ...world, validSeconds: SERVING_SECONDS });
	return { ...pair, authority: authority.certificate };
};
