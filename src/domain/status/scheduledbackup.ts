// The whole status of a ScheduledBackup from what a reconcile found. `Ready` means valid and installed; how runs end is
// `LastRunSucceeded`. The same findings always give the same status, so that an unchanged object is never written.
import type { GpgKeyStatus, OwnedReference, ScheduledBackup, ScheduledBackupStatus } from "../../api/types.ts";
import { conditionOf, type Observation, type Standing, setConditions, standingConditions } from "./conditions.ts";
import { digestOf } from "./facts.ts";
import { KEYS_USABLE, type KeysVerdict, keysObservation, RESTORABLE_REASONS } from "./keys.ts";
import type { RunsSummary } from "./runs.ts";

/** What a reconcile came to. */
export interface Verdict {
	standing: Standing;
	/** One CamelCase word: `Installed`, `Invalid`, `Conflict`, `WaitingForReferences` … */
	reason: string;
	message: string;
}

export interface ScheduledBackupObservation {
	/** As stored. */
	object: ScheduledBackup;
	verdict: Verdict;
	keys: KeysVerdict;
	/** Children that are there and ours. */
	owned: OwnedReference[];
	runs: RunsSummary;
	/** Undefined where nothing is scheduled (suspended, disabled, never fires). RFC 3339. */
	nextScheduleTime: string | undefined;
	now: Date;
}

/**
 * A key that cannot be used makes an installed backup not ready: what could not be restored must not look healthy. One that
 * opens old backups is all that a schedule of restores needs.
 */
const withKeys = (verdict: Verdict, keys: KeysVerdict, { spec }: ScheduledBackup): Verdict => {
	if (verdict.standing !== "ready" || keys.type !== "unusable") return verdict;
	if (spec.operation === "restore" && RESTORABLE_REASONS.has(keys.reason)) return verdict;
	return { standing: "stalled", reason: keys.reason, message: keys.message };
};

/** The condition that users of the original know. */
const installation = (verdict: Verdict): Observation => ({
	type: "BackupObjectsInstallation",
	status: verdict.standing === "ready" ? "True" : "False",
	reason: verdict.standing === "ready" ? "SpecWasUpdated" : verdict.reason,
	message: verdict.standing === "ready" ? "The objects are as the spec asks" : verdict.message,
});

/** Where the object's key is: told when another place is named one day. Of an object with defaults. */
export const keyPlace = ({ spec }: ScheduledBackup): GpgKeyStatus => {
	const reference = spec.gpgKeySecretRef as Required<NonNullable<typeof spec.gpgKeySecretRef>> | undefined;
	if (reference === undefined) return {};
	const { secretName, privateKey, publicKey } = reference;
	return { secretName, privateKey, publicKey };
};

/** A key that is not seen now stays recorded, also where none is asked for: it may be asked for again. */
const gpgKeyStatus = ({ object, keys }: ScheduledBackupObservation): Pick<ScheduledBackupStatus, "gpgKey"> => {
	const known = keys.type === "usable" || keys.type === "unusable" ? keys.key : undefined;
	const gpgKey = known?.fingerprint === undefined ? object.status?.gpgKey : { ...known, ...keyPlace(object) };
	return gpgKey === undefined ? {} : { gpgKey };
};

const runTimes = ({ runs, nextScheduleTime }: ScheduledBackupObservation): Partial<ScheduledBackupStatus> => ({
	...(runs.lastScheduleTime === undefined ? {} : { lastScheduleTime: runs.lastScheduleTime }),
	...(nextScheduleTime === undefined ? {} : { nextScheduleTime }),
	...(runs.lastSuccessfulTime === undefined ? {} : { lastSuccessfulTime: runs.lastSuccessfulTime }),
	...(runs.lastFailedTime === undefined ? {} : { lastFailedTime: runs.lastFailedTime }),
});

/** Hash of the spec, whatever the order of its fields. */
export const specHash = (object: ScheduledBackup): string => digestOf(object.spec);

const appliedHash = (observation: ScheduledBackupObservation): Partial<ScheduledBackupStatus> => {
	const { object, verdict } = observation;
	const hash = verdict.standing === "ready" ? specHash(object) : object.status?.lastAppliedSpecHash;
	return hash === undefined ? {} : { lastAppliedSpecHash: hash };
};

/** The status to be stored; equal to the stored one (see `sameStatus`) where nothing changed. */
export const scheduledBackupStatus = (observation: ScheduledBackupObservation): ScheduledBackupStatus => {
	const { object, runs, keys, owned, now } = observation;
	const verdict = withKeys(observation.verdict, keys, object);
	const generation = object.metadata.generation ?? 0;
	const keysCondition = keysObservation(keys);
	const observed = [
		...standingConditions(verdict.standing, verdict.reason, verdict.message),
		...(keysCondition === undefined ? [] : [keysCondition]),
		...(object.spec.cronJob === undefined && conditionOf(object.status?.conditions, runs.condition.type) === undefined
			? []
			: [runs.condition]),
		installation(observation.verdict),
	];
	return {
		observedGeneration: generation,
		conditions: setConditions(object.status?.conditions ?? [], observed, [KEYS_USABLE], { generation, now }),
		...appliedHash(observation),
		ownedReferences: owned,
		healthy: verdict.standing === "ready" && runs.condition.status !== "False",
		childrenResourcesHealth: runs.health,
		...gpgKeyStatus(observation),
		...runTimes(observation),
		active: runs.active,
	};
};

/** Whether two statuses say the same, whatever the order of their fields. */
export const sameStatus = (one: object | undefined, other: object): boolean => digestOf(one ?? {}) === digestOf(other);
