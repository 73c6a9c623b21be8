// Admission of RequestedBackupActions: an action that could never run is refused before it exists.

import type { RequestedBackupAction } from "../src/api/types.ts";
import { schemaProblems } from "../src/api/validate.ts";
import { actionQuestions } from "../src/domain/access.ts";
import { evaluateRequestedBackupAction } from "../src/domain/evaluateaction.ts";
import { missingReferencesPolicy } from "../src/domain/facts.ts";
import type { Report } from "../src/domain/report.ts";
import { downgradeMissing } from "../src/domain/warnings.ts";
import { gatherRequestedBackupAction } from "../src/gather/requestedbackupaction.ts";
import { deniedAccess, withRestoreRight } from "./access.ts";
import type { Admission, Handler } from "./admission.ts";
import { allow } from "./admission.ts";
import { checkTwice } from "./references.ts";
import type { AdmissionRequest, JsonPatchOperation } from "./review.ts";
import { schemaVerdict, verdictOf } from "./verdict.ts";

const check = async (admission: Admission, request: AdmissionRequest): Promise<Report> => {
	const { settings } = admission;
	const sent = request.object as RequestedBackupAction;
	const object = { ...sent, metadata: { ...sent.metadata, namespace: request.namespace } };
	const questions = admission.requireRestoreRight ? actionQuestions(object) : [];
	const rights = deniedAccess(admission.access, request.user, request.namespace, questions);
	// Whoever is first to await it gets the failure; this keeps Node from calling it unhandled meanwhile.
	rights.catch(() => undefined);
	const evaluate = async (references: Admission["references"]): Promise<Report> => {
		const gathered = await gatherRequestedBackupAction(withRestoreRight(references, rights), object);
		const facts = { ...gathered, denied: await rights };
		const report = evaluateRequestedBackupAction(object, facts, settings);
		const policy = missingReferencesPolicy(facts.namespaceLabels, settings.missingReferences);
		return policy === "warn" ? downgradeMissing(report) : report;
	};
	return checkTwice(admission.references, admission.watched, evaluate, (report) => report.errors.length > 0);
};

export const validateRequestedBackupAction: Handler = async (admission, request) =>
	verdictOf(await check(admission, request));

const LATEST = "latest";

/**
 * A restore without a version restores the latest; the object should say so. The CRD cannot: its default would hold for
 * backups too. In an update only what was filled in before is filled in again, since the spec is immutable.
 */
const defaults = (request: AdmissionRequest): JsonPatchOperation[] => {
	const { action, targetVersion } = (request.object as RequestedBackupAction).spec ?? {};
	if (action !== "restore" || targetVersion !== undefined) return [];
	const stored = request.oldObject as RequestedBackupAction | undefined;
	if (stored !== undefined && stored.spec.targetVersion !== LATEST) return [];
	return [{ op: "add", path: "/spec/targetVersion", value: LATEST }];
};

const withDefaults = (object: RequestedBackupAction, patch: readonly JsonPatchOperation[]): RequestedBackupAction =>
	patch.length === 0 ? object : { ...object, spec: { ...object.spec, targetVersion: LATEST } };

/** Defaults, and the whole list of errors where the schema would stop at its own (see scheduledbackup.ts). */
export const mutateRequestedBackupAction: Handler = async (admission, request) => {
	const patch = defaults(request);
	const object = withDefaults(request.object as RequestedBackupAction, patch);
	const schema = schemaProblems(object, request.oldObject);
	if (schema.length === 0) return { ...allow(), patch };
	return schemaVerdict(schema, await check(admission, request));
};
