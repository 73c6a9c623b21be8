// Which authority is in the Secret, and which one signed what the replicas serve.
import { X509Certificate } from "node:crypto";
import type { Test } from "tap";
import { eventually } from "../../cluster/wait.ts";
import { type CertificateWorld, NAMESPACE, SECRET_NAME, type Served, servedTo } from "./certificates.ts";

/** As the Secret's key `published` and TLS clients name a certificate. */
export const fingerprint = (pem: string | undefined): string => new X509Certificate(pem ?? "").fingerprint256;

/** The authority that signs, by the Secret. */
export const currentIn = (world: CertificateWorld): string => fingerprint(world.secret()?.["tls.crt"]);

/** The authorities of what each replica behind the balancer serves, to a client that trusts what the webhooks trust. */
export const issuersIn = async (world: CertificateWorld): Promise<string[]> => {
	const [bundle = ""] = await world.bundles();
	return Promise.all(world.balancer.targets.map(async (port) => (await servedTo(port, bundle)).issuedBy));
};

/**
 * Changes the Secret; answers when its history has it, so that whatever is seen later came later.
 * @param data null removes a key.
 */
export const patchSecret = async (world: CertificateWorld, data: Record<string, string | null>): Promise<void> => {
	const encoded = Object.fromEntries(
		Object.entries(data).map(([key, value]) => [key, value === null ? null : Buffer.from(value).toString("base64")]),
	);
	const version = "-o=jsonpath={.metadata.resourceVersion}";
	const { code, stdout, stderr } = await world.session.kubectl([
		...["patch", "secret", SECRET_NAME, "-n", NAMESPACE, "--type=merge", version, "-p"],
		JSON.stringify({ data: encoded }),
	]);
	if (code !== 0) throw new Error(stderr);
	await eventually(() => world.secrets.changes.some(({ object }) => object.metadata?.resourceVersion === stdout), {
		what: "the change is seen",
	});
};

/** When an authority was recorded as trusted by all webhooks, in milliseconds since the epoch. */
const publicationIn = (world: CertificateWorld, authority: string): number => {
	const line = world
		.secret()
		?.["published"]?.split("\n")
		.find((one) => one.startsWith(authority));
	return Date.parse(line?.split(/\s+/)[1] ?? "");
};

/** Asserts that no replica served a certificate of this authority before all webhooks had trusted it for the trust delay. */
export const servedInOrder = (t: Test, world: CertificateWorld, authority: string, served: readonly Served[]): void => {
	const first = served.find(({ issuedBy }) => issuedBy === authority);
	const waited = (first?.at ?? Number.NaN) - publicationIn(world, authority);
	t.ok(waited >= world.trustDelay, `served ${waited} ms after all webhooks trusted it`);
};
