// A client's certificate, as an administrator makes one for the API server.
import { generateKeyPairSync, randomBytes } from "node:crypto";
import forge from "node-forge";
import type { CertificatePair } from "../../certs/authority.ts";

const HOUR = 60 * 60 * 1000;

/** A certificate for the common name, signed by the authority, that is good for a TLS client and nothing else. */
export const clientCertificate = (authority: CertificatePair, commonName: string): CertificatePair => {
	const { publicKey, privateKey } = generateKeyPairSync("rsa", {
		modulusLength: 2048,
		publicKeyEncoding: { type: "spki", format: "pem" },
		privateKeyEncoding: { type: "pkcs1", format: "pem" },
	});
	const certificate = forge.pki.createCertificate();
	certificate.publicKey = forge.pki.publicKeyFromPem(publicKey);
	certificate.serialNumber = `4${randomBytes(15).toString("hex")}`;
	certificate.validity.notBefore = new Date(Date.now() - HOUR);
	certificate.validity.notAfter = new Date(Date.now() + 24 * HOUR);
	certificate.setSubject([{ name: "commonName", value: commonName }]);
	certificate.setIssuer(forge.pki.certificateFromPem(authority.certificate).subject.attributes);
	certificate.setExtensions([
		{ name: "basicConstraints", critical: true, cA: false },
		{ name: "keyUsage", critical: true, digitalSignature: true },
		{ name: "extKeyUsage", clientAuth: true },
	]);
	certificate.sign(forge.pki.privateKeyFromPem(authority.key), forge.md.sha256.create());
	return { certificate: forge.pki.certificateToPem(certificate), key: privateKey };
};
