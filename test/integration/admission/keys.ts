// The GPG identity: what is missing, half there, or not what it should be.
import { manifest, secret } from "../support/objects.ts";
import { backup, type Rows } from "./row.ts";

const gpg = (fields: object, vars?: string): string =>
	backup({ gpgKeySecretRef: { secretName: "keys", ...fields }, ...(vars === undefined ? {} : { vars }) });

const made = { createIfNotExists: true, email: "team@example.org" };
const repository = (fields: string): string => `Params: {host: db.example.org}\nRepository: {${fields}}\n`;

/** Applied before the table. */
export const keyFixtures = (key: { publicKey: string; privateKey: string }, passphrase: string): string =>
	manifest(
		secret("only-public", { "key.pub": key.publicKey, passphrase }),
		secret("only-private", { key: key.privateKey, "key.pub": "" }),
		secret("no-armor", { key: "canary-of-no-key", "key.pub": "canary-of-no-key", passphrase }),
		secret("swapped", { key: key.publicKey, "key.pub": key.privateKey, passphrase }),
		secret("quotes", { passphrase: "canary's" }),
		{ ...secret("immutable", { other: "x" }), immutable: true },
		secret(
			"controlled",
			{ other: "x" },
			{
				ownerReferences: [
					{ apiVersion: "bitnami.com/v1alpha1", kind: "SealedSecret", name: "sealed", uid: "1-2-3", controller: true },
				],
			},
		),
	);

export const keyRows: Rows = {
	"gpg: no such Secret": {
		input: gpg({ secretName: "nosuch" }),
		denied: [
			'spec.gpgKeySecretRef.secretName: Secret "nosuch" does not exist; create it, or set createIfNotExists: true to have a key made',
		],
	},
	"gpg: no such keys": {
		input: gpg({ secretName: "vars" }),
		denied: [
			'spec.gpgKeySecretRef.publicKey: Secret "vars" has no key "key.pub"',
			'spec.gpgKeySecretRef.privateKey: Secret "vars" has no key "key"',
		],
	},
	"gpg: half an identity": {
		input: gpg({ secretName: "only-public" }),
		denied: [
			'spec.gpgKeySecretRef: Secret "only-public" holds the public key ("key.pub") but no private key ("key"); add the missing half, or name a Secret or keys that hold neither, so that a new pair can be made',
		],
	},
	"gpg: half an identity is not completed": {
		input: gpg({ secretName: "only-private", ...made }),
		denied: [
			'spec.gpgKeySecretRef: Secret "only-private" holds the private key ("key") but no public key ("key.pub"); add the missing half, or name a Secret or keys that hold neither, so that a new pair can be made',
		],
	},
	"gpg: no e-mail for a key that is to be made": {
		input: gpg({ secretName: "new", createIfNotExists: true }),
		denied: [
			"spec.gpgKeySecretRef.email: Required value: an e-mail address is needed to make a key (createIfNotExists is true)",
		],
	},
	"gpg: an e-mail that is none": {
		input: gpg({ secretName: "new", ...made, email: "Team <team>" }),
		denied: [
			"spec.gpgKeySecretRef.email: Invalid value: must be an e-mail address, since a key is made for it (createIfNotExists is true)",
		],
	},
	"gpg: an empty e-mail": {
		input: gpg({ secretName: "new", ...made, email: "" }),
		denied: [
			"spec.gpgKeySecretRef.email: Required value: an e-mail address is needed to make a key (createIfNotExists is true)",
		],
	},
	"gpg: key material that is no armor": {
		input: gpg({ secretName: "no-armor" }),
		denied: [
			'spec.gpgKeySecretRef.publicKey: key "key.pub" of Secret "no-armor" is no OpenPGP armor; expected is what begins with "-----BEGIN PGP PUBLIC KEY BLOCK-----"',
			'spec.gpgKeySecretRef.privateKey: key "key" of Secret "no-armor" is no OpenPGP armor; expected is what begins with "-----BEGIN PGP PRIVATE KEY BLOCK-----"',
		],
	},
	"gpg: public and private key swapped": {
		input: gpg({ secretName: "swapped" }),
		denied: [
			'spec.gpgKeySecretRef.publicKey: key "key.pub" of Secret "swapped" is no OpenPGP public key; expected is what begins with "-----BEGIN PGP PUBLIC KEY BLOCK-----"',
			'spec.gpgKeySecretRef.privateKey: key "key" of Secret "swapped" is no OpenPGP private key; expected is what begins with "-----BEGIN PGP PRIVATE KEY BLOCK-----"',
		],
	},
	"gpg: a Secret that takes no key": {
		input: gpg({ secretName: "immutable", ...made }),
		denied: [
			'spec.gpgKeySecretRef.secretName: Secret "immutable" is immutable: no key can be added to it; name another Secret for the key; it may be one that does not exist yet',
		],
	},
	"gpg: a Secret that another controller keeps": {
		input: gpg({ secretName: "controlled", ...made }),
		denied: [
			'spec.gpgKeySecretRef.secretName: Secret "controlled" is controlled by SealedSecret/sealed, which would remove an added key; name another Secret for the key; it may be one that does not exist yet',
		],
	},
	"gpg: an empty passphrase for a key that is to be made": {
		input: gpg({ secretName: "new", ...made }, repository("passphrase: ''")),
		denied: [
			"spec.vars: Repository.passphrase is empty, so the key that is to be made cannot be locked with it; leave it out: the passphrase in the Secret is used then, and one is made with the key",
		],
	},
	"gpg: an empty passphrase for a key that has one": {
		input: gpg({}, repository("passphrase: ''")),
		denied: [
			'spec.vars: Repository.passphrase differs from the passphrase of the GPG key (key "passphrase" of Secret "keys"); leave Repository.passphrase out to use the stored one; backups made otherwise could not be restored',
		],
	},
	"gpg: a passphrase that differs from the stored one": {
		input: gpg({}, repository("passphrase: canary")),
		denied: [
			'spec.vars: Repository.passphrase differs from the passphrase of the GPG key (key "passphrase" of Secret "keys"); leave Repository.passphrase out to use the stored one; backups made otherwise could not be restored',
		],
		warnings: [
			"Repository.passphrase is a literal secret; move it to the Secret of varsSecretRef, where its path is the key",
		],
	},
	"gpg: a recipient that the key does not have": {
		input: gpg({}, repository("recipient: other@example.org")),
		denied: [
			'spec.vars: Repository.recipient is no user ID of the public key in Secret "keys"; gpg --recipient would not find the key: add that user ID to the key, or name one that it has',
		],
	},
	"gpg: an e-mail that the key does not have": {
		input: gpg({ email: "other@example.org" }),
		denied: [
			'spec.gpgKeySecretRef.email: the e-mail address is no user ID of the public key in Secret "keys"; gpg --recipient would not find the key: add that user ID to the key, or name one that it has',
		],
	},
	"gpg: a recipient that no key can be made for": {
		input: gpg({ secretName: "new", ...made }, repository("recipient: team")),
		denied: [
			"spec.vars: Repository.recipient is no e-mail address, and the key that is to be made needs one; write it as name@example.org",
		],
	},
	"gpg: a passphrase that only the pod will know": {
		input: gpg({ secretName: "new", ...made }, repository('passphrase: "$(cat /run/passphrase)"')),
		denied: [
			'spec.vars: Repository.passphrase holds shell syntax, so the key that is to be made cannot be locked with it; leave it out, or put the passphrase under "passphrase" into the Secret',
		],
	},
	"gpg: what backup-maker's gpg command cannot carry": {
		input: gpg({ secretName: "quotes", email: "o'hara@example.org", createIfNotExists: true }),
		denied: [
			"spec.gpgKeySecretRef.email: the recipient holds a single quote, which backup-maker's gpg command cannot carry; name the key by its fingerprint, or by an address without a quote",
			"spec.gpgKeySecretRef.passphraseKey: the passphrase holds a single quote, which backup-maker's gpg command cannot carry; give the key another passphrase (gpg --change-passphrase)",
		],
	},
	"gpg: one data key for two things": {
		input: gpg({ privateKey: "key", publicKey: "key", passphraseKey: "key" }),
		denied: [
			"spec.gpgKeySecretRef.publicKey: Invalid value: must be another data key than privateKey",
			"spec.gpgKeySecretRef.passphraseKey: Invalid value: must be another data key than privateKey and publicKey",
		],
	},
	"gpg: names that no Secret or data key has": {
		input: gpg({ secretName: "Keys", privateKey: "a b", publicKey: ".." }),
		denied: [
			"spec.gpgKeySecretRef.secretName: Invalid value: \"Keys\": spec.gpgKeySecretRef.secretName in body should match '^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$'; use lower-case letters, digits, - and . (a DNS-1123 subdomain)",
			"spec.gpgKeySecretRef.privateKey: Invalid value: \"a b\": spec.gpgKeySecretRef.privateKey in body should match '^([-_a-zA-Z0-9]|\\.[-_a-zA-Z0-9])[-._a-zA-Z0-9]*$'; use a data key of a Secret: letters, digits, -, _ and .",
			"spec.gpgKeySecretRef.publicKey: Invalid value: \"..\": spec.gpgKeySecretRef.publicKey in body should match '^([-_a-zA-Z0-9]|\\.[-_a-zA-Z0-9])[-._a-zA-Z0-9]*$'; use a data key of a Secret: letters, digits, -, _ and .",
		],
	},
};
