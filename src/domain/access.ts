// What the author of a ScheduledBackup or of an action must be allowed to do. Whoever may edit the script can print every
// Secret that it names, so naming one takes the right to read it; a service account's token takes the right to ask for one.
// A restore overwrites data, so having one run takes a right of its own: the verb `restore` on the ScheduledBackup.
import { GROUP, SCHEDULED_BACKUP } from "../api/kinds.ts";
import type { RequestedBackupAction, ScheduledBackup } from "../api/types.ts";
import { wellTyped } from "../api/welltyped.ts";
import { forgetful, type Memory } from "./memory.ts";
import { declaredPodOptions } from "./podoptions.ts";
import { secretUses } from "./secretuses.ts";

/** One question to a SubjectAccessReview, in the object's own namespace. */
export interface AccessNeed {
	/** Field path that gives rise to it. */
	path: string;
	/** `get`, `create`, `patch` or `restore`. */
	verb: string;
	/** Empty for the core API group. */
	group: string;
	/** `secrets`, `serviceaccounts` or `scheduledbackups`. */
	resource: string;
	/** `token`. */
	subresource?: string;
	name: string;
}

const reading = (object: ScheduledBackup, memory: Memory): AccessNeed[] =>
	secretUses(object, memory).map((use) => ({
		path: use.path,
		verb: "get",
		group: "",
		resource: "secrets",
		name: use.secretName,
	}));

const keyMaking = (object: ScheduledBackup): AccessNeed[] => {
	const reference = wellTyped(object).spec.gpgKeySecretRef;
	if (reference?.createIfNotExists !== true) return [];
	const path = "spec.gpgKeySecretRef.createIfNotExists";
	return ["create", "patch"].map((verb) => ({
		path,
		verb,
		group: "",
		resource: "secrets",
		name: reference.secretName,
	}));
};

const serviceAccount = (object: ScheduledBackup, memory: Memory): AccessNeed[] => {
	const name = declaredPodOptions(object, memory).serviceAccountName;
	if (name === undefined) return [];
	return [{ path: "spec.vars", verb: "create", group: "", resource: "serviceaccounts", subresource: "token", name }];
};

/**
 * Everything that the requesting user must be allowed, on create and on every change of the spec. One entry for each
 * field that asks for it: two fields that name the same Secret are two entries.
 */
export const accessQuestions = (object: ScheduledBackup, memory: Memory = forgetful): AccessNeed[] => [
	...reading(object, memory),
	...keyMaking(object),
	...serviceAccount(object, memory),
];

/** The verb that is asked for before a restore, on `scheduledbackups` and the name of the ScheduledBackup that is restored. */
export const RESTORE_VERB = "restore";

const restoring = (path: string, name: string): AccessNeed => ({
	path,
	verb: RESTORE_VERB,
	group: GROUP,
	resource: SCHEDULED_BACKUP.plural,
	name,
});

/**
 * The right to a schedule that restores, where this is one. Without a name (`generateName`, seen by the mutating call
 * alone) the question is for the right to all of the namespace.
 */
export const restoreQuestions = (object: ScheduledBackup): AccessNeed[] =>
	wellTyped(object).spec.operation === "restore" ? [restoring("spec.operation", object.metadata?.name ?? "")] : [];

/** The right to the restore that an action asks for, whether or not there is such a ScheduledBackup. */
export const actionQuestions = (object: RequestedBackupAction): AccessNeed[] => {
	const name: unknown = object.spec?.scheduledBackupRef?.name;
	// Without a name there is nothing to restore, and the schema says so.
	if (object.spec?.action !== "restore" || typeof name !== "string" || name === "") return [];
	return [restoring("spec.action", name)];
};
