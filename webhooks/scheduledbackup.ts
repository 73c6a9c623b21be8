// Admission of ScheduledBackups: all that could fail later is told now, in the requesting user's rights.

import type { ScheduledBackup } from "../src/api/types.ts";
import { schemaProblems } from "../src/api/validate.ts";
import { type AccessNeed, accessQuestions, restoreQuestions } from "../src/domain/access.ts";
import { evaluateScheduledBackup } from "../src/domain/evaluate.ts";
import { missingReferencesPolicy } from "../src/domain/facts.ts";
import type { Report } from "../src/domain/report.ts";
import { downgradeMissing } from "../src/domain/warnings.ts";
import { gatherScheduledBackup } from "../src/gather/scheduledbackup.ts";
import { deniedAccess, storedForm, withRightsOf } from "./access.ts";
import type { Admission, Handler } from "./admission.ts";
import { allow } from "./admission.ts";
import { checkTwice } from "./references.ts";
import type { AdmissionRequest, Verdict } from "./review.ts";
import { schemaVerdict, verdictOf } from "./verdict.ts";

const questionsOf = ({ settings, requireRestoreRight }: Admission, object: ScheduledBackup): AccessNeed[] => [
	...accessQuestions(object, settings.memory),
	...(requireRestoreRight ? restoreQuestions(object) : []),
];

/** Everything about the object: rights, references, and both scripts rendered. */
const check = async (admission: Admission, request: AdmissionRequest): Promise<Report> => {
	const { settings, inspector } = admission;
	const stored = request.oldObject as ScheduledBackup | undefined;
	const object = storedForm(request.object as ScheduledBackup, request.namespace, stored);
	const questions = questionsOf(admission, object);
	const rights = deniedAccess(admission.access, request.user, request.namespace, questions);
	// Whoever is first to await it gets the failure; this keeps Node from calling it unhandled meanwhile.
	rights.catch(() => undefined);
	const evaluate = async (references: Admission["references"]): Promise<Report> => {
		const gathered = await gatherScheduledBackup(withRightsOf(references, rights), inspector, object, {
			deepKeyCheck: false,
			memory: settings.memory,
		});
		const facts = { ...gathered, denied: await rights, beingWritten: true };
		const { report } = evaluateScheduledBackup(object, facts, settings);
		const policy = missingReferencesPolicy(facts.namespaceLabels, settings.missingReferences);
		return policy === "warn" ? downgradeMissing(report) : report;
	};
	return checkTwice(admission.references, admission.watched, evaluate, (report) => report.errors.length > 0);
};

export const validateScheduledBackup: Handler = async (admission, request) =>
	verdictOf(await check(admission, request));

/**
 * The schema is checked between the two webhooks, and its errors would hide all others: so where there are some, they are
 * told here, together with everything else. Costs no read where there are none.
 */
export const mutateScheduledBackup: Handler = async (admission, request): Promise<Verdict> => {
	const schema = schemaProblems(request.object as ScheduledBackup, request.oldObject);
	if (schema.length === 0) return allow();
	return schemaVerdict(schema, await check(admission, request));
};

/**
 * For an update that only makes the schedule quieter: it always passes, in both webhooks. That the object is not ready is said
 * where its status says so already, since nobody looked at it now.
 */
export const quietScheduledBackup: Handler = (_admission, request) => {
	const conditions = (request.oldObject as ScheduledBackup | undefined)?.status?.conditions ?? [];
	const ready = conditions.find(({ type }) => type === "Ready");
	if (ready?.status !== "False") return allow();
	return allow([`nothing but the schedule was looked at; the object was not ready before (${ready.reason})`]);
};

const names = (list: readonly string[]): string => list.toSorted().join(", ");

/** A deletion always passes; what is running then runs without what it came from, and that is worth a word. */
export const deleteScheduledBackup: Handler = (admission, request) => {
	const stored = request.oldObject as ScheduledBackup | undefined;
	if (stored === undefined) return allow();
	const actions = admission.watched.unfinishedActions(request.namespace, request.name);
	const runs = stored.status?.active ?? [];
	const warnings: string[] = [];
	if (actions.length > 0) {
		const found = names(actions.map((action) => action.metadata.name ?? ""));
		warnings.push(`unfinished RequestedBackupActions (${actions.length}): ${found}`);
	}
	if (runs.length > 0) warnings.push(`active scheduled runs (${runs.length}): ${names(runs.map((run) => run.name))}`);
	return allow(warnings);
};
