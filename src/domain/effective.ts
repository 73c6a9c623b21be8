// The variables that a template sees, after all precedence. Lowest first: defaults from the spec, `vars`,
// `varsSecretRef`, `tokenSecretRef`, and last what is the controller's own.
import type { ScheduledBackup } from "../api/types.ts";
import { SecretValue, type Value, type ValueMap } from "../template/value.ts";
import type { ScheduledBackupFacts } from "./facts.ts";
import {
	importsTooMany,
	namedKeys,
	passphraseImport,
	type SecretImport,
	tokenImport,
	variableImports,
} from "./imports.ts";
import { secretKnowledge } from "./knowledge.ts";
import { KEY_PATH } from "./objects/container.ts";
import type { EffectiveVariables } from "./plan.ts";
import { mergeReports, type Problem, type Report } from "./report.ts";
import { overlaySecretPaths } from "./vars/secrets.ts";
import { getPath, isValueMap, setPath } from "./vars/tree.ts";

/** What the tree is made of besides the object. */
export interface VariableSources {
	/** `spec.vars`, parsed. */
	vars: ValueMap;
	facts: ScheduledBackupFacts;
	/** Whether keys that are missing count as present: what would be said once they are there. */
	assumeMissing: boolean;
}

/**
 * Why a key that the tree lacks may yet come from a Secret whose keys are not known: it may not be told about
 * (`hidden`), or it does not exist (`missing`). `no`: all keys are known.
 */
export type UnknownKeys = "no" | "hidden" | "missing";

export interface Variables extends EffectiveVariables {
	imports: readonly SecretImport[];
	unknownKeys: UnknownKeys;
}

type Path = readonly [string, ...string[]];

const isAbsent = (value: Value | undefined): boolean => value === undefined || value === null;

const withDefault = (tree: ValueMap, path: Path, value: Value | undefined): ValueMap =>
	value === undefined || !isAbsent(getPath(tree, path)) ? tree : setPath(tree, path, value);

const isTaken = (entry: SecretImport, assumeMissing: boolean): boolean =>
	assumeMissing || (entry.knowledge !== "missing" && entry.knowledge !== "missingSecret");

const secretValue = (entry: SecretImport): SecretValue => new SecretValue(entry.path, entry.secretName, entry.key);

/** Stands in for a collection that the schema refuses: that it must change is said there, and is no mistake of vars. */
const SOME_COLLECTION = "collection";

/** Defaults below everything that the author wrote; an empty e-mail is none. */
const withSpecDefaults = (tree: ValueMap, object: ScheduledBackup, passphrase: SecretImport | undefined): ValueMap => {
	const { collectionId, gpgKeySecretRef } = object.spec;
	const withCollection = withDefault(tree, ["Repository", "collectionId"], collectionId || SOME_COLLECTION);
	const withRecipient = withDefault(withCollection, ["Repository", "recipient"], gpgKeySecretRef?.email || undefined);
	return withDefault(withRecipient, ["Repository", "passphrase"], passphrase && secretValue(passphrase));
};

const withoutKeyPath = (tree: ValueMap): ValueMap => {
	const repository = getPath(tree, ["Repository"]);
	if (!isValueMap(repository) || !repository.has("encryptionKeyPath")) return tree;
	return setPath(tree, ["Repository"], new Map([...repository].filter(([key]) => key !== "encryptionKeyPath")));
};

const withOwnValues = (tree: ValueMap, object: ScheduledBackup): ValueMap =>
	object.spec.gpgKeySecretRef === undefined
		? withoutKeyPath(tree)
		: setPath(tree, ["Repository", "encryptionKeyPath"], KEY_PATH);

const unknownKeys = (object: ScheduledBackup, facts: ScheduledBackupFacts): UnknownKeys => {
	const reference = object.spec.varsSecretRef;
	if (reference === undefined || namedKeys(reference) !== undefined) return "no";
	const { state } = secretKnowledge(facts, reference.secretName);
	// Of a Secret with too many keys, that alone is said: any variable may be among those that were left out.
	if (importsTooMany(object, facts) > 0) return "hidden";
	if (state === "known") return "no";
	return state === "unknown" ? "hidden" : "missing";
};

const repositoryProblem = (vars: ValueMap): Problem[] => {
	const repository = getPath(vars, ["Repository"]);
	if (isAbsent(repository) || isValueMap(repository)) return [];
	return [
		{
			path: "spec.vars",
			reason: "FieldValueInvalid",
			message: "Repository must be a map",
			hint: "write its values as `Repository: {url: …}`, one key each",
		},
	];
};

/** `HelmValues.env.NAME` is all that a Secret may set of the pod: whoever writes Secrets must not choose an image. */
const podOptionProblem = (entry: SecretImport): Problem[] => {
	const segments = entry.path.split(".");
	if (segments[0] !== "HelmValues" || (segments[1] === "env" && segments.length === 3)) return [];
	return [
		{
			path: entry.fieldPath,
			reason: "FieldValueForbidden",
			message: `Secret "${entry.secretName}" cannot set "${entry.path}"`,
			hint: "of HelmValues only HelmValues.env.NAME can come from a Secret",
		},
	];
};

const overlay = (tree: ValueMap, entries: readonly SecretImport[]): { tree: ValueMap; report: Report } => {
	const refused = entries.flatMap(podOptionProblem);
	const accepted = entries.filter((entry) => podOptionProblem(entry).length === 0);
	const overlaid = overlaySecretPaths(tree, accepted);
	return { tree: overlaid.tree, report: mergeReports({ errors: refused, warnings: [] }, overlaid.report) };
};

/**
 * The variable tree of an object whose defaults are applied, with the mistakes of its making: paths that collide, and
 * paths that a Secret may not set. Missing keys are simply not in it.
 */
export const effectiveVariables = (object: ScheduledBackup, sources: VariableSources): Variables => {
	const { vars, facts, assumeMissing } = sources;
	const passphrase = passphraseImport(object, facts);
	const token = tokenImport(object, facts);
	const fromSecret = variableImports(object, facts);
	const taken = (entry: SecretImport | undefined): entry is SecretImport =>
		entry !== undefined && isTaken(entry, assumeMissing);
	const defaulted = withSpecDefaults(vars, object, taken(passphrase) ? passphrase : undefined);
	const present = fromSecret.filter(taken);
	const overlaid = overlay(defaulted, present);
	// What is wrong with keys that somebody named is wrong whether or not they are there: told later, it would be a second mistake.
	const report = present.length === fromSecret.length ? overlaid.report : overlay(defaulted, fromSecret).report;
	const tokened = taken(token) ? setPath(overlaid.tree, ["Repository", "token"], secretValue(token)) : overlaid.tree;
	return {
		tree: withOwnValues(tokened, object),
		report: mergeReports({ errors: repositoryProblem(vars), warnings: [] }, report),
		imports: [...fromSecret, token, passphrase].filter((entry) => entry !== undefined),
		unknownKeys: unknownKeys(object, facts),
	};
};
