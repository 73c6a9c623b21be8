// Makes the GPG identity of a ScheduledBackup that has none. The Secret is the user's: it gets no owner, is never deleted,
// and is written only by POST, or by a patch of exactly the version that was seen to hold none of the keys.
import { SECRET } from "../../src/api/kinds.ts";
import type { Secret } from "../../src/api/kubernetes.ts";
import type { ScheduledBackup } from "../../src/api/types.ts";
import { FINGERPRINT_ANNOTATION } from "../../src/domain/annotations.ts";
import { replacementIsAllowed } from "../../src/domain/keys.ts";
import type { BackupPlan } from "../../src/domain/plan.ts";
import { AlreadyExistsError, ConflictError } from "../../src/kube/errors.ts";
import type { SecretValue } from "../../src/template/value.ts";
import type { Context } from "../shared/context.ts";
import { readLive } from "../shared/references.ts";

export type KeyCreation =
	| { type: "made"; fingerprint: string }
	/** Somebody wrote the Secret meanwhile: look again. */
	| { type: "lostRace" }
	| { type: "refused"; reason: string; message: string };

type Reference = Required<NonNullable<ScheduledBackup["spec"]["gpgKeySecretRef"]>>;

const TYPE_LABEL = "riotkit.org/type";
const EMAIL_ANNOTATION = "riotkit.org/e-mail";

const decode = (secret: Secret | undefined, key: string): string | undefined => {
	const value = secret?.data?.[key];
	return value === undefined || value === "" ? undefined : Buffer.from(value, "base64").toString("utf8");
};

const encode = (text: string): string => Buffer.from(text, "utf8").toString("base64");

/**
 * A value that the pod will get, read from where it comes; undefined where there is none yet.
 * @param live the GPG Secret, just read.
 */
const effectiveValue = async (
	context: Context,
	namespace: string,
	source: string | SecretValue | undefined,
	live: Secret | undefined,
): Promise<string | undefined> => {
	if (source === undefined || typeof source === "string") return source;
	const isLive = live?.metadata?.name === source.secretName;
	const holder = isLive ? live : await readLive(context.kube, SECRET, { namespace, name: source.secretName });
	return decode(holder, source.key);
};

/** Nobody's address twice: the e-mail, and the recipient where it is another. */
export const userIdsFor = (email: string | undefined, recipient: string | undefined): string[] => {
	const addresses = [email, recipient].filter((address): address is string => address !== undefined && address !== "");
	return addresses.filter(
		(address, index) => addresses.findIndex((one) => one.toLowerCase() === address.toLowerCase()) === index,
	);
};

const randomPassphrase = (context: Context): string => Buffer.from(context.randomBytes(32)).toString("base64url");

const write = async (
	context: Context,
	reference: Reference,
	namespace: string,
	live: Secret | undefined,
	identity: NewIdentity,
) => {
	const has = live?.data?.[reference.passphraseKey] ?? "";
	const data = {
		[reference.privateKey]: encode(identity.privateKey),
		[reference.publicKey]: encode(identity.publicKey),
		...(has === "" ? { [reference.passphraseKey]: encode(identity.passphrase) } : {}),
	};
	const metadata = {
		labels: { [TYPE_LABEL]: "GPGSecret" },
		annotations: {
			[FINGERPRINT_ANNOTATION]: identity.fingerprint,
			[EMAIL_ANNOTATION]: reference.email ?? identity.email,
		},
	};
	const key = { namespace, name: reference.secretName };
	if (live === undefined) {
		const labels = { ...metadata.labels, "app.kubernetes.io/managed-by": "backup-maker-controller" };
		const secret: Secret = {
			apiVersion: "v1",
			kind: "Secret",
			metadata: { ...key, ...metadata, labels },
			type: "Opaque",
			data,
		};
		return context.kube.create(SECRET, secret);
	}
	const { uid = "", resourceVersion = "" } = live.metadata ?? {};
	return context.kube.patch(SECRET, key, { metadata, data }, { uid, resourceVersion });
};

interface NewIdentity {
	publicKey: string;
	privateKey: string;
	passphrase: string;
	fingerprint: string;
	email: string;
}

const refusal = (passphrase: string | undefined, userIds: readonly string[]): KeyCreation | undefined => {
	if (userIds.length === 0)
		return {
			type: "refused",
			reason: "NoUserId",
			message: "A key cannot be made without an address; set spec.gpgKeySecretRef.email",
		};
	if (passphrase !== undefined && (passphrase === "" || /[\r\n\0]/.test(passphrase)))
		return {
			type: "refused",
			reason: "PassphraseUnusable",
			message:
				"A key cannot be made: the passphrase that the pod gets (Repository.passphrase) must be one line that is not empty",
		};
	return undefined;
};

/** A key that was made and lost since the Secret was looked at. */
const remembersAnother = (object: ScheduledBackup, live: Secret | undefined): boolean => {
	const recorded = live?.metadata?.annotations?.[FINGERPRINT_ANNOTATION] ?? "";
	return recorded !== "" && !replacementIsAllowed(object, recorded);
};

/**
 * Makes a key pair and stores it, unless a key is there by now. Keys that a patch finds are never replaced, and the
 * passphrase is stored where none is.
 * @param plan of an object that asks for keys, with defaults.
 */
export const createKeys = async (context: Context, plan: BackupPlan): Promise<KeyCreation> => {
	const { metadata, spec } = plan.scheduledBackup;
	const reference = spec.gpgKeySecretRef as Reference;
	const namespace = metadata.namespace ?? "";
	const live = await readLive(context.kube, SECRET, { namespace, name: reference.secretName });
	const halves = [reference.privateKey, reference.publicKey].map((key) => decode(live, key));
	if (halves.some((half) => half !== undefined) || remembersAnother(plan.scheduledBackup, live))
		return { type: "lostRace" };
	const chosen = await effectiveValue(context, namespace, plan.passphrase, live);
	const effective = chosen ?? decode(live, reference.passphraseKey);
	const userIds = userIdsFor(reference.email, await effectiveValue(context, namespace, plan.recipient, live));
	const refused = refusal(effective, userIds);
	if (refused !== undefined) return refused;
	const passphrase = effective ?? randomPassphrase(context);
	const identity = await context.generateIdentity({ userIds, passphrase, date: context.now() });
	try {
		await write(context, reference, namespace, live, { ...identity, passphrase, email: userIds[0] ?? "" });
		return { type: "made", fingerprint: identity.fingerprint };
	} catch (error) {
		if (error instanceof AlreadyExistsError || error instanceof ConflictError) return { type: "lostRace" };
		throw error;
	}
};
