// Whether `gpg --recipient` would find the key: every row is also put to the real gpg.
import { generateKey } from "openpgp";
import t from "tap";
import { isEmail, recipientMatches } from "../../../src/domain/validate/recipient.ts";
import { stockGpg } from "../../gpg/stock-gpg.ts";

const userIDs = [
	{ name: "Backup", email: "test@riotkit.org" },
	{ email: "plain@example.org" },
	{ name: "App One", comment: "nightly", email: "App1@Example.org" },
	{ name: "No Address" },
];
const { publicKey } = await generateKey({
	type: "ecc",
	curve: "curve25519Legacy",
	userIDs,
	config: { v6Keys: false, aeadProtect: false },
});
const gpg = stockGpg();
t.teardown(gpg.close);
t.equal(gpg.run(["--batch", "--import"], publicKey).status, 0);
const listed = gpg.run(["--batch", "--with-colons", "--list-keys"]).stdout.toString();
const fingerprint = /^fpr:+([0-9A-F]+):/m.exec(listed)?.[1] ?? "";
const userIds = [...listed.matchAll(/^uid:(?:[^:]*:){8}([^:]*)/gm)].map((match) => match[1] as string);

const fours = fingerprint.match(/.{4}/g) ?? [];
const rows: [recipient: string, found: boolean][] = [
	["test@riotkit.org", true],
	["TEST@RiotKit.org", true],
	["app1@example.org", true],
	["plain@example.org", true],
	["other@example.org", false],
	["test@riotkit.com", false],
	["test@riotkit.org.evil.example", false],
	["est@riotkit.org", true],
	[" test@riotkit.org", true],
	["test@riotkit.org ", false],
	["test@riotkit.org\n", false],
	["<test@riotkit.org>", true],
	["<Test@riotkit.org", true],
	["<test@riotkit.or>", false],
	["<plain@example.org>", true],
	["<No Address>", false],
	["<test@riotkit.org> ", false],
	["@example.org", true],
	["@RIOTKIT", true],
	["@other.org", false],
	["@No", false],
	["=Backup <test@riotkit.org>", true],
	["=backup <test@riotkit.org>", false],
	["=Backup", false],
	["*BACK", true],
	["*nobody", false],
	["app one", true],
	["App Two", false],
	["", false],
	[" ", false],
	[".org", false],
	["+app one", false],
	["/test", false],
	["#1", false],
	["&ABCD", false],
	[fingerprint, true],
	[fingerprint.toLowerCase(), true],
	[`0x${fingerprint}`, true],
	[`0${fingerprint.slice(-16)}`, true],
	[`0X${fingerprint}`, false],
	[`${fours.slice(0, 5).join(" ")}  ${fours.slice(5).join(" ")}`, true],
	[(fingerprint.match(/../g) ?? []).join(":"), true],
	[fingerprint.slice(-16), true],
	[`0x${fingerprint.slice(-8)}`, true],
	[fingerprint.slice(-7), false],
	[`${fingerprint}!`, false],
	["DEADBEEF", false],
];

t.test("recipients, as gpg finds them", async (t) => {
	for (const [recipient, found] of rows) {
		const encrypt = ["--batch", "--encrypt", "--always-trust", "--no-auto-key-locate", `--recipient=${recipient}`];
		t.equal(gpg.run(encrypt, "x").status === 0, found, `gpg: ${JSON.stringify(recipient)}`);
		t.equal(recipientMatches(recipient, userIds, fingerprint), found, JSON.stringify(recipient));
	}
	t.equal(recipientMatches(fingerprint, userIds, undefined), false);
});

t.test("addresses", async (t) => {
	for (const text of ["a@b", "a.b+c@d.example.org"]) t.ok(isEmail(text), text);
	for (const text of ["", "a", "a@", "@b", "a b@c", "A <a@b>", "a@b@c"]) t.notOk(isEmail(text), text);
});
