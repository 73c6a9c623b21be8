// Certificates of our own, shared by three replicas, while requests come all the time: whatever is done to the Secret or to the
// webhook configurations, nobody has to repair anything, and no request is lost.
import { X509Certificate } from "node:crypto";
import t from "tap";
import { createAuthority } from "../../certs/authority.ts";
import { certificatesIn } from "../../certs/x509.ts";
import { eventually } from "../cluster/wait.ts";
import {
	CONFIGURATION,
	configurations,
	NAMESPACE,
	SECRET_NAME,
	servedTo,
	startCertificateWorld,
	startLoad,
} from "./support/certificates.ts";
import { manifest } from "./support/objects.ts";

const world = await startCertificateWorld(t);
const { session, balancer } = world;
const foreign = manifest(...configurations(1, "another")).replaceAll("riotkit.org", "example.org");
await session.apply(foreign);
const replicas = await Promise.all([world.replica(), world.replica(), world.replica()]);

const fingerprint = (pem: string | undefined): string => new X509Certificate(pem ?? "").fingerprint256;
const current = (): string => fingerprint(world.secret()?.["tls.crt"]);
const issuers = async (): Promise<string[]> => {
	const [bundle = ""] = await world.bundles();
	return Promise.all(balancer.targets.map(async (port) => (await servedTo(port, bundle)).issuedBy));
};
/** Changes the Secret; answers when its history has it, so that whatever is seen later came later. */
const patchSecret = async (data: Record<string, string | null>): Promise<void> => {
	const encoded = Object.fromEntries(
		Object.entries(data).map(([key, value]) => [key, value === null ? null : Buffer.from(value).toString("base64")]),
	);
	const { code, stdout, stderr } = await session.kubectl([
		...[
			"patch",
			"secret",
			SECRET_NAME,
			"-n",
			NAMESPACE,
			"--type=merge",
			"-o=jsonpath={.metadata.resourceVersion}",
			"-p",
		],
		JSON.stringify({ data: encoded }),
	]);
	if (code !== 0) throw new Error(stderr);
	await eventually(() => world.secrets.changes.some(({ object }) => object.metadata?.resourceVersion === stdout), {
		what: "the change is seen",
	});
};

t.test("three replicas that start at once agree on one authority, in exactly our webhooks", async (t) => {
	t.equal(await world.admitted(), true);
	const certificates = [...new Set(await world.bundles())];
	t.equal(certificates.length, 1, "all webhooks trust the same");
	t.equal(certificatesIn(certificates[0] ?? "").length, 1, "which is one authority");
	t.same(await issuers(), [current(), current(), current()]);
	const made = world.secrets.changes.filter(({ type }) => type === "ADDED");
	t.equal(made.length, 1, "the Secret was made once");
	const ready = await Promise.all(replicas.map((replica) => replica.readyz()));
	t.same(ready, [200, 200, 200]);
	const checks = await (await fetch(`http://127.0.0.1:${replicas[0]?.ports.health}/readyz`)).text();
	t.match(checks, /^\[\+\]certificate valid ok$/m);
	const untouched = await session.json("get validatingwebhookconfiguration another");
	t.same(
		untouched.webhooks.map(({ clientConfig }: { clientConfig: object }) => "caBundle" in clientConfig),
		[false, false],
		"another configuration is left alone",
	);
	const metrics = await replicas[0]?.metrics();
	t.match(metrics, /^backup_maker_controller_certificate_expiry_timestamp_seconds\{certificate="serving"\} \d{10}$/m);
});

t.test("bundles that are wiped are back at once", async (t) => {
	const before = await world.bundles();
	const began = Date.now();
	const load = startLoad(world);
	await session.kubectl(["replace", "-f", "-"], manifest(...configurations(balancer.port)));
	await eventually(async () => (await world.admitted()) === true, { timeout: 10, what: "requests are admitted again" });
	t.comment(`admitted again after ${Date.now() - began} ms`);
	await load.stop();
	t.same(await world.bundles(), before);
});

const notAuthority = await createAuthority("other", {
	now: new Date(),
	randomBytes: (count) => crypto.getRandomValues(new Uint8Array(count)),
	validSeconds: 86_400,
});
const expired = await createAuthority("expired", {
	now: new Date(Date.now() - 86_400_000),
	randomBytes: (count) => crypto.getRandomValues(new Uint8Array(count)),
	validSeconds: 3600,
});

for (const [name, data] of Object.entries({
	truncated: { "tls.crt": "-----BEGIN CERTIFICATE-----\nMIID" },
	"truncated key": { "tls.key": "-----BEGIN RSA PRIVATE KEY-----\nMIIE" },
	emptied: { "tls.crt": null, "tls.key": null, "ca.crt": null, "next.crt": null, "next.key": null, published: null },
	"filled with a key that is another's": { "tls.key": notAuthority.key },
	"filled with an expired authority": { "tls.crt": expired.certificate, "tls.key": expired.key },
	"filled with no authority": { "tls.crt": "x", "tls.key": "y" },
}))
	t.test(`a Secret that is ${name} is put right, with the authority that is in use`, async (t) => {
		const before = current();
		const key = world.secret()?.["tls.key"];
		const load = startLoad(world);
		await patchSecret(data);
		await eventually(
			() => {
				const now = world.secret();
				return (
					now?.["tls.key"] === key && fingerprint(now?.["tls.crt"]) === before && now?.["published"]?.includes(before)
				);
			},
			{ what: "the Secret holds the authority again" },
		);
		const { lost } = await load.stop();
		t.same(lost, [], "no request was lost");
		t.same(await issuers(), [before, before, before]);
	});

t.test("a Secret that is deleted means a new authority, in order: no request is lost", async (t) => {
	const before = current();
	const load = startLoad(world);
	const began = Date.now();
	await session.kubectl(`delete secret ${SECRET_NAME} -n ${NAMESPACE}`);
	await eventually(() => world.secret()?.["next.crt"], { what: "there is a next authority" });
	t.equal(current(), before, "the old one is put back");
	const next = fingerprint(world.secret()?.["next.crt"]);
	await eventually(async () => (await world.bundles()).every((bundle) => certificatesIn(bundle).length === 2), {
		what: "all webhooks trust both",
	});
	const trusted = Date.now();
	await eventually(async () => (await issuers()).every((issuer) => issuer === next), {
		what: "all replicas serve with the next authority",
	});
	const waited = Date.now() - trusted;
	// 60 s, less what the trust was seen late.
	t.ok(waited >= 50_000, `it signed only ${waited} ms after it was trusted`);
	t.comment(`the whole change took ${Date.now() - began} ms`);
	const { requests, lost } = await load.stop();
	t.same(lost, [], "no request was lost");
	t.comment(`${requests} requests`);
	balancer.cut();
	await eventually(async () => (await world.admitted()) === true, { what: "new connections verify" });
	t.equal(current(), next);
	t.equal(world.secret()?.["next.crt"], "");
	t.same(
		certificatesIn((await world.bundles())[0] ?? "").map((certificate) => certificate.fingerprint),
		[before, next],
		"the old one is trusted until it expires",
	);
	t.ok((await session.json(`get validatingwebhookconfiguration ${CONFIGURATION}`)).webhooks.length > 0);
});

t.test(
	"a Secret that is filled with another authority: it takes over in order, also for a replica that starts",
	async (t) => {
		const before = current();
		const other = await createAuthority("brought", {
			now: new Date(),
			randomBytes: (count) => crypto.getRandomValues(new Uint8Array(count)),
			validSeconds: 30 * 86_400,
		});
		const load = startLoad(world);
		await patchSecret({ "tls.crt": other.certificate, "tls.key": other.key });
		await eventually(() => current() === before, { what: "ours is put back" });
		t.equal(fingerprint(world.secret()?.["next.crt"]), fingerprint(other.certificate), "theirs comes next");
		const began = Date.now();
		let replicas = 0;
		/** When each authority was first seen behind some replica, in milliseconds. */
		const seen = new Map<string | undefined, number>();
		const look = async (): Promise<boolean> => {
			const found = await issuers();
			replicas = found.length;
			for (const issuer of found) if (!seen.has(issuer)) seen.set(issuer, Date.now() - began);
			return found.every((issuer) => issuer === fingerprint(other.certificate));
		};
		await world.replica();
		await eventually(look, { what: "all replicas serve with the other authority" });
		t.equal(replicas, 4, "the new replica is among them");
		t.same(new Set(seen.keys()), new Set([before, fingerprint(other.certificate)]), "no third one came between");
		// 60 s, less what the trust was seen late. A replica that starts must wait as those do that run already.
		const switched = seen.get(fingerprint(other.certificate)) ?? 0;
		t.ok(switched >= 50_000, `some replica served with the other one only ${switched} ms after it came`);
		const { requests, lost } = await load.stop();
		t.same(lost, [], "no request was lost");
		t.comment(`${requests} requests, ${Date.now() - began} ms`);
		balancer.cut();
		await eventually(async () => (await world.admitted()) === true, { what: "new connections verify" });
	},
);
