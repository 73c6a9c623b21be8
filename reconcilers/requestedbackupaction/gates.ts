// What an action needs of its ScheduledBackup before a Job is made.
import type { RequestedBackupAction, ScheduledBackup } from "../../src/api/types.ts";
import { conditionOf } from "../../src/domain/status/conditions.ts";
import { RESTORABLE_REASONS } from "../../src/domain/status/keys.ts";
import type { Wait } from "./step.ts";

const WAITING = "WaitingForScheduledBackup";

const nameOf = (action: RequestedBackupAction): string => `ScheduledBackup "${action.spec.scheduledBackupRef.name}"`;

/** Why there is no ScheduledBackup to act on; undefined where there is. The script goes with its ScheduledBackup. */
export const absence = (
	action: RequestedBackupAction,
	scheduledBackup: ScheduledBackup | undefined,
): Wait | undefined => {
	if (scheduledBackup === undefined)
		return { reason: WAITING, message: `${nameOf(action)} does not exist; the action waits for it`, troubled: true };
	return scheduledBackup.metadata.deletionTimestamp === undefined
		? undefined
		: { reason: WAITING, message: `${nameOf(action)} is being deleted`, troubled: true };
};

/** Why an action cannot use its ScheduledBackup yet; undefined where it can. */
export const unreadiness = (
	action: RequestedBackupAction,
	scheduledBackup: ScheduledBackup | undefined,
): Wait | undefined => {
	const absent = absence(action, scheduledBackup);
	if (scheduledBackup === undefined || absent !== undefined) return absent;
	const name = nameOf(action);
	const reason = WAITING;
	const { metadata, status } = scheduledBackup;
	if (status?.observedGeneration !== metadata.generation) return { reason, message: `${name} is not reconciled yet` };
	const ready = conditionOf(status?.conditions, "Ready");
	const restorable = action.spec.action === "restore" && RESTORABLE_REASONS.has(ready?.reason ?? "");
	if (ready?.status === "True" || restorable) return undefined;
	const message = `${name} is not Ready (${ready?.reason ?? "Unknown"}): ${ready?.message ?? ""}`;
	return { reason, message, troubled: true };
};

/** Whether its objects are installed. */
export const isReady = (scheduledBackup: ScheduledBackup): boolean =>
	conditionOf(scheduledBackup.status?.conditions, "Ready")?.status === "True";

/**
 * The others that an action has to let go first: all, or, where it could begin itself, those that have a Job or could begin
 * too. With a key that has expired no backup can be made, and a restore must not wait for one. Whether there is a plan for
 * what an action asks for is seen when its Job is to be made (prepare.ts): one that has none ends there, so it blocks nobody.
 */
export const competitors = (
	others: readonly RequestedBackupAction[],
	scheduledBackup: ScheduledBackup | undefined,
	unready: Wait | undefined,
): readonly RequestedBackupAction[] =>
	unready === undefined
		? others.filter((other) => other.status?.jobUID !== undefined || unreadiness(other, scheduledBackup) === undefined)
		: others;
