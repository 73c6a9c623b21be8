// Makes the GPG identity of a ScheduledBackup that has none. The Secret is the user's: it gets no owner, is never deleted,
// and is written only by POST, or by a patch of exactly the version that was seen to hold none of the keys.
import { SECRET } from "../../src/api/kinds.ts";
import type { Secret } from "../../src/api/kubernetes.ts";
import type { ScheduledBackup } from "../../src/api/types.ts";
import { FINGERPRINT_ANNOTATION, fingerprintBeside, withFingerprint } from "../../src/domain/annotations.ts";
import { replacementIsAllowed } from "../../src/domain/keys.ts";
import type { BackupPlan } from "../../src/domain/plan.ts";
import { randomPassphrase } from "../../src/gpg/passphrase.ts";
import { AlreadyExistsError, ConflictError } from "../../src/kube/errors.ts";
import { readLive } from "../../src/kube/readlive.ts";
import { identityOnly } from "../../src/kube/reflector.ts";
import { SecretValue } from "../../src/template/value.ts";
import type { Context } from "../shared/context.ts";
import { readUnchanged, recordPending, recordStored } from "./keyrecord.ts";
import type { Doings } from "./tell.ts";

export type KeyCreation =
	/** `recorded`: whether status says so; before that nothing may use the key. */
	| { type: "made"; fingerprint: string; recorded: boolean }
	/** Somebody wrote the Secret or the object meanwhile: look again. */
	| { type: "lostRace" }
	| { type: "refused"; reason: string; message: string };

/** What came of it, whatever comes after. */
export type KeyDoings = Pick<Doings, "stored" | "madeKey">;

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
	const annotation = live?.metadata?.annotations?.[FINGERPRINT_ANNOTATION];
	const metadata = {
		labels: { [TYPE_LABEL]: "GPGSecret" },
		annotations: {
			[FINGERPRINT_ANNOTATION]: withFingerprint(annotation, reference.privateKey, identity.fingerprint),
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
		const stored = await context.kube.create(SECRET, secret);
		context.watches.secrets.created(identityOnly(stored));
		return stored;
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

const LOST_RACE: KeyCreation = { type: "lostRace" };

const holdsKey = (reference: Reference, live: Secret | undefined): boolean =>
	[reference.privateKey, reference.publicKey].some((key) => decode(live, key) !== undefined);

/** A key that was made and lost since the Secret was looked at, or of which a lagging watch does not tell. */
const remembersAnother = (object: ScheduledBackup, reference: Reference, live: Secret | undefined): boolean => {
	const annotation = live?.metadata?.annotations?.[FINGERPRINT_ANNOTATION];
	const recorded =
		fingerprintBeside(annotation, reference.privateKey) ?? (object.status?.gpgKey?.fingerprint || undefined);
	return recorded !== undefined && !replacementIsAllowed(object, recorded);
};

interface Values {
	/** Undefined where one is to be made up. */
	passphrase: string | undefined;
	recipient: string | undefined;
}

/** What the pod will get; undefined where a Secret no longer has what it had when the plan was made. */
const valuesFor = async (
	context: Context,
	{ plan, reference, live }: { plan: BackupPlan; reference: Reference; live: Secret | undefined },
): Promise<Values | undefined> => {
	const namespace = plan.scheduledBackup.metadata.namespace ?? "";
	const chosen = await effectiveValue(context, namespace, plan.passphrase, live);
	const recipient = await effectiveValue(context, namespace, plan.recipient, live);
	const isOwn =
		plan.passphrase instanceof SecretValue &&
		plan.passphrase.secretName === reference.secretName &&
		plan.passphrase.key === reference.passphraseKey;
	if (chosen === undefined && plan.passphrase !== undefined && !isOwn) return undefined;
	if (recipient === undefined && plan.recipient !== undefined) return undefined;
	return { passphrase: chosen ?? decode(live, reference.passphraseKey), recipient };
};

interface Making {
	object: ScheduledBackup;
	reference: Reference;
	live: Secret | undefined;
	identity: NewIdentity;
	doings: KeyDoings;
}

/** Stores a new key, with a record of it before and after. */
const storeKeys = async (context: Context, making: Making): Promise<KeyCreation> => {
	const { object, reference, live, identity, doings } = making;
	const { fingerprint } = identity;
	try {
		doings.stored = await recordPending(context, object, fingerprint);
		await write(context, reference, object.metadata.namespace ?? "", live, identity);
	} catch (error) {
		if (error instanceof AlreadyExistsError || error instanceof ConflictError) return LOST_RACE;
		throw error;
	}
	doings.madeKey = fingerprint;
	const recorded = await recordStored(context, doings.stored, fingerprint);
	doings.stored = recorded ?? doings.stored;
	return { type: "made", fingerprint, recorded: recorded !== undefined };
};

/**
 * Makes a key pair and stores it, unless a key is there or remembered by now. Keys that a patch finds are never replaced,
 * and the passphrase is stored where none is.
 * @param plan of an object that asks for keys, with defaults.
 * @param doings takes note of the object as it is stored now, and of a key that was made.
 */
export const createKeys = async (context: Context, plan: BackupPlan, doings: KeyDoings): Promise<KeyCreation> => {
	const object = await readUnchanged(context, plan.scheduledBackup);
	if (object === undefined) return LOST_RACE;
	doings.stored = object;
	const reference = object.spec.gpgKeySecretRef as Reference;
	const key = { namespace: object.metadata.namespace ?? "", name: reference.secretName };
	const live = await readLive(context.kube, SECRET, key);
	if (holdsKey(reference, live) || remembersAnother(object, reference, live)) return LOST_RACE;
	const values = await valuesFor(context, { plan, reference, live });
	if (values === undefined) return LOST_RACE;
	const userIds = userIdsFor(reference.email, values.recipient);
	const refused = refusal(values.passphrase, userIds);
	if (refused !== undefined) return refused;
	const passphrase = values.passphrase ?? randomPassphrase(context.randomBytes);
	const made = await context.generateIdentity({ userIds, passphrase, date: context.now() });
	const identity = { ...made, passphrase, email: userIds[0] ?? "" };
	return storeKeys(context, { object, reference, live, identity, doings });
};
