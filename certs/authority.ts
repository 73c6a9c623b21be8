// Certificates of our own, for installations that have nobody else to make them: a self-signed authority, and the serving
// certificate that it signs. Only the structure of a certificate is made by node-forge. Keys and signatures come from
// node:crypto: making a key does not block the event loop, and a signature takes a hundredth of node-forge's 0.1 s.
import { generateKeyPair, sign } from "node:crypto";
import { isIP } from "node:net";
import { promisify } from "node:util";
import forge from "node-forge";

const generate = promisify(generateKeyPair);
/** Clocks differ: a certificate is valid from a little before it was made, by a tenth of its life and an hour at most. */
const BACKDATE_SECONDS = 60 * 60;
const BACKDATE_SHARE = 0.1;
/** Subject alternative name types of node-forge: https://datatracker.ietf.org/doc/html/rfc5280#section-4.2.1.6 */
const DNS_NAME = 2;
const IP_ADDRESS = 7;

/** A certificate and its private key, as PEM. */
export interface CertificatePair {
	certificate: string;
	key: string;
}

/** What making a certificate needs of the world. */
export interface IssueOptions {
	now: Date;
	/** This many random bytes, for the serial number. */
	randomBytes: (count: number) => Uint8Array;
	/** From `now` on. */
	validSeconds: number;
}

/**
 * A positive serial number of 127 bits: https://datatracker.ietf.org/doc/html/rfc5280#section-4.1.2.2
 * Its first bits are 01, so that it is neither negative nor has a leading zero, which OpenSSL refuses as padding.
 */
const serialNumber = (randomBytes: IssueOptions["randomBytes"]): string => {
	const bytes = Buffer.from(randomBytes(16));
	bytes.writeUInt8((bytes.readUInt8(0) & 0x3f) | 0x40, 0);
	return bytes.toString("hex");
};

const newKey = async (): Promise<{ key: string; publicKey: string }> => {
	const pair = await generate("rsa", {
		modulusLength: 2048,
		publicKeyEncoding: { type: "spki", format: "pem" },
		privateKeyEncoding: { type: "pkcs1", format: "pem" },
	});
	return { key: pair.privateKey, publicKey: pair.publicKey };
};

const commonName = (value: string): forge.pki.CertificateField[] => [{ name: "commonName", value }];

/** An unsigned certificate with subject, key, serial and validity. */
const unsigned = (subject: string, publicKey: string, options: IssueOptions): forge.pki.Certificate => {
	const certificate = forge.pki.createCertificate();
	certificate.publicKey = forge.pki.publicKeyFromPem(publicKey);
	certificate.serialNumber = serialNumber(options.randomBytes);
	const { now, validSeconds } = options;
	const backdate = Math.min(BACKDATE_SECONDS, validSeconds * BACKDATE_SHARE);
	certificate.validity.notBefore = new Date(now.getTime() - backdate * 1000);
	certificate.validity.notAfter = new Date(now.getTime() + validSeconds * 1000);
	certificate.setSubject(commonName(subject));
	return certificate;
};

/**
 * Signs what node-forge has prepared for it: https://datatracker.ietf.org/doc/html/rfc5280#section-4.1.1.3
 * @param key an RSA key as PEM: sha256WithRSAEncryption is written into the certificate
 */
const signWith = (certificate: forge.pki.Certificate, key: string): string => {
	const signer = {
		sign: (): string => {
			const signed = Buffer.from(forge.asn1.toDer(certificate.tbsCertificate).getBytes(), "binary");
			return sign("sha256", signed, key).toString("binary");
		},
	};
	certificate.sign(signer as unknown as forge.pki.rsa.PrivateKey, forge.md.sha256.create());
	return forge.pki.certificateToPem(certificate);
};

/**
 * A self-signed authority that may sign serving certificates and no further authorities.
 * Errors: none that a caller can cause.
 */
export const createAuthority = async (subject: string, options: IssueOptions): Promise<CertificatePair> => {
	const { key, publicKey } = await newKey();
	const certificate = unsigned(subject, publicKey, options);
	certificate.setIssuer(commonName(subject));
	certificate.setExtensions([
		{ name: "basicConstraints", critical: true, cA: true, pathLenConstraint: 0 },
		{ name: "keyUsage", critical: true, keyCertSign: true, cRLSign: true },
		{ name: "subjectKeyIdentifier" },
	]);
	return { certificate: signWith(certificate, key), key };
};

/** The issuer's own mark where it has one (an authority of somebody else may have any), else as node-forge makes it. */
const keyIdentifierOf = (issuer: forge.pki.Certificate): string => {
	const extension = issuer.getExtension("subjectKeyIdentifier") as { subjectKeyIdentifier?: string } | null;
	const stated = extension?.subjectKeyIdentifier;
	return stated === undefined ? issuer.generateSubjectKeyIdentifier().getBytes() : forge.util.hexToBytes(stated);
};

const alternativeName = (host: string) =>
	isIP(host) === 0 ? { type: DNS_NAME, value: host } : { type: IP_ADDRESS, ip: host };

/**
 * A serving certificate signed by the authority.
 * In: the hosts (names or IP addresses) that clients will ask for; at least one. Go's TLS client, which the API server
 * is, looks at these and never at the common name.
 */
export const issueServingCertificate = async (
	authority: CertificatePair,
	hosts: readonly [string, ...string[]],
	options: IssueOptions,
): Promise<CertificatePair> => {
	const { key, publicKey } = await newKey();
	const issuer = forge.pki.certificateFromPem(authority.certificate);
	const certificate = unsigned(hosts[0].slice(0, 64), publicKey, options);
	certificate.setIssuer(issuer.subject.attributes);
	certificate.setExtensions([
		{ name: "basicConstraints", critical: true, cA: false },
		{ name: "keyUsage", critical: true, digitalSignature: true, keyEncipherment: true },
		{ name: "extKeyUsage", serverAuth: true },
		{ name: "subjectAltName", altNames: hosts.map(alternativeName) },
		{ name: "authorityKeyIdentifier", keyIdentifier: keyIdentifierOf(issuer) },
	]);
	return { certificate: signWith(certificate, authority.key), key };
};
