// What tests of GPG keys share: an encrypted ScheduledBackup, and keys that users bring.
import { enums, generateKey } from "openpgp";
import { generateIdentity } from "../../../src/gpg/index.ts";
import { callApi } from "../../cluster/api.ts";
import type { Session } from "../../cluster/session.ts";
import { type Fields, manifest, namespace, scheduledBackup, secret, template } from "./objects.ts";
import type { Named } from "./status.ts";

export const EMAIL = "team@example.org";
export const PASSWORD = { "Params.password": "not-a-real-password" };

/** Uses everything that an encrypted procedure uses. */
export const ENCRYPTING_TEMPLATE = manifest(
	template("encrypting", {
		backup: [
			"dump {{ .Params.host | shellQuote }} {{ .Params.password | shellQuote }} |",
			"encrypt {{ .Repository.encryptionKeyPath }} {{ .Repository.recipient | shellQuote }}\n",
		].join(" "),
		restore: "decrypt {{ .Repository.encryptionKeyPath }} {{ .Repository.passphrase | shellQuote }}\n",
	}),
);

/** A ScheduledBackup whose key is in Secret `keys`, made where there is none. */
export const encryptedBackup = (name: string, at: string, keys: Fields = {}, spec: Fields = {}) =>
	scheduledBackup(
		name,
		{
			templateRef: { name: "encrypting" },
			gpgKeySecretRef: { secretName: "keys", email: EMAIL, createIfNotExists: true, ...keys },
			...spec,
		},
		{ namespace: at },
	);

/** A namespace with the Secret that `encryptedBackup` takes its variables from. */
export const namespaceWithVars = (name: string): string =>
	manifest(namespace(name), secret("vars", PASSWORD, { namespace: name }));

/** Whether the policy of docs/hardening.md keeps this Secret from being deleted; tried without deleting it. */
export const isKept = async ({ plane }: Session, { namespace, name }: Named): Promise<boolean> => {
	const path = `/api/v1/namespaces/${namespace}/secrets/${name}?dryRun=All`;
	const { body } = await callApi(plane, "DELETE", path);
	return String(body["message"]).includes("holds the key");
};

export interface BroughtKey {
	publicKey: string;
	privateKey: string;
}

/** A key as our controller makes it. */
export const freshKey = (email: string, passphrase: string): Promise<BroughtKey & { fingerprint: string }> =>
	generateIdentity({ userIds: [email], passphrase, date: new Date() });

/** A key that expired an hour after it was made, a day ago. */
export const expiredKey = async (email: string, passphrase: string): Promise<BroughtKey> =>
	generateKey({
		type: "ecc",
		curve: "curve25519Legacy",
		userIDs: [{ email }],
		passphrase,
		date: new Date(Date.now() - 86_400_000),
		keyExpirationTime: 3600,
		format: "armored",
		config: { v6Keys: false, aeadProtect: false, s2kType: enums.s2k.iterated },
	});
