// The cluster's keys: one authority, and certificates that say who a component is by common name and organisation, as
// Kubernetes reads them. https://kubernetes.io/docs/setup/best-practices/certificates/
import { generateKeyPairSync, randomBytes } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { isIP } from "node:net";
import { join } from "node:path";
import forge from "node-forge";
import { KUBERNETES_ADDRESS, NODE_ADDRESS, NODE_NAME } from "./addresses.ts";

interface Wanted {
	name: string;
	commonName: string;
	organization?: string;
	/** Names and addresses under which it serves. */
	hosts?: string[];
}

const API_HOSTS = [
	...["kubernetes", "kubernetes.default", "kubernetes.default.svc", "kubernetes.default.svc.cluster.local"],
	...[KUBERNETES_ADDRESS, NODE_ADDRESS, "127.0.0.1", "localhost"],
];

const WANTED: readonly Wanted[] = [
	{ name: "apiserver", commonName: "kube-apiserver", hosts: API_HOSTS },
	{ name: "apiserver-kubelet", commonName: "kube-apiserver-kubelet-client", organization: "system:masters" },
	{ name: "kubelet-serving", commonName: `system:node:${NODE_NAME}`, hosts: [NODE_NAME, NODE_ADDRESS] },
	{ name: "kubelet", commonName: `system:node:${NODE_NAME}`, organization: "system:nodes" },
	{ name: "controller-manager", commonName: "system:kube-controller-manager" },
	{ name: "scheduler", commonName: "system:kube-scheduler" },
	{ name: "proxy", commonName: "system:kube-proxy" },
	{ name: "admin", commonName: "admin", organization: "system:masters" },
];

const DAY = 24 * 60 * 60 * 1000;

const newKey = (): { publicKey: string; privateKey: string } =>
	generateKeyPairSync("rsa", {
		modulusLength: 2048,
		publicKeyEncoding: { type: "spki", format: "pem" },
		privateKeyEncoding: { type: "pkcs1", format: "pem" },
	});

const subjectOf = ({ commonName, organization }: Omit<Wanted, "name">): forge.pki.CertificateField[] => [
	...(organization === undefined ? [] : [{ name: "organizationName", value: organization }]),
	{ name: "commonName", value: commonName },
];

const unsigned = (publicKey: string, subject: forge.pki.CertificateField[]): forge.pki.Certificate => {
	const certificate = forge.pki.createCertificate();
	certificate.publicKey = forge.pki.publicKeyFromPem(publicKey);
	certificate.serialNumber = `4${randomBytes(15).toString("hex")}`.padEnd(32, "0");
	certificate.validity.notBefore = new Date(Date.now() - DAY / 24);
	certificate.validity.notAfter = new Date(Date.now() + 30 * DAY);
	certificate.setSubject(subject);
	return certificate;
};

const alternativeName = (host: string): object => (isIP(host) === 0 ? { type: 2, value: host } : { type: 7, ip: host });

/**
 * Writes `ca.crt`, `NAME.crt` and `NAME.key` of every component, and the service accounts' key pair, into the folder.
 * Out: the authority as PEM.
 */
export const writeCertificates = async (folder: string): Promise<string> => {
	await mkdir(folder, { recursive: true });
	const save = (name: string, text: string): Promise<void> => writeFile(join(folder, name), text, { mode: 0o600 });
	const caKey = newKey();
	const issuer = subjectOf({ commonName: "node-test-authority" });
	const ca = unsigned(caKey.publicKey, issuer);
	const signer = forge.pki.privateKeyFromPem(caKey.privateKey);
	ca.setIssuer(issuer);
	ca.setExtensions([
		{ name: "basicConstraints", cA: true },
		{ name: "keyUsage", keyCertSign: true },
		{ name: "subjectKeyIdentifier" },
	]);
	ca.sign(signer, forge.md.sha256.create());
	const authority = forge.pki.certificateToPem(ca);
	await save("ca.crt", authority);
	for (const wanted of WANTED) {
		const key = newKey();
		const certificate = unsigned(key.publicKey, subjectOf(wanted));
		certificate.setIssuer(issuer);
		certificate.setExtensions([
			{ name: "keyUsage", digitalSignature: true, keyEncipherment: true },
			{ name: "extKeyUsage", serverAuth: true, clientAuth: true },
			...(wanted.hosts === undefined ? [] : [{ name: "subjectAltName", altNames: wanted.hosts.map(alternativeName) }]),
		]);
		certificate.sign(signer, forge.md.sha256.create());
		await Promise.all([
			save(`${wanted.name}.crt`, forge.pki.certificateToPem(certificate)),
			save(`${wanted.name}.key`, key.privateKey),
		]);
	}
	const accounts = newKey();
	await Promise.all([save("accounts.key", accounts.privateKey), save("accounts.pub", accounts.publicKey)]);
	return authority;
};

/** A kubeconfig of one component, which is who its certificate says. */
export const kubeconfigOf = (keys: string, component: string, server: string): string =>
	JSON.stringify({
		apiVersion: "v1",
		kind: "Config",
		"current-context": "node",
		clusters: [{ name: "node", cluster: { server, "certificate-authority": join(keys, "ca.crt") } }],
		users: [
			{
				name: component,
				user: {
					"client-certificate": join(keys, `${component}.crt`),
					"client-key": join(keys, `${component}.key`),
				},
			},
		],
		contexts: [{ name: "node", context: { cluster: "node", user: component } }],
	});
