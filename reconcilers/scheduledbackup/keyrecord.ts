// What status remembers of keys, written around a key's making: that one is about to be stored, and that it is. Each write
// names the version that was read, so of two controllers that make a key only one gets past both, and a key that was not
// recorded is never used.
import { defaultScheduledBackup } from "../../src/api/defaults.ts";
import { SCHEDULED_BACKUP } from "../../src/api/kinds.ts";
import type { GpgKeyStatus, ScheduledBackup } from "../../src/api/types.ts";
import { keyPlace } from "../../src/domain/status/scheduledbackup.ts";
import { ConflictError } from "../../src/kube/errors.ts";
import { readLive } from "../../src/kube/readlive.ts";
import type { Context } from "../shared/context.ts";

/** Tries to record a key that is stored: others may write metadata at the same time. */
const MOST_TRIES = 4;

/**
 * The object as the API server has it, with defaults; undefined where it is not the one that was looked at any more, or
 * another spec is wanted by now. A watch may lag behind what status records.
 */
export const readUnchanged = async (context: Context, seen: ScheduledBackup): Promise<ScheduledBackup | undefined> => {
	const { namespace = "", name = "", uid, generation } = seen.metadata;
	const live = await readLive(context.kube, SCHEDULED_BACKUP, { namespace, name });
	const isSame = live?.metadata.uid === uid && live?.metadata.generation === generation;
	if (live === undefined || !isSame || live.metadata.deletionTimestamp !== undefined) return undefined;
	const { managedFields: _, ...metadata } = live.metadata;
	return defaultScheduledBackup({ ...live, metadata });
};

const store = async (context: Context, object: ScheduledBackup, gpgKey: GpgKeyStatus): Promise<ScheduledBackup> => {
	const stored = await context.kube.replaceStatus(SCHEDULED_BACKUP, {
		...object,
		status: { ...object.status, gpgKey },
	});
	const { managedFields: _, ...metadata } = stored.metadata;
	context.watches.scheduledBackups.wrote({ ...stored, metadata });
	return defaultScheduledBackup({ ...stored, metadata });
};

/** Says that a key is about to be stored. A ConflictError means that somebody else may be making one. */
export const recordPending = (context: Context, object: ScheduledBackup, fingerprint: string) =>
	store(context, object, { ...object.status?.gpgKey, pendingFingerprint: fingerprint });

/**
 * Says that the pending key is stored, before anything uses it.
 * @param pending the object as it was stored with the pending key.
 * @returns the object as stored; undefined where somebody else made a key, or changed the spec, since.
 */
export const recordStored = async (
	context: Context,
	pending: ScheduledBackup,
	fingerprint: string,
): Promise<ScheduledBackup | undefined> => {
	let object: ScheduledBackup | undefined = pending;
	for (let tries = 0; tries < MOST_TRIES; tries += 1) {
		if (object?.status?.gpgKey?.pendingFingerprint !== fingerprint) return undefined;
		try {
			return await store(context, object, { fingerprint, ...keyPlace(object) });
		} catch (error) {
			if (!(error instanceof ConflictError)) throw error;
			object = await readUnchanged(context, pending);
		}
	}
	return undefined;
};
