// Certificates as facts that decisions can be made from. PEM comes from Secrets, webhook configurations and files that
// anybody may have written, so whatever cannot be read is a value that says so, never an exception.
import { createPrivateKey, X509Certificate } from "node:crypto";

/** A certificate, as far as anything here asks. */
export interface Certificate {
	/** SHA-256 of the DER, in hexadecimal pairs with colons, as openssl prints it. */
	readonly fingerprint: string;
	/** PEM of this one certificate, in one canonical form. */
	readonly pem: string;
	/** Milliseconds since the epoch; from then on it is valid. */
	readonly notBefore: number;
	/** Milliseconds since the epoch; from then on it is not valid any more. */
	readonly notAfter: number;
}

/** A certificate that signs others, with its key. */
export interface Authority extends Certificate {
	/** PEM. */
	readonly key: string;
}

/** A serving certificate, with its key and with what signed it. */
export interface Leaf extends Certificate {
	/** PEM. */
	readonly key: string;
	readonly issuer: Authority;
}

const BLOCK = /-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g;

const parse = (pem: string): X509Certificate | undefined => {
	try {
		return new X509Certificate(pem);
	} catch {
		return undefined;
	}
};

const factsOf = (certificate: X509Certificate): Certificate => ({
	fingerprint: certificate.fingerprint256,
	pem: certificate.toString(),
	notBefore: certificate.validFromDate.getTime(),
	notAfter: certificate.validToDate.getTime(),
});

/** Every certificate in a text of PEM blocks, in their order; what cannot be read is left out. */
export const certificatesIn = (text: string): Certificate[] =>
	(text.match(BLOCK) ?? []).flatMap((block) => {
		const certificate = parse(block);
		return certificate === undefined ? [] : [factsOf(certificate)];
	});

/** The first certificate of a text; undefined where there is none that can be read. */
export const firstCertificate = (text: string): Certificate | undefined => certificatesIn(text)[0];

/**
 * A pair of PEM texts as an authority that we can sign with, or why it is none.
 * In: texts, or undefined where there is nothing. Out: `damage` names the halves as `certificate` and `key`.
 */
export const authorityOf = (
	certificate: string | undefined,
	key: string | undefined,
): { authority: Authority } | { damage: string } => {
	const first = firstCertificate(certificate ?? "");
	if (first === undefined)
		return { damage: certificate ? "the certificate cannot be read" : "there is no certificate" };
	if (!key) return { damage: "there is no key" };
	try {
		const parsed = new X509Certificate(first.pem);
		const privateKey = createPrivateKey(key);
		if (!parsed.checkPrivateKey(privateKey)) return { damage: "the key is not the certificate's" };
		if (!parsed.ca) return { damage: "the certificate is no authority's" };
		// Certificates are signed with sha256WithRSAEncryption, whatever the key is.
		if (privateKey.asymmetricKeyType !== "rsa") return { damage: "the key is no RSA key" };
		return { authority: { ...first, key: privateKey.export({ type: "pkcs1", format: "pem" }).toString() } };
	} catch {
		return { damage: "the key cannot be read" };
	}
};

/** Whether a certificate is valid at an instant (milliseconds since the epoch). */
export const isValid = ({ notBefore, notAfter }: Pick<Certificate, "notBefore" | "notAfter">, now: number): boolean =>
	notBefore <= now && now < notAfter;

/** When two thirds of a certificate's life are over, in milliseconds since the epoch: time for the next one. */
export const renewalTime = ({ notBefore, notAfter }: Pick<Certificate, "notBefore" | "notAfter">): number =>
	notBefore + Math.floor(((notAfter - notBefore) * 2) / 3);
