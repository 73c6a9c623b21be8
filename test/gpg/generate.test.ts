// A key that we make must work with stock gpg as backup-maker calls it: encrypt for each address, import, decrypt.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { readKey } from "openpgp";
import t from "tap";
import { createKeyInspector, generateIdentity, randomPassphrase } from "../../src/gpg/index.ts";
import { importPrivateKey, stockGpg } from "./stock-gpg.ts";

// gpg hashes the passphrase for a second at each import.
t.setTimeout(120_000);

const PASSPHRASE = 'riot kit $(x) "é" &\\';
const EMAILS = ["example@example.org", "test@riotkit.org"];

const identity = await generateIdentity({ userIds: EMAILS, passphrase: PASSPHRASE, date: new Date() });

t.test("stock gpg encrypts for every address, and decrypts in another pod", async (t) => {
	const folder = t.testdir({ "key.pub": identity.publicKey, key: identity.privateKey });
	const backup = stockGpg();
	t.teardown(backup.close);
	t.equal(backup.run(["--batch", "--import", join(folder, "key.pub")]).status, 0);
	for (const [index, email] of EMAILS.entries()) {
		const encrypted = backup.run(
			["--encrypt", "--always-trust", "--recipient", email, "--armor", "--batch", "--yes"],
			`backup for ${email}`,
		);
		t.equal(encrypted.status, 0, encrypted.stderr);
		writeFileSync(join(folder, `${index}.asc`), encrypted.stdout);
	}
	const restore = stockGpg();
	t.teardown(restore.close);
	const imported = importPrivateKey(restore, join(folder, "key"), PASSPHRASE);
	t.equal(imported.status, 0, imported.stderr);
	for (const [index, email] of EMAILS.entries()) {
		const decrypted = restore.run([
			...["--decrypt", "--recipient", email, "--passphrase", PASSPHRASE],
			...["--batch", "--yes", "--pinentry-mode", "loopback", join(folder, `${index}.asc`)],
		]);
		t.equal(decrypted.status, 0, decrypted.stderr);
		t.equal(decrypted.stdout.toString(), `backup for ${email}`);
	}
});

t.test("gpg refuses the private key with another passphrase", async (t) => {
	const folder = t.testdir({ key: identity.privateKey });
	const gpg = stockGpg();
	t.teardown(gpg.close);
	importPrivateKey(gpg, join(folder, "key"), "wrong");
	t.not(gpg.run(["--batch", "--list-secret-keys", EMAILS[0] as string]).status, 0, "no secret key got in");
});

t.test("the key is what gpg 2.2 can read", async (t) => {
	const key = await readKey({ armoredKey: identity.publicKey });
	t.equal(key.keyPacket.version, 4);
	t.equal(key.getFingerprint().toUpperCase(), identity.fingerprint);
	t.same(key.getUserIDs(), ["Backup <example@example.org>", "Backup <test@riotkit.org>"]);
	for (const user of key.users) {
		for (const certification of user.selfCertifications) {
			t.same(certification.preferredHashAlgorithms, [10, 8], "SHA-512 and SHA-256 only");
		}
	}
});

t.test("our own inspector finds it usable", async (t) => {
	const inspector = createKeyInspector();
	t.same(await inspector.inspectPublicKey(identity.publicKey), {
		material: "present",
		fingerprint: identity.fingerprint,
		userIds: ["Backup <example@example.org>", "Backup <test@riotkit.org>"],
		canEncrypt: true,
	});
	t.equal(await inspector.inspectPrivateKey(identity.privateKey), "present");
	t.same(await inspector.inspectPair({ ...identity, passphrase: PASSPHRASE }), { pair: true, opens: true });
	t.same(await inspector.inspectPair({ ...identity, passphrase: "wrong" }), { pair: true, opens: false });
	t.same(await inspector.inspectPair({ ...identity, passphrase: undefined }), { pair: true, opens: false });
});

t.test("what cannot make a usable key is refused, without telling the passphrase", async (t) => {
	const request = { userIds: ["a@example.org"], passphrase: "secret", date: new Date() };
	for (const passphrase of ["", "secret\n", "secret\r", "se\0cret"]) {
		const error = await generateIdentity({ ...request, passphrase }).then(
			() => undefined,
			(reason: Error) => reason,
		);
		t.match(error?.message, "one line");
		t.notMatch(error?.message, "secret");
	}
	await t.rejects(generateIdentity({ ...request, userIds: ["no address"] }));
});

t.test("a name and a creation time can be given", async (t) => {
	const date = new Date("2024-05-06T07:08:09Z");
	const made = await generateIdentity({ userIds: ["a@example.org"], passphrase: "p", date, name: "app1" });
	const key = await readKey({ armoredKey: made.publicKey });
	t.same(key.getUserIDs(), ["app1 <a@example.org>"]);
	t.equal(key.getCreationTime().getTime(), date.getTime());
});

t.test("a random passphrase has 256 bits and no character that needs a quote", async (t) => {
	t.equal(
		randomPassphrase((size) => new Uint8Array(size).fill(255)),
		`A${"_".repeat(41)}8`,
		"and does not begin like an option",
	);
});
