// What can be found in a Secret, and what is made of it.
import { generateKeyPairSync, randomBytes } from "node:crypto";
import t from "tap";
import { createAuthority, issueServingCertificate } from "../../certs/authority.ts";
import { readSecret, secretData } from "../../certs/selfmanaged/secret.ts";
import { authorityOf, certificatesIn, firstCertificate, isValid, renewalTime } from "../../certs/x509.ts";

const options = { now: new Date("2026-01-01T00:00:00Z"), randomBytes, validSeconds: 30 * 86_400 };
const one = await createAuthority("one", options);
const other = await createAuthority("other", options);
const leaf = await issueServingCertificate(one, ["a.b.svc"], options);
const elliptic = generateKeyPairSync("ec", {
	namedCurve: "P-256",
	publicKeyEncoding: { type: "spki", format: "pem" },
	privateKeyEncoding: { type: "pkcs8", format: "pem" },
});

t.test("pairs", async (t) => {
	const rows: [certificate: string | undefined, key: string | undefined, damage: string | undefined][] = [
		[one.certificate, one.key, undefined],
		[`junk\n${one.certificate}junk`, one.key, undefined],
		[undefined, one.key, "there is no certificate"],
		["", one.key, "there is no certificate"],
		[one.certificate.slice(0, 300), one.key, "the certificate cannot be read"],
		["-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----", one.key, "the certificate cannot be read"],
		[one.certificate, "", "there is no key"],
		[one.certificate, one.key.slice(0, 300), "the key cannot be read"],
		[one.certificate, other.key, "the key is not the certificate's"],
		[one.certificate, elliptic.privateKey, "the key is not the certificate's"],
		[leaf.certificate, leaf.key, "the certificate is no authority's"],
	];
	for (const [certificate, key, damage] of rows) {
		const read = authorityOf(certificate, key);
		t.equal("damage" in read ? read.damage : undefined, damage, damage ?? "an authority");
	}
});

t.test("times", async (t) => {
	const facts = firstCertificate(one.certificate);
	if (facts === undefined) return t.fail("it is read");
	const now = options.now.getTime();
	t.equal(facts.notBefore, now - 3_600_000, "from an hour before, since clocks differ");
	t.equal(facts.notAfter, now + 30 * 86_400_000);
	t.equal(renewalTime({ notBefore: 0, notAfter: 900 }), 600);
	t.same(
		[facts.notBefore - 1, facts.notBefore, facts.notAfter - 1, facts.notAfter].map((time) => isValid(facts, time)),
		[false, true, true, false],
	);
	const brief = firstCertificate((await createAuthority("brief", { ...options, validSeconds: 300 })).certificate);
	t.equal(brief?.notBefore, now - 30_000, "a brief one from a tenth of its life before");
});

t.test("bundles: what cannot be read is left out", async (t) => {
	const damaged = other.certificate.replace(/\n[A-Za-z0-9+/]{10}/, "\n!!!!!!!!!!");
	const found = certificatesIn(`# comment\n${one.certificate}\n${damaged}${other.certificate}`);
	t.same(
		found.map(({ fingerprint }) => fingerprint),
		[one, other].map(({ certificate }) => firstCertificate(certificate)?.fingerprint),
	);
	t.same(certificatesIn(""), []);
});

t.test("the Secret is read as it was written", async (t) => {
	const read = (pair: typeof one) => {
		const result = authorityOf(pair.certificate, pair.key);
		if ("damage" in result) throw new Error(result.damage);
		return result.authority;
	};
	const [current, next] = [read(one), read(other)];
	const published = new Map([
		[current.fingerprint, 1_767_225_600_000],
		["of something that is not trusted any more", 1],
	]);
	const data = secretData({ current, next, trusted: [current], published });
	t.same(Object.keys(data), ["tls.crt", "tls.key", "next.crt", "next.key", "ca.crt", "published"]);
	t.equal(
		Buffer.from(data["published"] ?? "", "base64").toString(),
		`${current.fingerprint} 2026-01-01T00:00:00.000Z\n`,
	);
	const stored = readSecret({ data }, new Set());
	t.same(stored, {
		current,
		next,
		trusted: [current, next].map(({ key: _, ...certificate }) => certificate),
		published: new Map([[current.fingerprint, 1_767_225_600_000]]),
		damage: [],
	});
	t.equal(readSecret({ data }, new Set([current.fingerprint])).current, undefined, "one that cannot sign is none");
	const encode = (text: string): string => Buffer.from(text).toString("base64");
	const broken = readSecret(
		{ data: { ...data, "tls.key": encode("x"), "next.key": "", published: encode("x\nAB:CD now\n\n") } },
		new Set(),
	);
	t.same(broken.damage, ["tls.crt, tls.key: the key cannot be read", "next.crt, next.key: there is no key"]);
	t.equal(broken.published.size, 0);
	t.same(readSecret({}, new Set()).damage, ["tls.crt, tls.key: there is no certificate"]);
	t.notMatch(JSON.stringify(broken.damage), /BEGIN/, "no content is told");
});
