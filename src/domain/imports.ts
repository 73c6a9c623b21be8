// Which data keys of Secrets become variables, and where in the tree: `varsSecretRef`, `tokenSecretRef` and the
// passphrase of the GPG Secret. The values stay where they are; the tree gets a SecretValue that says where.
import type { ScheduledBackup, VarsSecretRef } from "../api/types.ts";
import type { ScheduledBackupFacts } from "./facts.ts";
import { keysAreMade } from "./keys.ts";
import { type KeyKnowledge, keyKnowledge, secretKnowledge } from "./knowledge.ts";

/** One data key that becomes a variable. */
export interface SecretImport {
	/** Dotted path in the variable tree: `Params.password`. */
	path: string;
	secretName: string;
	key: string;
	/** The field that asks for it. */
	fieldPath: string;
	knowledge: KeyKnowledge;
	/** False where all keys of a Secret are taken and nobody named this one. */
	named: boolean;
}

/** What the controller itself writes into a GPG Secret besides the keys; never a variable. */
const EMAIL_KEY = "e-mail.txt";

/** Data keys of a Secret that gpgKeySecretRef and tokenSecretRef use: they are no variables. */
const keysInUse = (object: ScheduledBackup, secretName: string): ReadonlySet<string> => {
	const { gpgKeySecretRef: gpg, tokenSecretRef: token } = object.spec;
	const keys = [EMAIL_KEY];
	if (gpg?.secretName === secretName) {
		keys.push(gpg.privateKey as string, gpg.publicKey as string, gpg.passphraseKey as string);
	}
	if (token?.secretName === secretName) keys.push(token.tokenKey as string);
	return new Set(keys);
};

const namedImports = (secretName: string, keys: readonly string[], facts: ScheduledBackupFacts): SecretImport[] =>
	keys.flatMap((key, index) =>
		// An empty name is the schema's mistake to tell.
		key === ""
			? []
			: [
					{
						path: key,
						secretName,
						key,
						fieldPath: `spec.varsSecretRef.importOnlyKeys[${index}]`,
						knowledge: keyKnowledge(facts, secretName, key),
						named: true,
					},
				],
	);

/** Keys of one Secret that become variables: each is checked, and printed where a script says so. */
export const IMPORT_LIMIT = 1000;

const importableKeys = (object: ScheduledBackup, secretName: string, facts: ScheduledBackupFacts): string[] => {
	const knowledge = secretKnowledge(facts, secretName);
	if (knowledge.state !== "known") return [];
	const inUse = keysInUse(object, secretName);
	return [...knowledge.secret.keys.keys()].filter((key) => !inUse.has(key));
};

/** How many keys `varsSecretRef` takes too many: those are no variables. 0 where it names what it takes. */
export const importsTooMany = (object: ScheduledBackup, facts: ScheduledBackupFacts): number => {
	const reference = object.spec.varsSecretRef;
	if (reference === undefined || namedKeys(reference) !== undefined) return 0;
	return Math.max(0, importableKeys(object, reference.secretName, facts).length - IMPORT_LIMIT);
};

const allImports = (object: ScheduledBackup, secretName: string, facts: ScheduledBackupFacts): SecretImport[] => {
	const keys = importableKeys(object, secretName, facts).sort().slice(0, IMPORT_LIMIT);
	return keys.map((key) => ({
		path: key,
		secretName,
		key,
		fieldPath: "spec.varsSecretRef.secretName",
		knowledge: keyKnowledge(facts, secretName, key),
		named: false,
	}));
};

/** The data keys that `varsSecretRef` names; undefined where it takes all. An empty list names none, so it takes all too. */
export const namedKeys = ({ importOnlyKeys }: VarsSecretRef): readonly string[] | undefined =>
	importOnlyKeys?.length === 0 ? undefined : importOnlyKeys;

/** The keys that `varsSecretRef` brings: those of `importOnlyKeys`, else every one that no other reference uses. */
export const variableImports = (object: ScheduledBackup, facts: ScheduledBackupFacts): SecretImport[] => {
	const reference = object.spec.varsSecretRef;
	if (reference === undefined) return [];
	const named = namedKeys(reference);
	return named === undefined
		? allImports(object, reference.secretName, facts)
		: namedImports(reference.secretName, named, facts);
};

/** The access token, which is `Repository.token` over everything else. */
export const tokenImport = (object: ScheduledBackup, facts: ScheduledBackupFacts): SecretImport | undefined => {
	const reference = object.spec.tokenSecretRef;
	if (reference === undefined) return undefined;
	const key = reference.tokenKey as string;
	return {
		path: "Repository.token",
		secretName: reference.secretName,
		key,
		fieldPath: "spec.tokenSecretRef.tokenKey",
		knowledge: keyKnowledge(facts, reference.secretName, key),
		named: true,
	};
};

/**
 * The passphrase of the GPG Secret, which is `Repository.passphrase` where nothing else is. A key that is still to be
 * made brings its passphrase along; a key without one is there unlocked, and there is nothing to import.
 */
export const passphraseImport = (object: ScheduledBackup, facts: ScheduledBackupFacts): SecretImport | undefined => {
	const reference = object.spec.gpgKeySecretRef;
	if (reference === undefined) return undefined;
	const key = reference.passphraseKey as string;
	const found = keyKnowledge(facts, reference.secretName, key);
	const knowledge = keysAreMade(object, facts) && found !== "unknown" ? "present" : found;
	if (knowledge === "missing" || knowledge === "empty") return undefined;
	return {
		path: "Repository.passphrase",
		secretName: reference.secretName,
		key,
		fieldPath: "spec.gpgKeySecretRef.passphraseKey",
		knowledge,
		named: true,
	};
};
