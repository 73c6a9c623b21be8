// Keys that users bring: a backup that is encrypted with a key that could not open it again must not look healthy. What can
// be known at `kubectl apply` is said there; what needs the private key opened is said in the status.
import t from "tap";
import { startSession } from "../cluster/session.ts";
import {
	type BroughtKey,
	EMAIL,
	ENCRYPTING_TEMPLATE,
	encryptedBackup,
	expiredKey,
	freshKey,
	namespaceWithVars,
} from "./support/keys.ts";
import { type Fields, manifest, secret } from "./support/objects.ts";
import { awaitCondition, awaitReady, conditionIn, merge, mustKubectl, namesOf, readBackup } from "./support/status.ts";

t.setTimeout(300_000);

const session = await startSession(t);
await session.controller();
await session.apply(ENCRYPTING_TEMPLATE);

const PASSPHRASE = "pass phrase";
const own = await freshKey(EMAIL, PASSPHRASE);
const other = await freshKey(EMAIL, PASSPHRASE);
const stranger = await freshKey("stranger@example.org", PASSPHRASE);
const expired = await expiredKey(EMAIL, PASSPHRASE);

const dataOf = ({ publicKey, privateKey }: BroughtKey, passphrase = PASSPHRASE): Record<string, string> => ({
	"key.pub": publicKey,
	key: privateKey,
	passphrase,
});
const GOOD = dataOf(own);

interface Case {
	name: string;
	/** What the Secret holds instead of the good key. */
	data: Record<string, string>;
	spec?: Fields;
	/** What kubectl prints after `The ScheduledBackup "app" is invalid: `; undefined where admission cannot know. */
	denial?: string;
	/** Of `KeysUsable=False` when an accepted key turns into this. */
	reason: string;
	/** Of `Ready=False`, where more than the key is wrong then. */
	ready?: string;
}

const passphraseVars = 'Params: {host: db}\nRepository: {url: "https://b.example.org", passphrase: "of vars"}\n';

const CASES: Case[] = [
	{ name: "halves of two pairs", data: dataOf({ ...own, privateKey: other.privateKey }), reason: "KeysMismatch" },
	{ name: "a passphrase that does not open it", data: dataOf(own, "another"), reason: "WrongPassphrase" },
	{
		name: "no passphrase where one is needed",
		data: { ...GOOD, passphrase: "" },
		denial:
			'spec.vars: template: encrypting:1:58: executing "encrypting" at <.Repository.passphrase>: ' +
			'map has no entry for key "passphrase" (ClusterBackupProcedureTemplate "encrypting", restore script)',
		reason: "WrongPassphrase",
		ready: "Invalid",
	},
	{
		name: "an expired key",
		data: dataOf(expired),
		denial:
			'spec.gpgKeySecretRef.publicKey: key "key.pub" of Secret "keys" cannot encrypt: it is expired or revoked, or has no subkey for it; ' +
			"extend or renew it with gpg",
		reason: "KeyExpired",
	},
	{
		name: "a key of somebody else",
		data: dataOf(stranger),
		denial:
			'spec.gpgKeySecretRef.email: the e-mail address is no user ID of the public key in Secret "keys"; ' +
			"gpg --recipient would not find the key: add that user ID to the key, or name one that it has",
		reason: "KeysUnusable",
	},
	{
		name: "text that is no armor",
		data: { ...GOOD, "key.pub": "ssh-ed25519 AAAA" },
		denial:
			'spec.gpgKeySecretRef.publicKey: key "key.pub" of Secret "keys" is no OpenPGP armor; ' +
			'expected is what begins with "-----BEGIN PGP PUBLIC KEY BLOCK-----"',
		reason: "KeysUnusable",
	},
	{
		name: "the public key in the private key's place",
		data: { ...GOOD, key: own.publicKey },
		denial:
			'spec.gpgKeySecretRef.privateKey: key "key" of Secret "keys" is no OpenPGP private key; ' +
			'expected is what begins with "-----BEGIN PGP PRIVATE KEY BLOCK-----"',
		reason: "KeysUnusable",
	},
	{
		name: "an empty half",
		data: { ...GOOD, key: "" },
		denial:
			'spec.gpgKeySecretRef: Secret "keys" holds the public key ("key.pub") but no private key ("key"); ' +
			"add the missing half, or name a Secret or keys that hold neither, so that a new pair can be made",
		reason: "KeysIncomplete",
	},
];

const setKeys = (namespace: string, stringData: Record<string, string>) =>
	merge(session, "secret", { namespace, name: "keys" }, { stringData });

t.test("at admission", async (t) => {
	await session.apply(namespaceWithVars("admission"));
	await session.apply(manifest(secret("keys", GOOD, { namespace: "admission" })));
	for (const { name, data, denial } of CASES) {
		await setKeys("admission", data);
		const { code, stderr } = await session.kubectl(
			"create --dry-run=server -f -",
			manifest(encryptedBackup("app", "admission")),
		);
		if (denial === undefined) t.equal(code, 0, `${name}: cannot be known without opening the private key`);
		else t.equal(stderr.trim(), `The ScheduledBackup "app" is invalid: ${denial}`, name);
	}
	const spec = { vars: passphraseVars };
	await setKeys("admission", GOOD);
	const { stderr } = await session.kubectl("apply -f -", manifest(encryptedBackup("app", "admission", {}, spec)));
	t.match(
		stderr,
		'is invalid: spec.vars: Repository.passphrase differs from the passphrase of the GPG key (key "passphrase" of Secret "keys"); ' +
			"leave Repository.passphrase out to use the stored one; backups made otherwise could not be restored",
	);
	const recipient = {
		vars: 'Params: {host: db}\nRepository: {url: "https://b.example.org", recipient: else@example.org}\n',
	};
	const missed = await session.kubectl("apply -f -", manifest(encryptedBackup("app", "admission", {}, recipient)));
	t.match(
		missed.stderr,
		'is invalid: spec.vars: Repository.recipient is no user ID of the public key in Secret "keys"',
	);
	t.equal(await readBackup(session, { namespace: "admission", name: "app" }), undefined);
});

t.test("without createIfNotExists the keys must be there", async (t) => {
	await session.apply(namespaceWithVars("absent"));
	const object = manifest(encryptedBackup("app", "absent", { createIfNotExists: false }));
	const hint = "create it, or set createIfNotExists: true to have a key made";
	t.match(
		(await session.kubectl("apply -f -", object)).stderr,
		[
			'The ScheduledBackup "app" is invalid: ',
			`* spec.gpgKeySecretRef.secretName: Secret "keys" does not exist; ${hint}`,
			"* spec.vars: template: encrypting",
		].join("\n"),
	);
	await session.apply(manifest(secret("keys", { key: "" }, { namespace: "absent" })));
	t.match(
		(await session.kubectl("apply -f -", object)).stderr,
		[
			'The ScheduledBackup "app" is invalid: ',
			'* spec.gpgKeySecretRef.publicKey: Secret "keys" has no key "key.pub"',
			'* spec.gpgKeySecretRef.privateKey: key "key" of Secret "keys" is empty',
		].join("\n"),
	);
});

t.test("a key that turns bad shows at once, and so does its recovery", async (t) => {
	const named = { namespace: "turning", name: "app" };
	await session.apply(namespaceWithVars("turning"));
	await session.apply(manifest(secret("keys", GOOD, { namespace: "turning" })));
	await session.apply(manifest(encryptedBackup("app", "turning")));
	const ready = await awaitReady(session, named);
	t.equal(ready.status?.gpgKey?.fingerprint, own.fingerprint, "status names the key");
	t.match(conditionIn(ready, "KeysUsable"), { status: "True", message: `Key ${own.fingerprint} never expires` });
	for (const { name, data, reason, ready: overall = reason } of CASES) {
		await setKeys("turning", data);
		const found = await awaitCondition(session, named, { type: "KeysUsable", status: "False", reason });
		t.match(found.status, { healthy: false }, name);
		t.match(conditionIn(found, "Ready"), { status: "False", reason: overall }, `${name}: Ready`);
		t.match(conditionIn(found, "Stalled"), { status: "True", reason: overall }, `${name}: Stalled`);
		await setKeys("turning", GOOD);
		t.equal((await awaitReady(session, named)).status?.healthy, true, `${name}: recovered`);
	}
});

t.test("what could not be restored never starts: no CronJob is made with a key that does not open", async (t) => {
	const named = { namespace: "never", name: "app" };
	await session.apply(namespaceWithVars("never"));
	await session.apply(manifest(secret("keys", dataOf(own, "another"), { namespace: "never" })));
	await session.apply(manifest(encryptedBackup("app", "never")));
	const found = await awaitCondition(session, named, { type: "Ready", status: "False", reason: "WrongPassphrase" });
	t.equal(
		conditionIn(found, "KeysUsable")?.message,
		"spec.gpgKeySecretRef.passphraseKey: the effective passphrase does not open the private key",
	);
	t.same(await namesOf(session, "cronjobs,configmaps,jobs", "never", "riotkit.org/scheduled-backup=app"), []);
	const row = await mustKubectl(session, "get scheduledbackups -n never --no-headers");
	t.match(row, /^app +False /);
	await setKeys("never", GOOD);
	await awaitReady(session, named);
	t.same(await namesOf(session, "cronjobs", "never"), ["app"]);
});

t.test("the time at which a key expires is in the status", async (t) => {
	const { generateKey } = await import("openpgp");
	const date = new Date(Math.floor(Date.now() / 1000) * 1000);
	const keys = await generateKey({
		type: "ecc",
		curve: "curve25519Legacy",
		userIDs: [{ email: EMAIL }],
		passphrase: PASSPHRASE,
		date,
		keyExpirationTime: 7 * 86_400,
		format: "armored",
	});
	const expirationTime = new Date(date.getTime() + 7 * 86_400_000).toISOString();
	await session.apply(namespaceWithVars("expiring"));
	await session.apply(manifest(secret("keys", dataOf(keys), { namespace: "expiring" })));
	await session.apply(manifest(encryptedBackup("app", "expiring")));
	const ready = await awaitReady(session, { namespace: "expiring", name: "app" });
	t.equal(Date.parse(ready.status?.gpgKey?.expirationTime ?? ""), Date.parse(expirationTime));
	t.match(conditionIn(ready, "KeysUsable")?.message, "expires at");
});
