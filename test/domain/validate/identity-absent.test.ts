// What is said about a GPG identity that is not there, or in part: made, missing, and never replaced behind anybody's back.
import t from "tap";
import { REPLACE_LOST_KEY_ANNOTATION } from "../../../src/domain/annotations.ts";
import { evaluateScheduledBackup } from "../../../src/domain/evaluate.ts";
import { facts, plainBackup, secretMap, secretWith, settings } from "../../fixtures/seed.ts";
import { checkRows, FINGERPRINT, made, type Row } from "./identityrows.ts";

const rows: Row[] = [
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
		name: "an empty passphrase, and a key is to be made",
		spec: { gpgKeySecretRef: made, vars: "Repository: {passphrase: ''}" },
		secret: "absent",
		identity: { publicKey: "absent", privateKey: "absent", passphrase: "absent" },
		presence: "toBeMade",
		errors: ["spec.vars: Repository.passphrase is empty, so the key that is to be made cannot be locked with it"],
	},
	{
		name: "an empty passphrase over one that is stored, and a key is to be made",
		spec: { gpgKeySecretRef: made, vars: "Repository: {passphrase: ''}" },
		secret: secretWith("keys", { passphrase: 5 }),
		identity: { publicKey: "absent", privateKey: "absent" },
		presence: "toBeMade",
		errors: ["spec.vars: Repository.passphrase is empty, so the key that is to be made cannot be locked with it"],
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
		name: "a key that was in another Secret",
		spec: { gpgKeySecretRef: made },
		secret: "absent",
		world: { recordedFingerprint: FINGERPRINT, recordedPlace: { secretName: "old", privateKey: "key" } },
		presence: "lost",
		errors: [
			`spec.gpgKeySecretRef.secretName: the key ${FINGERPRINT} was made or found as "key" in Secret "old", which is no longer named`,
		],
	},
	{
		name: "a key that was under another data key",
		spec: { gpgKeySecretRef: made },
		secret: "absent",
		world: { recordedFingerprint: FINGERPRINT, recordedPlace: { secretName: "keys", privateKey: "private" } },
		presence: "lost",
		errors: [
			`spec.gpgKeySecretRef.secretName: the key ${FINGERPRINT} was made or found as "private" in Secret "keys", which is no longer named`,
		],
	},
	{
		name: "a key that was in this very place",
		spec: { gpgKeySecretRef: made },
		secret: "absent",
		world: { recordedFingerprint: FINGERPRINT, recordedPlace: { secretName: "keys", privateKey: "key" } },
		presence: "lost",
		errors: [`spec.gpgKeySecretRef.secretName: the key ${FINGERPRINT} is no longer in Secret "keys"`],
	},
	{
		name: "a key that the Secret remembers, other than the status",
		spec: { gpgKeySecretRef: made },
		secret: secretWith("keys", {}, { recordedFingerprint: '{"key":"ABCD"}' }),
		world: { recordedFingerprint: FINGERPRINT, recordedPlace: { secretName: "old", privateKey: "key" } },
		presence: "lost",
		errors: ['spec.gpgKeySecretRef.secretName: the key ABCD is no longer in Secret "keys"'],
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
		name: "an address and a passphrase with a quote, and a key is to be made",
		spec: { gpgKeySecretRef: { ...made, email: "o'hara@example.org" } },
		secret: secretWith("keys", { passphrase: 5 }),
		identity: { publicKey: "absent", passphraseHasQuote: true },
		presence: "toBeMade",
		errors: [
			"spec.gpgKeySecretRef.email: the recipient holds a single quote, which backup-maker's gpg command cannot carry",
			"spec.gpgKeySecretRef.passphraseKey: the passphrase holds a single quote, which backup-maker's gpg command cannot carry",
		],
	},
];

checkRows(t, rows, "identity-absent");

t.test("an e-mail address that is none is told once", async (t) => {
	const object = plainBackup({ gpgKeySecretRef: { ...made, email: "nobody" } });
	const { report } = evaluateScheduledBackup(object, facts({ secrets: secretMap("keys") }), settings);
	t.same(
		report.errors.map(({ path }) => path),
		["spec.gpgKeySecretRef.email"],
	);
});
