// What our objects are called. Everything derives from the owner's name (and the content or UID), so that the same
// input always gives the same names, and a name that is too long is cut and hashed rather than refused.
import { createHash } from "node:crypto";
import { boundedName } from "../names.ts";
import type { Operation } from "../operation.ts";

/** The controller appends 11 characters to make a Job's name: https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/ */
const CRON_JOB_LIMIT = 52;
const JOB_LIMIT = 63;
const OBJECT_LIMIT = 253;
const HASH_LENGTH = 10;

const hashOf = (text: string): string => createHash("sha256").update(text).digest("hex").slice(0, HASH_LENGTH);

const withHash = (name: string, hashed: string, limit: number): string =>
	`${boundedName(name, limit - HASH_LENGTH - 1)}-${hashOf(hashed)}`;

/** `<sb>`, at most 52 characters. */
export const cronJobName = (scheduledBackup: string): string => boundedName(scheduledBackup, CRON_JOB_LIMIT);

/** `<sb>-<operation>-<hash of the script>`: a Job never meets a script that was made for other environment variables. */
export const scriptConfigMapName = (scheduledBackup: string, operation: Operation, script: string): string =>
	withHash(`${scheduledBackup}-${operation}`, script, OBJECT_LIMIT);

/** `<sb>-env`. */
export const environmentSecretName = (scheduledBackup: string): string =>
	boundedName(`${scheduledBackup}-env`, OBJECT_LIMIT);

/** `<action>-<hash of its UID>`: an action that is created anew under the same name never meets the old one's Job. */
export const actionJobName = (action: string, uid: string): string => withHash(action, uid, JOB_LIMIT);
