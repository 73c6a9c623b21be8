// Whether a change makes a schedule quieter and nothing else. Whoever has to stop a schedule in the night must not first mend
// what is wrong with the object, nor need the rights of its author: such a change starts nothing and names nothing anew.
import { applyDefaults } from "../api/defaults.ts";
import { isRecord } from "../api/schema.ts";
import type { ScheduledBackup } from "../api/types.ts";

/** Whether two JSON values are the same, whatever the order of their keys. Exact, not by a hash: rights depend on it. */
const isSame = (one: unknown, other: unknown): boolean => {
	if (Array.isArray(one) && Array.isArray(other))
		return one.length === other.length && one.every((item, index) => isSame(item, other[index]));
	if (!isRecord(one) || !isRecord(other)) return one === other;
	const keys = Object.keys(one);
	return (
		keys.length === Object.keys(other).length &&
		keys.every((key) => Object.hasOwn(other, key) && isSame(one[key], other[key]))
	);
};

/** The same value, or the one that is quiet. */
const isNoLouder = (given: unknown, before: unknown, quiet: boolean): boolean => given === quiet || given === before;

const isCronJobQuieter = (given: unknown, before: unknown): boolean => {
	if (!isRecord(before)) return false;
	if (given === undefined) return true;
	if (!isRecord(given) || isSame(given, before)) return false;
	const { enabled, suspend, ...rest } = given;
	const { enabled: enabledBefore, suspend: suspendBefore, ...restBefore } = before;
	return (
		isSame(rest, restBefore) && isNoLouder(enabled, enabledBefore, false) && isNoLouder(suspend, suspendBefore, true)
	);
};

/**
 * Whether all that an update changes in the spec is that the schedule becomes quieter: `cronJob.suspend` to true,
 * `cronJob.enabled` to false, or no `cronJob` any more. Specs are compared by value, with the CRD's defaults; metadata and
 * status are not looked at.
 * @param object as it is sent, perhaps not of the schema's form
 * @param stored as it is before the update
 */
export const onlyQuietsSchedule = (object: ScheduledBackup, stored: ScheduledBackup): boolean => {
	const [given, before]: unknown[] = [applyDefaults(object).spec, applyDefaults(stored).spec];
	if (!isRecord(given) || !isRecord(before)) return false;
	const { cronJob, ...rest } = given;
	const { cronJob: cronJobBefore, ...restBefore } = before;
	return isSame(rest, restBefore) && isCronJobQuieter(cronJob, cronJobBefore);
};
