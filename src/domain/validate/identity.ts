// Whether what is sent away can be read again one day: the GPG identity is complete, is what it should be, fits the
// passphrase and the recipient, and was not replaced behind our back.
import type { ScheduledBackup } from "../../api/types.ts";
import { REPLACE_LOST_KEY_ANNOTATION } from "../annotations.ts";
import type { IdentityFacts, KeyMaterial, ScheduledBackupFacts } from "../facts.ts";
import { type KeysPresence, keysPresence, recordedFingerprint } from "../keys.ts";
import { hiddenSecrets, keyKnowledge, secretKnowledge } from "../knowledge.ts";
import { mergeReports, type Problem, type Report } from "../report.ts";
import { isComputed } from "../shell.ts";
import { gpgCommandProblems } from "./gpgcommand.ts";
import { errorsOnly, warningsOnly } from "./problems.ts";
import { isEmail, recipientMatches } from "./recipient.ts";
import { absentKeysProblems } from "./secrets.ts";

/** What the effective variables say about the key. */
export interface KeyUse {
	/** `Repository.recipient`, where it is a plain value. */
	recipient: string | undefined;
	/** Whether `Repository.passphrase` is shell syntax: what it comes to is known in the pod alone. */
	passphraseIsComputed: boolean;
	/** Whether `Repository.passphrase` is there and empty: a script prints that, and takes no other in its place. */
	passphraseIsEmpty: boolean;
	/** The field that decides `Repository.passphrase`. */
	passphrasePath: string;
	/** The field that decides `Repository.recipient`. */
	recipientPath: string;
}

/** State of the identity and what is to be said about it; the reconciler's `KeysUsable` condition is made of it. */
export interface KeysVerdict {
	presence: KeysPresence;
	report: Report;
}

interface Subject {
	object: ScheduledBackup;
	reference: NonNullable<ScheduledBackup["spec"]["gpgKeySecretRef"]>;
	facts: ScheduledBackupFacts;
	identity: IdentityFacts | undefined;
	use: KeyUse;
}

const invalid = (field: string, message: string, hint?: string): Problem => ({
	path: field === "" ? "spec.gpgKeySecretRef" : `spec.gpgKeySecretRef.${field}`,
	reason: "FieldValueInvalid",
	message,
	...(hint === undefined ? {} : { hint }),
});

const partialProblems = ({ reference, facts }: Subject): Problem[] => {
	const hasPublic = keyKnowledge(facts, reference.secretName, reference.publicKey as string) === "present";
	const halves = [`public key ("${reference.publicKey}")`, `private key ("${reference.privateKey}")`];
	const [there, lacking] = hasPublic ? halves : halves.reverse();
	const message = `Secret "${reference.secretName}" holds the ${there} but no ${lacking}`;
	const hint = "add the missing half, or name a Secret or keys that hold neither, so that a new pair can be made";
	return [invalid("", message, hint)];
};

interface Search extends Pick<Subject, "reference" | "facts"> {
	fingerprint: string | undefined;
}

/** Where the key was, if that is not where it is looked for now. */
const placeElsewhere = ({ reference, facts, fingerprint }: Search): string | undefined => {
	const { recordedPlace: place } = facts;
	if (place === undefined || fingerprint !== facts.recordedFingerprint) return undefined;
	if (place.secretName === reference.secretName && place.privateKey === reference.privateKey) return undefined;
	return `"${place.privateKey}" in Secret "${place.secretName}"`;
};

const lostProblems = ({ object, reference, facts }: Subject): Problem[] => {
	const fingerprint = recordedFingerprint(object, facts);
	const consent = `${REPLACE_LOST_KEY_ANNOTATION}: "${fingerprint}"`;
	const accept = `since earlier backups open with no other; or accept their loss by the annotation ${consent}`;
	const place = placeElsewhere({ reference, facts, fingerprint });
	if (place !== undefined) {
		const message = `the key ${fingerprint} was made or found as ${place}, which is no longer named`;
		return [invalid("secretName", message, `name it again or copy the key, ${accept}`)];
	}
	const message = `the key ${fingerprint} is no longer in Secret "${reference.secretName}"`;
	return [invalid("secretName", message, `put it back, ${accept}`)];
};

const additionProblems = ({ reference, facts }: Subject): Problem[] => {
	const knowledge = secretKnowledge(facts, reference.secretName);
	if (knowledge.state !== "known") return [];
	const { immutable, controlledBy } = knowledge.secret;
	const hint = "name another Secret for the key; it may be one that does not exist yet";
	const name = `Secret "${reference.secretName}"`;
	if (immutable) return [invalid("secretName", `${name} is immutable: no key can be added to it`, hint)];
	if (controlledBy === undefined) return [];
	return [invalid("secretName", `${name} is controlled by ${controlledBy}, which would remove an added key`, hint)];
};

const LINE_BREAK = "take the line break out; `kubectl create secret --from-file` keeps the one at a file's end";

const recipientPath = ({ use, reference }: Subject): string =>
	use.recipient !== undefined && use.recipient === reference.email ? "spec.gpgKeySecretRef.email" : use.recipientPath;

const commandProblems = (subject: Subject): Problem[] => {
	const { identity, use } = subject;
	return gpgCommandProblems({ ...use, identity, recipientPath: recipientPath(subject) });
};

const LEAVE_OUT = "leave it out: the passphrase in the Secret is used then, and one is made with the key";

const creationProblems = (subject: Subject): Problem[] => {
	const { reference, use, identity } = subject;
	const problems = additionProblems(subject);
	const plain = use.recipient === undefined || use.recipient === reference.email || isEmail(use.recipient);
	if (!plain || identity?.recipientFits === false) {
		const message = "Repository.recipient is no e-mail address, and the key that is to be made needs one";
		problems.push({
			path: use.recipientPath,
			reason: "FieldValueInvalid",
			message,
			hint: "write it as name@example.org",
		});
	}
	if (identity?.passphraseHasLineBreak) {
		const message = "Repository.passphrase is not one line, so the key that is to be made cannot be locked with it";
		problems.push({ path: use.passphrasePath, reason: "FieldValueInvalid", message, hint: LINE_BREAK });
	}
	if (use.passphraseIsComputed) {
		const message = "Repository.passphrase holds shell syntax, so the key that is to be made cannot be locked with it";
		const hint = `leave it out, or put the passphrase under "${reference.passphraseKey}" into the Secret`;
		problems.push({ path: use.passphrasePath, reason: "FieldValueInvalid", message, hint });
	}
	if (use.passphraseIsEmpty) {
		const message = "Repository.passphrase is empty, so the key that is to be made cannot be locked with it";
		problems.push({ path: use.passphrasePath, reason: "FieldValueInvalid", message, hint: LEAVE_OUT });
	}
	return [...problems, ...commandProblems(subject)];
};

const UNSUPPORTED =
	"make a version 4 key of RSA, DSA, NIST or Curve25519 with gpg 2.2, locked with neither AEAD nor Argon2";
const TOO_COSTLY =
	"at most 64 KiB, 16 subkeys, 32 user IDs, 256 signatures of its own, and numbers and S2K counts as gpg makes them";

const materialProblem = (subject: Subject, half: "publicKey" | "privateKey", material: KeyMaterial): Problem[] => {
	const key = `key "${subject.reference[half]}" of Secret "${subject.reference.secretName}"`;
	const [wanted, block] =
		half === "publicKey" ? ["public", "PGP PUBLIC KEY BLOCK"] : ["private", "PGP PRIVATE KEY BLOCK"];
	const hint = `expected is what begins with "-----BEGIN ${block}-----"`;
	if (material === "notArmored") return [invalid(half, `${key} is no OpenPGP armor`, hint)];
	if (material === "wrongKind") return [invalid(half, `${key} is no OpenPGP ${wanted} key`, hint)];
	if (material === "unsupported") return [invalid(half, `${key} is a key that gpg 2.2 cannot use`, UNSUPPORTED)];
	if (material === "tooCostly") return [invalid(half, `${key} is too large or too costly to be checked`, TOO_COSTLY)];
	return [];
};

const pairProblems = ({ identity, reference }: Subject): Problem[] => {
	const problems: Problem[] = [];
	const name = `Secret "${reference.secretName}"`;
	if (identity?.pair === false) problems.push(invalid("", `public and private key of ${name} are not one pair`));
	if (identity?.opens === false && identity.pair !== false) {
		const hint = identity.passphraseHasLineBreak ? LINE_BREAK : undefined;
		problems.push(invalid("passphraseKey", "the effective passphrase does not open the private key", hint));
	}
	return problems;
};

const passphraseProblems = ({ identity, reference, use }: Subject): Problem[] => {
	const isEmpty = use.passphraseIsEmpty && identity?.passphrase === "present";
	if (identity?.passphraseMatches !== false && !isEmpty) return [];
	const stored = `key "${reference.passphraseKey}" of Secret "${reference.secretName}"`;
	const message = `Repository.passphrase differs from the passphrase of the GPG key (${stored})`;
	const hint = "leave Repository.passphrase out to use the stored one; backups made otherwise could not be restored";
	return [{ path: use.passphrasePath, reason: "FieldValueInvalid", message, hint }];
};

const fits = (recipient: string | undefined, identity: IdentityFacts): boolean => {
	if (recipient === undefined) return identity.recipientFits !== false;
	return (
		recipient === "" || isComputed(recipient) || recipientMatches(recipient, identity.userIds, identity.fingerprint)
	);
};

const recipientProblems = (subject: Subject): Problem[] => {
	const { identity, reference, use } = subject;
	if (identity?.publicKey !== "present" || fits(use.recipient, identity)) return [];
	const path = recipientPath(subject);
	const what = path === "spec.gpgKeySecretRef.email" ? "the e-mail address" : "Repository.recipient";
	const message = `${what} is no user ID of the public key in Secret "${reference.secretName}"`;
	const hint = "gpg --recipient would not find the key: add that user ID to the key, or name one that it has";
	return [{ path, reason: "FieldValueInvalid", message, hint }];
};

const encryptionReport = ({ object, identity, reference }: Subject): Report => {
	if (identity?.publicKey !== "present" || identity.canEncrypt !== false) return errorsOnly([]);
	const key = `key "${reference.publicKey}" of Secret "${reference.secretName}"`;
	const message = `${key} cannot encrypt: it is expired or revoked, or has no subkey for it`;
	if (object.spec.operation === "restore") return warningsOnly(`spec.gpgKeySecretRef.publicKey: ${message}`);
	return errorsOnly([invalid("publicKey", message, "extend or renew it with gpg")]);
};

const changeWarning = ({ object, facts, identity }: Subject): Report => {
	const recorded = recordedFingerprint(object, facts);
	const found = identity?.fingerprint;
	if (recorded === undefined || found === undefined || recorded.toUpperCase() === found.toUpperCase()) {
		return warningsOnly();
	}
	return warningsOnly(
		`the GPG key changed from ${recorded.slice(-16)} to ${found.slice(-16)}: keep the old one for old backups`,
	);
};

/** Of both halves, or of the one that is there. */
const presentReport = (subject: Subject): Report => {
	const { identity } = subject;
	const problems = [
		...materialProblem(subject, "publicKey", identity?.publicKey ?? "present"),
		...materialProblem(subject, "privateKey", identity?.privateKey ?? "present"),
		...pairProblems(subject),
		...passphraseProblems(subject),
		...recipientProblems(subject),
		...commandProblems(subject),
	];
	return mergeReports(errorsOnly(problems), encryptionReport(subject), changeWarning(subject));
};

const reportOf = (presence: KeysPresence, subject: Subject): Report => {
	if (presence === "present") return presentReport(subject);
	if (presence === "partial") return mergeReports(errorsOnly(partialProblems(subject)), presentReport(subject));
	if (presence === "lost") return errorsOnly([...lostProblems(subject), ...additionProblems(subject)]);
	if (presence === "toBeMade") {
		// Of an empty one it was said already that no key can be made with it.
		const differing = subject.use.passphraseIsEmpty ? [] : passphraseProblems(subject);
		return errorsOnly([...creationProblems(subject), ...differing]);
	}
	if (presence === "missing") return errorsOnly(absentKeysProblems(subject.reference, subject.facts));
	return errorsOnly([]);
};

const NO_ENCRYPTION = "spec.gpgKeySecretRef is not set: backups are not encrypted";

/** What a Secret that may not be told about holds shows nowhere, not even by comparison with another. */
const comparable = (facts: ScheduledBackupFacts): IdentityFacts | undefined => {
	if (facts.identity === undefined || hiddenSecrets(facts).size === 0) return facts.identity;
	const {
		passphraseMatches: _,
		opens: _opens,
		passphraseHasLineBreak: _break,
		passphraseHasQuote: _quote,
		recipientHasQuote: _recipientQuote,
		recipientFits: _fits,
		...rest
	} = facts.identity;
	return rest;
};

/** Everything about the GPG identity of an object whose defaults are applied. */
export const keysVerdict = (object: ScheduledBackup, facts: ScheduledBackupFacts, use: KeyUse): KeysVerdict => {
	const presence = keysPresence(object, facts);
	const reference = object.spec.gpgKeySecretRef;
	if (reference === undefined) return { presence, report: warningsOnly(NO_ENCRYPTION) };
	const identity = presence === "unknown" ? undefined : comparable(facts);
	return { presence, report: reportOf(presence, { object, reference, facts, identity, use }) };
};
