// What the author of a ScheduledBackup must be allowed to do. Whoever may edit the script can print every Secret that it
// names, so naming one takes the right to read it; a service account's token takes the right to ask for one.
import type { ScheduledBackup } from "../api/types.ts";
import { wellTyped } from "../api/welltyped.ts";
import { forgetful, type Memory } from "./memory.ts";
import { declaredPodOptions } from "./podoptions.ts";
import { secretUses } from "./secretuses.ts";

/** One question to a SubjectAccessReview, in the object's own namespace and the core API group. */
export interface AccessNeed {
	/** Field path that gives rise to it. */
	path: string;
	/** `get`, `create` or `patch`. */
	verb: string;
	/** `secrets` or `serviceaccounts`. */
	resource: string;
	/** `token`. */
	subresource?: string;
	name: string;
}

const reading = (object: ScheduledBackup, memory: Memory): AccessNeed[] =>
	secretUses(object, memory).map((use) => ({ path: use.path, verb: "get", resource: "secrets", name: use.secretName }));

const keyMaking = (object: ScheduledBackup): AccessNeed[] => {
	const reference = wellTyped(object).spec.gpgKeySecretRef;
	if (reference?.createIfNotExists !== true) return [];
	const path = "spec.gpgKeySecretRef.createIfNotExists";
	return ["create", "patch"].map((verb) => ({ path, verb, resource: "secrets", name: reference.secretName }));
};

const serviceAccount = (object: ScheduledBackup, memory: Memory): AccessNeed[] => {
	const name = declaredPodOptions(object, memory).serviceAccountName;
	if (name === undefined) return [];
	return [{ path: "spec.vars", verb: "create", resource: "serviceaccounts", subresource: "token", name }];
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
