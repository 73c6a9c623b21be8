// What is said about the GPG identity: complete, usable, fitting, and never replaced behind anybody's back.
import t from "tap";
import { REPLACE_LOST_KEY_ANNOTATION } from "../../../src/domain/annotations.ts";
import { evaluateScheduledBackup } from "../../../src/domain/evaluate.ts";
import type { IdentityFacts, ScheduledBackupFacts, SecretFacts } from "../../../src/domain/facts.ts";
import { facts, goodIdentity, gpgKeys, plainBackup, secretMap, secretWith, settings } from "../../fixtures/seed.ts";

interface Row {
	name: string;
	spec?: Record<string, unknown>;
	annotations?: Record<string, string>;
	secret?: SecretFacts | "absent";
	identity?: Partial<IdentityFacts>;
	world?: Partial<ScheduledBackupFacts>;
	presence: string;
	errors: string[];
	warnings?: string[];
}

const made = { secretName: "keys", email: "example@example.org", createIfNotExists: true };
const FINGERPRINT = goodIdentity.fingerprint as string;

const rows: Row[] = [
	{ name: "all is well", presence: "present", errors: [] },
	{
		name: "no Secret, and none to be made",
		secret: "absent",
		presence: "missing",
		errors: ['spec.gpgKeySecretRef.secretName: Secret "keys" does not exist'],
	},
	{
		name: "a Secret without keys, and none to be made",
		secret: secretWith("keys", { "key.pub": 0 }),
		presence: "missing",
		errors: [
			'spec.gpgKeySecretRef.publicKey: key "key.pub" of Secret "keys" is empty',
			'spec.gpgKeySecretRef.privateKey: Secret "keys" has no key "key"',
		],
	},
	{
		name: "no Secret, and a key is to be made",
		spec: { gpgKeySecretRef: made },
		secret: "absent",
		presence: "toBeMade",
		errors: [],
	},
	{
		name: "empty keys are as good as none",
		spec: { gpgKeySecretRef: made },
		secret: secretWith("keys", { key: 0, "key.pub": 0 }),
		presence: "toBeMade",
		errors: [],
	},
	{
		name: "the public half only",
		spec: { gpgKeySecretRef: made },
		secret: secretWith("keys", { "key.pub": 5 }),
		presence: "partial",
		errors: ['spec.gpgKeySecretRef: Secret "keys" holds the public key ("key.pub") but no private key ("key")'],
	},
	{
		name: "a half that is wrong in itself, too",
		spec: { gpgKeySecretRef: made },
		secret: secretWith("keys", { "key.pub": 5 }),
		identity: { publicKey: "notArmored", privateKey: "absent" },
		presence: "partial",
		errors: [
			'spec.gpgKeySecretRef: Secret "keys" holds the public key ("key.pub") but no private key ("key")',
			'spec.gpgKeySecretRef.publicKey: key "key.pub" of Secret "keys" is no OpenPGP armor',
		],
	},
	{
		name: "the private half only",
		secret: secretWith("keys", { key: 5, "key.pub": 0 }),
		presence: "partial",
		errors: ['spec.gpgKeySecretRef: Secret "keys" holds the private key ("key") but no public key ("key.pub")'],
	},
	{
		name: "an immutable Secret that a key would be added to",
		spec: { gpgKeySecretRef: made },
		secret: secretWith("keys", {}, { immutable: true }),
		presence: "toBeMade",
		errors: ['spec.gpgKeySecretRef.secretName: Secret "keys" is immutable: no key can be added to it'],
	},
	{
		name: "a Secret that another controller would reset",
		spec: { gpgKeySecretRef: made },
		secret: secretWith("keys", {}, { controlledBy: "SealedSecret/keys" }),
		presence: "toBeMade",
		errors: [
			'spec.gpgKeySecretRef.secretName: Secret "keys" is controlled by SealedSecret/keys, which would remove an added key',
		],
	},
	{
		name: "a recipient that is no address, and a key is to be made",
		spec: { gpgKeySecretRef: made, vars: "Repository: {recipient: Bob}" },
		secret: "absent",
		presence: "toBeMade",
		errors: ["spec.vars: Repository.recipient is no e-mail address, and the key that is to be made needs one"],
	},
	{
		name: "a recipient of a Secret that is no address, and a key is to be made",
		spec: {
			gpgKeySecretRef: made,
			varsSecretRef: { secretName: "keys", importOnlyKeys: ["Repository.recipient"] },
		},
		secret: secretWith("keys", { "Repository.recipient": 5 }),
		identity: { publicKey: "absent", recipientFits: false },
		presence: "toBeMade",
		errors: [
			"spec.varsSecretRef.importOnlyKeys[0]: Repository.recipient is no e-mail address, and the key that is to be made needs one",
		],
		warnings: ["spec.varsSecretRef.importOnlyKeys[0]: no script prints Repository.recipient"],
	},
	{
		name: "a passphrase of two lines, and a key is to be made",
		spec: { gpgKeySecretRef: made },
		secret: secretWith("keys", { passphrase: 5 }),
		identity: { publicKey: "absent", passphraseHasLineBreak: true },
		presence: "toBeMade",
		errors: [
			"spec.gpgKeySecretRef.passphraseKey: Repository.passphrase is not one line, so the key that is to be made cannot be locked with it",
		],
	},
	{
		name: "a passphrase that only the pod's shell knows, and a key is to be made",
		spec: { gpgKeySecretRef: made, vars: 'Repository: {passphrase: "$(cat /x)"}' },
		secret: "absent",
		presence: "toBeMade",
		errors: [
			"spec.vars: Repository.passphrase holds shell syntax, so the key that is to be made cannot be locked with it",
		],
	},
	{
		name: "a key that was there once, by the status",
		spec: { gpgKeySecretRef: made },
		secret: "absent",
		world: { recordedFingerprint: FINGERPRINT },
		presence: "lost",
		errors: [`spec.gpgKeySecretRef.secretName: the key ${FINGERPRINT} is no longer in Secret "keys"`],
	},
	{
		name: "a key that was there once, by the Secret's annotation",
		spec: { gpgKeySecretRef: made },
		secret: secretWith("keys", { passphrase: 5 }, { recordedFingerprint: FINGERPRINT, immutable: true }),
		presence: "lost",
		errors: [
			`spec.gpgKeySecretRef.secretName: the key ${FINGERPRINT} is no longer in Secret "keys"`,
			'spec.gpgKeySecretRef.secretName: Secret "keys" is immutable: no key can be added to it',
		],
	},
	{
		name: "its loss is accepted",
		spec: { gpgKeySecretRef: made },
		annotations: { [REPLACE_LOST_KEY_ANNOTATION]: FINGERPRINT.toLowerCase() },
		secret: "absent",
		world: { recordedFingerprint: FINGERPRINT },
		presence: "toBeMade",
		errors: [],
	},
	{
		name: "another loss was accepted",
		spec: { gpgKeySecretRef: made },
		annotations: { [REPLACE_LOST_KEY_ANNOTATION]: "0000" },
		secret: "absent",
		world: { recordedFingerprint: FINGERPRINT },
		presence: "lost",
		errors: [`spec.gpgKeySecretRef.secretName: the key ${FINGERPRINT} is no longer in Secret "keys"`],
	},
	{
		name: "no OpenPGP armor",
		identity: { publicKey: "notArmored", privateKey: "notArmored", userIds: [] },
		presence: "present",
		errors: [
			'spec.gpgKeySecretRef.publicKey: key "key.pub" of Secret "keys" is no OpenPGP armor',
			'spec.gpgKeySecretRef.privateKey: key "key" of Secret "keys" is no OpenPGP armor',
		],
	},
	{
		name: "armor of something else",
		identity: { publicKey: "wrongKind", privateKey: "wrongKind", userIds: [] },
		presence: "present",
		errors: [
			'spec.gpgKeySecretRef.publicKey: key "key.pub" of Secret "keys" is no OpenPGP public key',
			'spec.gpgKeySecretRef.privateKey: key "key" of Secret "keys" is no OpenPGP private key',
		],
	},
	{
		name: "halves of two pairs",
		identity: { pair: false, opens: false },
		presence: "present",
		errors: ['spec.gpgKeySecretRef: public and private key of Secret "keys" are not one pair'],
	},
	{
		name: "a passphrase that does not open the key",
		identity: { pair: true, opens: false },
		presence: "present",
		errors: ["spec.gpgKeySecretRef.passphraseKey: the effective passphrase does not open the private key"],
	},
	{
		name: "a literal passphrase that is not the stored one",
		spec: { vars: "Repository: {passphrase: 1}" },
		identity: { passphraseMatches: false },
		presence: "present",
		errors: [
			'spec.vars: Repository.passphrase differs from the passphrase of the GPG key (key "passphrase" of Secret "keys")',
		],
		warnings: [
			"Repository.passphrase is a literal secret; move it to the Secret of varsSecretRef, where its path is the key",
		],
	},
	{
		name: "an imported passphrase that is not the stored one",
		spec: { varsSecretRef: { secretName: "vars", importOnlyKeys: ["Params.a", "Repository.passphrase"] } },
		world: {
			secrets: secretMap(
				secretWith("keys", gpgKeys),
				secretWith("vars", { "Params.a": 1, "Repository.passphrase": 1 }),
			),
		},
		identity: { passphraseMatches: false },
		presence: "present",
		errors: [
			'spec.varsSecretRef.importOnlyKeys[1]: Repository.passphrase differs from the passphrase of the GPG key (key "passphrase" of Secret "keys")',
		],
		warnings: [
			"spec.varsSecretRef.importOnlyKeys[0]: no script prints Params.a",
			"spec.varsSecretRef.importOnlyKeys[1]: no script prints Repository.passphrase",
		],
	},
	{
		name: "an e-mail address that the key does not have",
		spec: { gpgKeySecretRef: { secretName: "keys", email: "other@example.org" } },
		presence: "present",
		errors: ['spec.gpgKeySecretRef.email: the e-mail address is no user ID of the public key in Secret "keys"'],
	},
	{
		name: "a recipient that the key does not have",
		spec: { vars: "Repository: {recipient: other@example.org}" },
		presence: "present",
		errors: ['spec.vars: Repository.recipient is no user ID of the public key in Secret "keys"'],
	},
	{
		name: "a recipient of a Secret that the key does not have",
		spec: { varsSecretRef: { secretName: "keys", importOnlyKeys: ["Repository.recipient"] } },
		secret: secretWith("keys", { ...gpgKeys, "Repository.recipient": 5 }),
		identity: { recipientFits: false },
		presence: "present",
		errors: [
			'spec.varsSecretRef.importOnlyKeys[0]: Repository.recipient is no user ID of the public key in Secret "keys"',
		],
		warnings: ["spec.varsSecretRef.importOnlyKeys[0]: no script prints Repository.recipient"],
	},
	{
		name: "a recipient of a Secret that the key has",
		spec: { varsSecretRef: { secretName: "keys", importOnlyKeys: ["Repository.recipient"] } },
		secret: secretWith("keys", { ...gpgKeys, "Repository.recipient": 5 }),
		identity: { recipientFits: true },
		presence: "present",
		errors: [],
		warnings: ["spec.varsSecretRef.importOnlyKeys[0]: no script prints Repository.recipient"],
	},
	{
		name: "a passphrase with a line break that does not open the key",
		identity: { opens: false, passphraseHasLineBreak: true },
		presence: "present",
		errors: ["spec.gpgKeySecretRef.passphraseKey: the effective passphrase does not open the private key"],
	},
	{
		name: "a recipient that only the pod's shell knows",
		spec: { vars: 'Repository: {recipient: "${WHO}"}' },
		presence: "present",
		errors: [],
	},
	{
		name: "a key that cannot encrypt",
		identity: { canEncrypt: false },
		presence: "present",
		errors: [
			'spec.gpgKeySecretRef.publicKey: key "key.pub" of Secret "keys" cannot encrypt: it is expired or revoked, or has no subkey for it',
		],
	},
	{
		name: "a key that cannot encrypt, and nothing is to be encrypted",
		spec: { operation: "restore" },
		identity: { canEncrypt: false },
		presence: "present",
		errors: [],
		warnings: [
			'spec.gpgKeySecretRef.publicKey: key "key.pub" of Secret "keys" cannot encrypt: it is expired or revoked, or has no subk…',
		],
	},
	{
		name: "another key than before",
		world: { recordedFingerprint: "0123456789012345678901234567890123456789" },
		presence: "present",
		errors: [],
		warnings: ["the GPG key changed from 4567890123456789 to 0000111122223333: keep the old one for old backups"],
	},
];

for (const row of rows) {
	t.test(row.name, async (t) => {
		const object = plainBackup(row.spec);
		const metadata = { ...object.metadata, ...(row.annotations && { annotations: row.annotations }) };
		const secrets = row.secret === "absent" ? secretMap("keys") : secretMap(row.secret ?? secretWith("keys", gpgKeys));
		const identity = { ...goodIdentity, ...row.identity };
		const world = facts({ secrets, identity, ...row.world });
		const { report, keys } = evaluateScheduledBackup({ ...object, metadata }, world, settings);
		t.equal(keys.presence, row.presence);
		t.same(
			report.errors.map(({ path, message }) => `${path}: ${message}`),
			row.errors,
		);
		t.same(report.warnings, row.warnings ?? []);
	});
}

t.test("an e-mail address that is none is told once", async (t) => {
	const object = plainBackup({ gpgKeySecretRef: { ...made, email: "nobody" } });
	const { report } = evaluateScheduledBackup(object, facts({ secrets: secretMap("keys") }), settings);
	t.same(
		report.errors.map(({ path }) => path),
		["spec.gpgKeySecretRef.email"],
	);
});

t.test("facts without an identity say nothing about it", async (t) => {
	const { identity: _identity, ...world } = facts();
	t.same(evaluateScheduledBackup(plainBackup(), world, settings).report, { errors: [], warnings: [] });
});
