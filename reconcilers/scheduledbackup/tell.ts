// What a reconcile says: the status, where it differs from the stored one, and Events for what happened.
import { SCHEDULED_BACKUP } from "../../src/api/kinds.ts";
import type { OwnedReference, ScheduledBackup, ScheduledBackupStatus } from "../../src/api/types.ts";
import { conditionOf } from "../../src/domain/status/conditions.ts";
import { KEYS_USABLE } from "../../src/domain/status/keys.ts";
import { sameStatus } from "../../src/domain/status/scheduledbackup.ts";
import type { Context } from "../shared/context.ts";

/** What was done, for Events: filled in as it happens, so that it is told whatever comes after it. */
export interface Doings {
	created: OwnedReference[];
	updated: OwnedReference[];
	/** Jobs of the schedule that were suspended, since they began over a restore. */
	held: string[];
	/** Fingerprint of a key that was made. */
	madeKey: string | undefined;
	/** The object as it is stored, with defaults, where that is newer than what the watch told. */
	stored: ScheduledBackup | undefined;
}

/** Nothing was done yet. */
export const noDoings = (): Doings => ({ created: [], updated: [], held: [], madeKey: undefined, stored: undefined });

/**
 * Stores the status where it says something new.
 * @returns whether it was written. A ConflictError means that somebody changed the object: look again.
 */
export const storeStatus = async (
	context: Context,
	object: ScheduledBackup,
	status: ScheduledBackupStatus,
): Promise<boolean> => {
	if (sameStatus(object.status, status)) return false;
	const stored = await context.kube.replaceStatus(SCHEDULED_BACKUP, { ...object, status });
	const { managedFields: _, ...metadata } = stored.metadata;
	context.watches.scheduledBackups.wrote({ ...stored, metadata });
	return true;
};

const names = (references: readonly OwnedReference[]): string =>
	references.map(({ kind, name }) => `${kind} "${name}"`).join(", ");

/** A condition that now says something bad that it did not say before. */
const news = (before: ScheduledBackupStatus | undefined, after: ScheduledBackupStatus, type: string, bad: string) => {
	const [old, current] = [conditionOf(before?.conditions, type), conditionOf(after.conditions, type)];
	if (current?.status !== bad) return undefined;
	return old?.status === bad && old.reason === current.reason && old.message === current.message ? undefined : current;
};

/** Writes the Events for what was done: no later reconcile would know of it. */
export const tellDoings = async ({ events }: Context, object: ScheduledBackup, doings: Doings): Promise<void> => {
	const { created, updated, held, madeKey } = doings;
	if (madeKey !== undefined)
		await events.record(
			object,
			"Normal",
			"KeyGenerated",
			`Made the GPG key ${madeKey} in Secret "${object.spec.gpgKeySecretRef?.secretName}"; keep a copy outside of this cluster`,
		);
	if (created.length > 0) await events.record(object, "Normal", "Created", `Created ${names(created)}`);
	if (updated.length > 0) await events.record(object, "Normal", "Updated", `Updated ${names(updated)}`);
	if (held.length > 0)
		await events.record(
			object,
			"Warning",
			"RunHeld",
			`Suspended ${held.map((name) => `Job "${name}"`).join(", ")}: begun while a restore runs, it goes on when that has ended`,
		);
};

/** Writes the Events for what became bad; call it once the status that says so is stored. */
export const tellNews = async (
	{ events }: Context,
	object: ScheduledBackup,
	status: ScheduledBackupStatus,
): Promise<void> => {
	const stalled = news(object.status, status, "Stalled", "True");
	if (stalled !== undefined) await events.record(object, "Warning", stalled.reason, stalled.message);
	const keys = news(object.status, status, KEYS_USABLE, "False");
	if (keys !== undefined && keys.reason !== stalled?.reason)
		await events.record(object, "Warning", keys.reason, keys.message);
};
