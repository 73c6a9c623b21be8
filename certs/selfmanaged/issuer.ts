// Makes authorities and serving certificates for the self-managed mode. A port of its own, so that the many situations of the
// plan are tried without making thousands of keys.
import { X509Certificate } from "node:crypto";
import { createAuthority, issueServingCertificate } from "../authority.ts";
import { CertificateError } from "../serving.ts";
import { type Authority, authorityOf, firstCertificate, type Leaf } from "../x509.ts";

export interface Issuer {
	/** A new self-signed authority. */
	newAuthority(now: number): Promise<Authority>;
	/** A new serving certificate. Errors: CertificateError where this authority cannot sign one. */
	newLeaf(authority: Authority, now: number): Promise<Leaf>;
}

export interface IssuerOptions {
	/** DNS names and IP addresses of the serving certificate. */
	hosts: readonly [string, ...string[]];
	authoritySeconds: number;
	leafSeconds: number;
	randomBytes: (count: number) => Uint8Array;
}

const SUBJECT = "backup-maker-controller";

const unable = (why: unknown): CertificateError =>
	new CertificateError("this authority cannot sign a serving certificate of ours", why);

const signed = async (authority: Authority, now: number, options: IssuerOptions): Promise<Leaf> => {
	const left = Math.floor((authority.notAfter - now) / 1000);
	const pair = await issueServingCertificate({ certificate: authority.pem, key: authority.key }, options.hosts, {
		now: new Date(now),
		randomBytes: options.randomBytes,
		validSeconds: Math.max(1, Math.min(options.leafSeconds, left)),
	});
	const leaf = new X509Certificate(pair.certificate);
	const issuer = new X509Certificate(authority.pem);
	const facts = firstCertificate(pair.certificate);
	if (facts === undefined || !leaf.checkIssued(issuer) || !leaf.verify(issuer.publicKey))
		throw new Error("the certificate does not verify");
	return { ...facts, key: pair.key, issuer: authority };
};

/** The real one. Out: leaves never outlive their authority. */
export const createIssuer = (options: IssuerOptions): Issuer => ({
	newAuthority: async (now) => {
		const { authoritySeconds: validSeconds, randomBytes } = options;
		const pair = await createAuthority(SUBJECT, { now: new Date(now), randomBytes, validSeconds });
		const read = authorityOf(pair.certificate, pair.key);
		if ("damage" in read) throw new CertificateError(`a new authority is unusable: ${read.damage}`);
		return read.authority;
	},
	newLeaf: (authority, now) =>
		signed(authority, now, options).catch((error: unknown) => {
			throw unable(error);
		}),
});

/** The names by which the API server calls a Service, and further ones. */
export const hostsOf = (
	{ service, namespace }: { service: string; namespace: string },
	further: readonly string[],
): [string, ...string[]] => {
	const name = `${service}.${namespace}`;
	return [`${name}.svc`, `${name}.svc.cluster.local`, name, ...further];
};
