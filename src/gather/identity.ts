// Looks at the GPG identity in a Secret by an OpenPGP library. Key material and passphrases are compared here and go no
// further: the facts say only whether they are there, what the key is called, and whether things fit.
import { timingSafeEqual } from "node:crypto";
import type { Secret } from "../api/kubernetes.ts";
import type { ScheduledBackup } from "../api/types.ts";
import { effectiveVariables } from "../domain/effective.ts";
import type { IdentityFacts, KeyMaterial, ScheduledBackupFacts } from "../domain/facts.ts";
import type { Memory } from "../domain/memory.ts";
import { parsedVars } from "../domain/parsed.ts";
import { effectivePassphrase } from "../domain/planning.ts";
import { isComputed } from "../domain/shell.ts";
import { isEmail, recipientMatches } from "../domain/validate/recipient.ts";
import { getPath } from "../domain/vars/tree.ts";
import { SecretValue, type ValueMap } from "../template/value.ts";
import type { KeyInspector, PublicKeyInspection } from "./references.ts";
import { secretBytes } from "./secretfacts.ts";

type KeyReference = NonNullable<ScheduledBackup["spec"]["gpgKeySecretRef"]>;

/** What was read, with values; lives only as long as gathering. */
export interface Reading {
	/** Well typed, with defaults. */
	object: ScheduledBackup;
	facts: ScheduledBackupFacts;
	secrets: ReadonlyMap<string, Secret | undefined>;
	deepKeyCheck: boolean;
	memory?: Memory | undefined;
}

interface Material {
	publicKey: Buffer | undefined;
	privateKey: Buffer | undefined;
	passphrase: Buffer | undefined;
	/** What the pod gets; undefined where it gets none or it is not known. */
	effective: Buffer | undefined;
	/** The effective recipient, where it comes from a Secret. */
	recipient: Buffer | undefined;
}

const bytesOf = (value: SecretValue, { secrets }: Reading): Buffer | undefined =>
	secretBytes(secrets.get(value.secretName), value.key);

const effectiveBytes = (tree: ValueMap, reading: Reading): Buffer | undefined => {
	const passphrase = effectivePassphrase(tree);
	if (passphrase === undefined) return undefined;
	if (passphrase instanceof SecretValue) return bytesOf(passphrase, reading);
	return isComputed(passphrase) ? undefined : Buffer.from(passphrase, "utf8");
};

const secretRecipient = (tree: ValueMap, reading: Reading): Buffer | undefined => {
	const recipient = getPath(tree, ["Repository", "recipient"]);
	return recipient instanceof SecretValue ? bytesOf(recipient, reading) : undefined;
};

const varsOf = ({ object, memory }: Reading): ValueMap => parsedVars(object.spec.vars ?? "", memory).tree;

const materialOf = (reading: Reading, reference: KeyReference): Material => {
	const { object, facts } = reading;
	const secret = reading.secrets.get(reference.secretName);
	const vars = varsOf(reading);
	const { tree } = effectiveVariables(object, { vars, facts, assumeMissing: false });
	return {
		publicKey: secretBytes(secret, reference.publicKey as string),
		privateKey: secretBytes(secret, reference.privateKey as string),
		passphrase: secretBytes(secret, reference.passphraseKey as string),
		effective: effectiveBytes(tree, reading),
		recipient: secretRecipient(tree, reading),
	};
};

const thereOf = (bytes: Buffer | undefined): "absent" | "empty" | "present" =>
	bytes === undefined ? "absent" : bytes.length === 0 ? "empty" : "present";

const equal = (left: Buffer, right: Buffer): boolean => left.length === right.length && timingSafeEqual(left, right);

/** Only where both are there: a stored passphrase that nobody uses, or none at all, is no contradiction. */
const comparison = ({ passphrase, effective }: Material): Pick<IdentityFacts, "passphraseMatches"> =>
	passphrase === undefined || passphrase.length === 0 || effective === undefined
		? {}
		: { passphraseMatches: equal(passphrase, effective) };

/** What backup-maker and gpg cannot take; all that is ever said about the text of a passphrase. */
const passphraseFacts = ({
	effective,
}: Material): Pick<IdentityFacts, "passphraseHasLineBreak" | "passphraseHasQuote"> => ({
	...(effective !== undefined && /[\r\n]/.test(effective.toString("utf8")) ? { passphraseHasLineBreak: true } : {}),
	...(effective?.includes("'") ? { passphraseHasQuote: true } : {}),
});

const recipientFacts = (
	{ recipient }: Material,
	{ publicKey, userIds, fingerprint }: Pick<IdentityFacts, "publicKey" | "userIds" | "fingerprint">,
): Pick<IdentityFacts, "recipientFits" | "recipientHasQuote"> => {
	if (recipient === undefined) return {};
	const text = recipient.toString("utf8");
	return {
		recipientFits: publicKey === "present" ? recipientMatches(text, userIds, fingerprint) : isEmail(text),
		...(text.includes("'") ? { recipientHasQuote: true } : {}),
	};
};

const publicFacts = async (
	bytes: Buffer | undefined,
	inspector: KeyInspector,
): Promise<Omit<PublicKeyInspection, "material"> & { publicKey: KeyMaterial }> => {
	const there = thereOf(bytes);
	if (there !== "present") return { publicKey: there, userIds: [] };
	const { material, ...rest } = await inspector.inspectPublicKey((bytes as Buffer).toString("utf8"));
	return { publicKey: material, ...rest };
};

const privateFacts = async (bytes: Buffer | undefined, inspector: KeyInspector): Promise<KeyMaterial> => {
	const there = thereOf(bytes);
	return there === "present" ? inspector.inspectPrivateKey((bytes as Buffer).toString("utf8")) : there;
};

const pairFacts = async (material: Material, inspector: KeyInspector): Promise<Pick<IdentityFacts, "pair" | "opens">> =>
	inspector.inspectPair({
		publicKey: (material.publicKey as Buffer).toString("utf8"),
		privateKey: (material.privateKey as Buffer).toString("utf8"),
		passphrase: material.effective?.toString("utf8"),
	});

/** Without the passphrase that the pod gets, nothing can be said about what it opens. */
const mayTryPair = (reading: Reading, { effective }: Material): boolean => {
	const written = getPath(varsOf(reading), ["Repository", "passphrase"]);
	return effective !== undefined || typeof written !== "string" || !isComputed(written);
};

/** What there is of the identity that the object names; undefined where it names none. */
export const inspectIdentity = async (
	reading: Reading,
	inspector: KeyInspector,
): Promise<IdentityFacts | undefined> => {
	const reference = reading.object.spec.gpgKeySecretRef;
	if (reference === undefined) return undefined;
	const material = materialOf(reading, reference);
	const [publicHalf, privateKey] = await Promise.all([
		publicFacts(material.publicKey, inspector),
		privateFacts(material.privateKey, inspector),
	]);
	const isPair = mayTryPair(reading, material) && publicHalf.publicKey === "present" && privateKey === "present";
	return {
		...publicHalf,
		privateKey,
		passphrase: thereOf(material.passphrase),
		...comparison(material),
		...passphraseFacts(material),
		...recipientFacts(material, publicHalf),
		...(reading.deepKeyCheck && isPair ? await pairFacts(material, inspector) : {}),
	};
};
