// Certificates of our own, shared by three replicas, while requests come all the time: whatever is done to the Secret or to the
// webhook configurations, nobody has to repair anything, and no request is lost.
import t from "tap";
import { createAuthority } from "../../certs/authority.ts";
import { certificatesIn } from "../../certs/x509.ts";
import { eventually } from "../cluster/wait.ts";
import { currentIn, fingerprint, issuersIn, patchSecret, servedInOrder } from "./support/authorities.ts";
import {
	CONFIGURATION,
	configurations,
	NAMESPACE,
	SECRET_NAME,
	startCertificateWorld,
	startLoad,
} from "./support/certificates.ts";
import { manifest } from "./support/objects.ts";

const world = await startCertificateWorld(t);
const { session, balancer } = world;
const foreign = manifest(...configurations(1, "another")).replaceAll("riotkit.org", "example.org");
await session.apply(foreign);
const replicas = await Promise.all([world.replica(), world.replica(), world.replica()]);

const current = (): string => currentIn(world);
const issuers = (): Promise<string[]> => issuersIn(world);

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
		await patchSecret(world, data);
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
	await eventually(async () => (await issuers()).every((issuer) => issuer === next), {
		what: "all replicas serve with the next authority",
	});
	t.comment(`the whole change took ${Date.now() - began} ms`);
	const { requests, lost, served } = await load.stop();
	t.same(lost, [], "no request was lost");
	servedInOrder(t, world, next, served);
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
