// Keys that users bring are made by gpg: what gpg can use must be found usable, and what it cannot must not.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import { createKeyInspector, generateIdentity } from "../../src/gpg/index.ts";
import { type StockGpg, stockGpg } from "./stock-gpg.ts";

// gpg makes many keys here, one of them RSA.
t.setTimeout(180_000);

const inspector = createKeyInspector();
const PASSPHRASE = "pass phrase";
const LOOPBACK = ["--batch", "--pinentry-mode", "loopback", "--passphrase", PASSPHRASE];

const mustRun = (gpg: StockGpg, args: readonly string[], input?: string): string => {
	const result = gpg.run(args, input);
	if (result.status !== 0) {
		throw new Error(`gpg ${args.join(" ")}: ${result.stderr}`);
	}
	return result.stdout.toString();
};

const exported = (gpg: StockGpg, ...options: string[]) => ({
	publicKey: mustRun(gpg, ["--batch", "--armor", ...options, "--export"]),
	privateKey: mustRun(gpg, [...LOOPBACK, "--armor", "--export-secret-keys"]),
});

const fingerprintOf = (gpg: StockGpg): string =>
	/^fpr:+([0-9A-F]+):$/m.exec(mustRun(gpg, ["--batch", "--with-colons", "--list-keys"]))?.[1] ?? "";

/** A home in which gpg made one key from a parameter file. */
const homeWithKey = (parameters: readonly string[], ...options: string[]): StockGpg => {
	const gpg = stockGpg();
	t.teardown(gpg.close);
	// The agent would otherwise measure, for a second, how often this machine can hash a passphrase.
	writeFileSync(join(gpg.home, "gpg-agent.conf"), "s2k-count 1000000\n");
	const who = [
		"Name-Real: App One",
		"Name-Comment: nightly",
		"Name-Email: App1@Example.org",
		`Passphrase: ${PASSPHRASE}`,
	];
	const text = ["%echo off", ...parameters, ...who, "%commit", ""].join("\n");
	mustRun(gpg, ["--batch", "--pinentry-mode", "loopback", ...options, "--full-gen-key"], text);
	return gpg;
};

const RSA = [
	"Key-Type: RSA",
	"Key-Length: 2048",
	"Key-Usage: sign",
	"Subkey-Type: RSA",
	"Subkey-Length: 2048",
	"Subkey-Usage: encrypt",
];
const ED25519 = ["Key-Type: EDDSA", "Key-Curve: ed25519", "Subkey-Type: ECDH", "Subkey-Curve: cv25519"];
const NIST = ["Key-Type: ECDSA", "Key-Curve: nistp256", "Subkey-Type: ECDH", "Subkey-Curve: nistp256"];
const SIGN_ONLY = ["Key-Type: EDDSA", "Key-Curve: ed25519", "Key-Usage: sign"];
const USER_ID = "App One (nightly) <App1@Example.org>";

const TYPES = [
	{ name: "RSA 2048", parameters: RSA },
	{ name: "Ed25519 with Curve25519", parameters: ED25519 },
	{ name: "NIST P-256", parameters: NIST },
];

for (const { name, parameters } of TYPES) {
	t.test(`a ${name} key that gpg made is usable`, async (t) => {
		const gpg = homeWithKey(parameters);
		const keys = exported(gpg, "--comment", "made for app1", "--emit-version");
		t.match(keys.publicKey, "Comment: made for app1");
		t.same(await inspector.inspectPublicKey(keys.publicKey), {
			material: "present",
			fingerprint: fingerprintOf(gpg),
			userIds: [USER_ID],
			canEncrypt: true,
		});
		t.equal(await inspector.inspectPrivateKey(keys.privateKey), "present");
		t.same(await inspector.inspectPair({ ...keys, passphrase: PASSPHRASE }), { pair: true, opens: true });
		t.same(await inspector.inspectPair({ ...keys, passphrase: "other" }), { pair: true, opens: false });
	});
}

t.test("several user IDs, one of them revoked", async (t) => {
	const gpg = homeWithKey(ED25519);
	mustRun(gpg, [...LOOPBACK, "--quick-add-uid", fingerprintOf(gpg), "<second@example.org>"]);
	mustRun(gpg, [...LOOPBACK, "--quick-add-uid", fingerprintOf(gpg), "Third <third@example.org>"]);
	mustRun(gpg, [...LOOPBACK, "--quick-revoke-uid", fingerprintOf(gpg), "Third <third@example.org>"]);
	const found = await inspector.inspectPublicKey(exported(gpg).publicKey);
	t.same([...found.userIds].sort(), ["<second@example.org>", USER_ID]);
});

t.test("an expiring key tells when, and stops to encrypt", async (t) => {
	const gpg = homeWithKey([...ED25519, "Expire-Date: 20240601T000000"], "--faked-system-time=20240101T000000");
	const keys = exported(gpg);
	const valid = createKeyInspector(() => new Date("2024-03-01T00:00:00Z"));
	const inTime = await valid.inspectPublicKey(keys.publicKey);
	t.equal(inTime.canEncrypt, true);
	t.equal(inTime.expirationTime, "2024-06-01T00:00:00.000Z");
	const later = await inspector.inspectPublicKey(keys.publicKey);
	t.equal(later.canEncrypt, false);
	t.equal(later.expirationTime, "2024-06-01T00:00:00.000Z");
	t.same(later.userIds, [USER_ID], "it still names its owner");
	t.same(await inspector.inspectPair({ ...keys, passphrase: PASSPHRASE }), { pair: true, opens: true });
});

t.test("a subkey that expires first gives the time", async (t) => {
	const gpg = homeWithKey(SIGN_ONLY, "--faked-system-time=20240101T000000");
	const time = "--faked-system-time=20240101T010000";
	mustRun(gpg, [...LOOPBACK, time, "--quick-add-key", fingerprintOf(gpg), "cv25519", "encr", "20240301T000000"]);
	const valid = createKeyInspector(() => new Date("2024-02-01T00:00:00Z"));
	const found = await valid.inspectPublicKey(exported(gpg).publicKey);
	t.equal(found.canEncrypt, true);
	t.equal(found.expirationTime, "2024-03-01T00:00:00.000Z");
});

t.test("a revoked key cannot encrypt", async (t) => {
	const gpg = homeWithKey(ED25519);
	const fingerprint = fingerprintOf(gpg);
	const certificate = readFileSync(join(gpg.home, "openpgp-revocs.d", `${fingerprint}.rev`), "utf8");
	mustRun(gpg, ["--batch", "--import"], certificate.replace(/^:-----/m, "-----"));
	t.equal((await inspector.inspectPublicKey(exported(gpg).publicKey)).canEncrypt, false);
});

t.test("a key for signatures only cannot encrypt", async (t) => {
	const gpg = homeWithKey(SIGN_ONLY);
	t.equal((await inspector.inspectPublicKey(exported(gpg).publicKey)).canEncrypt, false);
});

t.test("an unprotected private key opens with no passphrase and with any", async (t) => {
	const gpg = stockGpg();
	t.teardown(gpg.close);
	mustRun(gpg, ["--batch", "--passphrase", "", "--pinentry-mode", "loopback", "--quick-gen-key", "a@example.org"]);
	const keys = exported(gpg);
	for (const passphrase of [undefined, "", "any"]) {
		t.same(await inspector.inspectPair({ ...keys, passphrase }), { pair: true, opens: true });
	}
});

t.test("subkeys without their primary key are enough to restore", async (t) => {
	const gpg = homeWithKey(ED25519);
	const { publicKey } = exported(gpg);
	const privateKey = mustRun(gpg, [...LOOPBACK, "--armor", "--export-secret-subkeys"]);
	t.same(await inspector.inspectPair({ publicKey, privateKey, passphrase: PASSPHRASE }), { pair: true, opens: true });
});

t.test("no pair: another key, or a private key without the subkey that encrypts", async (t) => {
	const gpg = homeWithKey(ED25519);
	const before = exported(gpg);
	const other = await generateIdentity({ userIds: ["a@example.org"], passphrase: PASSPHRASE, date: new Date() });
	const mixed = { publicKey: other.publicKey, privateKey: before.privateKey, passphrase: PASSPHRASE };
	t.same(await inspector.inspectPair(mixed), { pair: false, opens: true });
	// A later second, so that the new subkey is the newest one.
	const later = Math.floor(Date.now() / 1000) + 3;
	mustRun(gpg, [...LOOPBACK, `--faked-system-time=${later}`, "--quick-add-key", fingerprintOf(gpg), "cv25519", "encr"]);
	const rotated = { publicKey: exported(gpg).publicKey, privateKey: before.privateKey, passphrase: PASSPHRASE };
	const then = createKeyInspector(() => new Date((later + 1) * 1000));
	t.same(await then.inspectPair(rotated), { pair: false, opens: true });
});

t.test("what is no key", async (t) => {
	const { publicKey, privateKey } = await generateIdentity({
		userIds: ["a@example.org"],
		passphrase: PASSPHRASE,
		date: new Date(),
	});
	const message = "-----BEGIN PGP MESSAGE-----\n\nowJ4nJvAy8zAxXhkVpAh\n=njUN\n-----END PGP MESSAGE-----\n";
	const emptyPublic = "-----BEGIN PGP PUBLIC KEY BLOCK-----\n\n\n-----END PGP PUBLIC KEY BLOCK-----\n";
	const emptyPrivate = emptyPublic.replaceAll("PUBLIC", "PRIVATE");
	const cases: { name: string; text: string; asPublic: string; asPrivate: string }[] = [
		{ name: "nothing", text: "", asPublic: "notArmored", asPrivate: "notArmored" },
		{ name: "other text", text: "ssh-ed25519 AAAA", asPublic: "notArmored", asPrivate: "notArmored" },
		{ name: "a message", text: message, asPublic: "wrongKind", asPrivate: "wrongKind" },
		{ name: "a public key", text: publicKey, asPublic: "present", asPrivate: "wrongKind" },
		{ name: "a private key", text: privateKey, asPublic: "wrongKind", asPrivate: "present" },
		{ name: "empty public armor", text: emptyPublic, asPublic: "wrongKind", asPrivate: "wrongKind" },
		{ name: "empty private armor", text: emptyPrivate, asPublic: "wrongKind", asPrivate: "wrongKind" },
		{ name: "a key after other text", text: `for app1\n\n${publicKey}`, asPublic: "present", asPrivate: "wrongKind" },
	];
	for (const { name, text, asPublic, asPrivate } of cases) {
		t.equal((await inspector.inspectPublicKey(text)).material, asPublic, name);
		t.equal(await inspector.inspectPrivateKey(text), asPrivate, name);
	}
	const nothing = { publicKey: "", privateKey: "", passphrase: PASSPHRASE };
	t.same(await inspector.inspectPair(nothing), { pair: false, opens: false });
	t.same(await inspector.inspectPair({ ...nothing, privateKey }), { pair: false, opens: true });
});
