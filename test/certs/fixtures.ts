// A cluster of one Map with the Secret and the two configurations, and authorities that cost nothing: their keys are far too
// short, and one for all.
import { generateKeyPairSync } from "node:crypto";
import forge from "node-forge";
import type { Issuer } from "../../certs/selfmanaged/issuer.ts";
import { type Authority, authorityOf } from "../../certs/x509.ts";
import type { ResourceKind } from "../../src/api/kinds.ts";
import type { KubernetesObject } from "../../src/api/kubernetes.ts";
import { AlreadyExistsError, ConflictError, NotFoundError } from "../../src/kube/errors.ts";
import type { Kube, ObjectKey } from "../../src/kube/port.ts";

const pair = generateKeyPairSync("rsa", {
	modulusLength: 512,
	publicKeyEncoding: { type: "spki", format: "pem" },
	privateKeyEncoding: { type: "pkcs1", format: "pem" },
});
const publicKey = forge.pki.publicKeyFromPem(pair.publicKey);
const privateKey = forge.pki.privateKeyFromPem(pair.privateKey);
let serial = 0;

export const SECOND = 1000;
export const HOUR = 3600 * SECOND;
export const DAY = 24 * HOUR;

/** An authority that is valid from then until then (milliseconds since the epoch), to the second. */
export const cheapAuthority = (notBefore: number, notAfter: number): Authority => {
	const certificate = forge.pki.createCertificate();
	certificate.publicKey = publicKey;
	serial += 1;
	certificate.serialNumber = `40${serial.toString(16).padStart(8, "0")}`;
	certificate.validity.notBefore = new Date(notBefore);
	certificate.validity.notAfter = new Date(notAfter);
	certificate.setSubject([{ name: "commonName", value: "test" }]);
	certificate.setIssuer([{ name: "commonName", value: "test" }]);
	certificate.setExtensions([{ name: "basicConstraints", critical: true, cA: true }]);
	// MD5: the digest of anything better does not fit into so short a key's signature comfortably.
	certificate.sign(privateKey, forge.md.sha1.create());
	const read = authorityOf(forge.pki.certificateToPem(certificate), pair.privateKey);
	if ("damage" in read) throw new Error(read.damage);
	return read.authority;
};

/** Authorities of 30 days, and leaves of a day or so many milliseconds that are no real certificates. */
export const cheapIssuer = (leafLife = DAY): Issuer => {
	let leaves = 0;
	return {
		newAuthority: async (now) => cheapAuthority(now - HOUR, now + 30 * DAY),
		newLeaf: async (issuer, now) => {
			leaves += 1;
			const notAfter = Math.min(now + leafLife, issuer.notAfter);
			return { fingerprint: `leaf-${leaves}`, pem: `leaf-${leaves}`, key: "", issuer, notBefore: now - HOUR, notAfter };
		},
	};
};

export interface MapKube extends Pick<Kube, "get" | "create" | "patch"> {
	readonly objects: Map<string, KubernetesObject & Record<string, unknown>>;
	/** As a user writes it, whatever was there. */
	put(kind: ResourceKind, object: KubernetesObject): void;
	remove(kind: ResourceKind, key: ObjectKey): void;
	/** How many writes were stored through the port. */
	writes(): number;
}

/** @param turn awaited before each call: where other replicas get theirs. @param onWrite called after each change. */
export const mapKube = (
	turn: () => Promise<unknown> = () => Promise.resolve(),
	onWrite = (): void => undefined,
): MapKube => {
	const objects = new Map<string, KubernetesObject & Record<string, unknown>>();
	let version = 0;
	let writes = 0;
	const idOf = (kind: ResourceKind, { namespace = "", name }: ObjectKey): string =>
		`${kind.plural} ${namespace}/${name}`;
	const keyOf = ({ metadata }: KubernetesObject): ObjectKey => ({ name: "", ...metadata }) as ObjectKey;
	const details = (status: number) => ({ operation: "test", status });
	const store = (kind: ResourceKind, object: KubernetesObject, uid: string): KubernetesObject => {
		version += 1;
		const stored = { ...object, metadata: { ...object.metadata, uid, resourceVersion: String(version) } };
		objects.set(idOf(kind, keyOf(object)), stored as never);
		onWrite();
		return stored;
	};
	const present = (kind: ResourceKind, key: ObjectKey) => {
		const found = objects.get(idOf(kind, key));
		if (found === undefined) throw new NotFoundError("not found", details(404));
		return found;
	};
	return {
		objects,
		writes: () => writes,
		put: (kind, object) =>
			void store(kind, object, objects.get(idOf(kind, keyOf(object)))?.metadata?.uid ?? `u${version}`),
		remove: (kind, key) => {
			objects.delete(idOf(kind, key));
			onWrite();
		},
		get: async (kind, key) => {
			await turn();
			return structuredClone(present(kind, key)) as never;
		},
		create: async (kind, object) => {
			await turn();
			if (objects.has(idOf(kind, keyOf(object)))) throw new AlreadyExistsError("there", details(409));
			writes += 1;
			return store(kind, object, `u${version}`) as never;
		},
		patch: async (kind, key, body, { uid, resourceVersion }) => {
			await turn();
			const found = present(kind, key);
			if (found.metadata?.uid !== uid || found.metadata?.resourceVersion !== resourceVersion)
				throw new ConflictError("another version", details(409));
			writes += 1;
			return store(kind, { ...found, ...body, metadata: found.metadata }, uid) as never;
		},
	};
};
