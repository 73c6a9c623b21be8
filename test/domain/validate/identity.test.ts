// What is said about a GPG identity that is there: whether it is usable, and fits.
import t from "tap";
import { evaluateScheduledBackup } from "../../../src/domain/evaluate.ts";
import { facts, gpgKeys, plainBackup, secretMap, secretWith, settings } from "../../fixtures/seed.ts";
import { checkRows, type Row } from "./identityrows.ts";

const rows: Row[] = [
	{ name: "all is well", presence: "present", errors: [] },
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
		name: "a key that gpg cannot use, and one that would take too long",
		identity: { publicKey: "unsupported", privateKey: "tooCostly", userIds: [] },
		presence: "present",
		errors: [
			'spec.gpgKeySecretRef.publicKey: key "key.pub" of Secret "keys" is a key that gpg 2.2 cannot use',
			'spec.gpgKeySecretRef.privateKey: key "key" of Secret "keys" is too large or too costly to be checked',
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
		name: "an empty passphrase, though the key has one",
		spec: { vars: "Repository: {passphrase: ''}" },
		presence: "present",
		errors: [
			'spec.vars: Repository.passphrase differs from the passphrase of the GPG key (key "passphrase" of Secret "keys")',
		],
	},
	{
		name: "an empty passphrase for a key that has none: the only way to print it",
		spec: { vars: "Repository: {passphrase: ''}" },
		identity: { passphrase: "absent" },
		presence: "present",
		errors: [],
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
	{
		name: "a passphrase with a quote",
		identity: { passphraseHasQuote: true },
		presence: "present",
		errors: [
			"spec.gpgKeySecretRef.passphraseKey: the passphrase holds a single quote, which backup-maker's gpg command cannot carry",
		],
	},
	{
		name: "a passphrase in vars with a quote",
		spec: { vars: "Repository: {passphrase: it's}" },
		identity: { passphraseHasQuote: true },
		presence: "present",
		errors: ["spec.vars: the passphrase holds a single quote, which backup-maker's gpg command cannot carry"],
		warnings: [
			"Repository.passphrase is a literal secret; move it to the Secret of varsSecretRef, where its path is the key",
		],
	},
	{
		name: "a recipient with a quote",
		spec: { vars: "Repository: {recipient: o'hara@example.org}" },
		identity: { userIds: ["backup <o'hara@example.org>"] },
		presence: "present",
		errors: ["spec.vars: the recipient holds a single quote, which backup-maker's gpg command cannot carry"],
	},
	{
		name: "an e-mail address with a quote",
		spec: { gpgKeySecretRef: { secretName: "keys", email: "o'hara@example.org" } },
		identity: { userIds: ["backup <o'hara@example.org>"] },
		presence: "present",
		errors: [
			"spec.gpgKeySecretRef.email: the recipient holds a single quote, which backup-maker's gpg command cannot carry",
		],
	},
	{
		name: "a recipient of a Secret with a quote",
		spec: { varsSecretRef: { secretName: "keys", importOnlyKeys: ["Repository.recipient"] } },
		secret: secretWith("keys", { ...gpgKeys, "Repository.recipient": 5 }),
		identity: { recipientFits: true, recipientHasQuote: true },
		presence: "present",
		errors: [
			"spec.varsSecretRef.importOnlyKeys[0]: the recipient holds a single quote, which backup-maker's gpg command cannot carry",
		],
		warnings: ["spec.varsSecretRef.importOnlyKeys[0]: no script prints Repository.recipient"],
	},
	{
		name: "a quote that the pod's shell takes",
		spec: { vars: "Repository: {recipient: \"$(cat '/who')\"}" },
		presence: "present",
		errors: [],
	},
];

checkRows(t, rows, "identity");

t.test("facts without an identity say nothing about it", async (t) => {
	const { identity: _identity, ...world } = facts();
	t.same(evaluateScheduledBackup(plainBackup(), world, settings).report, { errors: [], warnings: [] });
});
