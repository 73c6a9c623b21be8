// The real makers of authorities and leaves, judged by OpenSSL's verification.
import { createPublicKey, randomBytes, X509Certificate } from "node:crypto";
import t from "tap";
import { createAuthority } from "../../../certs/authority.ts";
import { createIssuer, hostsOf } from "../../../certs/selfmanaged/issuer.ts";
import { authorityOf } from "../../../certs/x509.ts";
import { cheapAuthority, DAY, HOUR } from "../fixtures.ts";

const now = Date.now();
const issuer = createIssuer({
	hosts: hostsOf({ service: "bmc-webhook", namespace: "backups" }, ["127.0.0.1", "webhook.example.org"]),
	authoritySeconds: 365 * 86_400,
	leafSeconds: 7 * 86_400,
	randomBytes,
});

t.test("a leaf is for the Service's names and the further ones, and for no others", async (t) => {
	const authority = await issuer.newAuthority(now);
	const leaf = await issuer.newLeaf(authority, now);
	const certificate = new X509Certificate(leaf.pem);
	for (const host of [
		"bmc-webhook.backups.svc",
		"bmc-webhook.backups.svc.cluster.local",
		"bmc-webhook.backups",
		"webhook.example.org",
	])
		t.equal(certificate.checkHost(host), host);
	t.equal(certificate.checkIP("127.0.0.1"), "127.0.0.1");
	t.equal(certificate.checkHost("bmc-webhook.other.svc"), undefined);
	t.ok(certificate.verify(createPublicKey(authority.pem)));
	t.equal(leaf.issuer, authority);
	t.equal(Math.round((leaf.notAfter - now) / DAY), 7);
	t.equal(Math.round((authority.notAfter - now) / DAY), 365);
});

t.test("a leaf never outlives its authority", async (t) => {
	const pair = await createAuthority("brief", { now: new Date(now), randomBytes, validSeconds: 3600 });
	const read = authorityOf(pair.certificate, pair.key);
	if ("damage" in read) return t.fail(read.damage);
	const leaf = await issuer.newLeaf(read.authority, now);
	t.ok(leaf.notAfter <= read.authority.notAfter && leaf.notAfter > now + HOUR - 2000);
});

t.test("an authority that cannot sign says so", async (t) => {
	const key = "-----BEGIN RSA PRIVATE KEY-----\nAAAA\n-----END RSA PRIVATE KEY-----\n";
	const authority = { ...(await issuer.newAuthority(now)), key };
	await t.rejects(issuer.newLeaf(authority, now), { name: "CertificateError", message: /cannot sign/ });
	const other = { ...(await issuer.newAuthority(now)), key: cheapAuthority(now, now + HOUR).key };
	await t.rejects(issuer.newLeaf(other, now), { name: "CertificateError" }, "a key of another");
});
