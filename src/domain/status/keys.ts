// The `KeysUsable` condition: whether backups that are made now can be restored later. What is wrong was found by the same
// checks that admission does; here it becomes one word, one message, and what status remembers of the key.
import type { GpgKeyStatus } from "../../api/types.ts";
import type { IdentityFacts } from "../facts.ts";
import type { keysPresence } from "../keys.ts";
import type { KeysVerdict as KeysFound } from "../validate/identity.ts";
import type { Observation } from "./conditions.ts";
import { problemsMessage } from "./problems.ts";

export const KEYS_USABLE = "KeysUsable";
/** Faults of a key that keep backups from being made, but not from being read. */
export const RESTORABLE_REASONS: ReadonlySet<string> = new Set(["KeyExpired", "CannotEncrypt"]);

export type KeysVerdict =
	| { type: "none" }
	| { type: "unknown" }
	| { type: "create" }
	| { type: "usable"; key: GpgKeyStatus; message: string }
	| { type: "unusable"; reason: string; message: string; key?: GpgKeyStatus };

type Presence = ReturnType<typeof keysPresence>;

const ABSENCE_REASONS: Partial<Record<Presence, string>> = {
	lost: "KeysLost",
	partial: "KeysIncomplete",
	missing: "KeysMissing",
	toBeMade: "KeysCannotBeMade",
};

const isExpired = (identity: IdentityFacts, now: Date): boolean =>
	identity.expirationTime !== undefined && Date.parse(identity.expirationTime) <= now.getTime();

const faultOf = (identity: IdentityFacts | undefined, now: Date): string => {
	if (identity?.pair === false) return "KeysMismatch";
	if (identity?.opens === false || identity?.passphraseMatches === false) return "WrongPassphrase";
	if (identity !== undefined && isExpired(identity, now)) return "KeyExpired";
	return identity?.canEncrypt === false ? "CannotEncrypt" : "KeysUnusable";
};

const keyStatus = (identity: IdentityFacts | undefined): { key?: GpgKeyStatus } => {
	if (identity?.fingerprint === undefined) return {};
	const { fingerprint, expirationTime } = identity;
	return { key: { fingerprint, ...(expirationTime === undefined ? {} : { expirationTime }) } };
};

/** What is still possible with a key that is past making backups; whatever else is wrong, nothing is promised. */
const STILL_RESTORES = "Backups that were made before can still be restored";

/** A key that is there and sound, but can make no backup any more: a schedule that only restores goes on with it. */
const restoresOnly = (identity: IdentityFacts | undefined, key: GpgKeyStatus, now: Date): KeysVerdict | undefined => {
	if (identity === undefined || (identity.canEncrypt !== false && !isExpired(identity, now))) return undefined;
	const when = isExpired(identity, now)
		? `expired at ${identity.expirationTime}`
		: "is revoked, or has no valid subkey";
	const message = `Key ${key.fingerprint ?? "of unknown fingerprint"} ${when}, so it encrypts no new backup. ${STILL_RESTORES}`;
	return { type: "unusable", reason: faultOf(identity, now), message, key };
};

/** Messages of mistakes, with what is still possible where the key's age is all that is wrong. */
const faultMessage = ({ errors }: KeysFound["report"], reason: string): string => {
	const message = problemsMessage(errors);
	return errors.length === 1 && RESTORABLE_REASONS.has(reason) ? `${message}. ${STILL_RESTORES}` : message;
};

/**
 * What is to be said and done about the keys.
 * @param found what the checks found.
 * @param identity what was seen of the keys; undefined where there is nothing to see.
 */
export const keysVerdict = (found: KeysFound, identity: IdentityFacts | undefined, now: Date): KeysVerdict => {
	const { presence, report } = found;
	if (presence === "none" || presence === "unknown") return { type: presence };
	if (report.errors.length > 0) {
		const reason = ABSENCE_REASONS[presence] ?? faultOf(identity, now);
		const known = presence === "present" ? keyStatus(identity) : {};
		return { type: "unusable", reason, message: faultMessage(report, reason), ...known };
	}
	if (presence !== "present") return { type: "create" };
	const { key = {} } = keyStatus(identity);
	const past = restoresOnly(identity, key, now);
	if (past !== undefined) return past;
	const expiry = key.expirationTime === undefined ? "never expires" : `expires at ${key.expirationTime}`;
	return { type: "usable", key, message: `Key ${key.fingerprint ?? "of unknown fingerprint"} ${expiry}` };
};

/** The condition for a verdict; undefined where no keys are asked for. */
export const keysObservation = (verdict: KeysVerdict): Observation | undefined => {
	const type = KEYS_USABLE;
	switch (verdict.type) {
		case "none":
			return undefined;
		case "usable":
			return { type, status: "True", reason: "Usable", message: verdict.message };
		case "unusable":
			return { type, status: "False", reason: verdict.reason, message: verdict.message };
		case "create":
			return { type, status: "Unknown", reason: "NotMade", message: "The keys are not made yet" };
		case "unknown":
			return { type, status: "Unknown", reason: "NotChecked", message: "The keys could not be looked at" };
	}
};
