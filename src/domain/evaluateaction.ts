// Everything that can be known of a RequestedBackupAction before it runs.
import { defaultRequestedBackupAction } from "../api/defaults.ts";
import type { RequestedBackupAction, ScheduledBackup } from "../api/types.ts";
import { schemaProblems } from "../api/validate.ts";
import { wellTyped } from "../api/welltyped.ts";
import { deniedProblems } from "./denied.ts";
import type { RequestedBackupActionFacts } from "./facts.ts";
import { OPERATIONS, type Operation } from "./operation.ts";
import { isProcedure, resolveProcedure } from "./procedure.ts";
import { emptyReport, mergeReports, type Problem, type Report } from "./report.ts";
import type { Settings } from "./settings.ts";
import { eachOnce, errorsOnly, notToldBefore, warningsOnly } from "./validate/problems.ts";

const REFERENCE = "spec.scheduledBackupRef.name";

const referenceName = (object: RequestedBackupAction): string => {
	const name: unknown = object.spec?.scheduledBackupRef?.name;
	return typeof name === "string" ? name : "";
};

const operationOf = (object: RequestedBackupAction): Operation | undefined =>
	OPERATIONS.find((operation) => operation === object.spec?.action);

const versionProblems = (object: RequestedBackupAction): Problem[] =>
	operationOf(object) === "backup" && object.spec.targetVersion !== undefined
		? [
				{
					path: "spec.targetVersion",
					reason: "FieldValueForbidden",
					message: "a backup has no target version: the server gives it the next one",
					hint: "leave it out, or ask for a restore",
				},
			]
		: [];

const scriptProblems = (
	operation: Operation | undefined,
	target: ScheduledBackup,
	facts: RequestedBackupActionFacts,
): Problem[] => {
	const procedure = resolveProcedure(wellTyped(target).spec.templateRef, facts.template);
	if (!isProcedure(procedure)) {
		if (procedure === undefined) return [];
		const message = `ScheduledBackup "${target.metadata.name}" cannot run: ${procedure.message}`;
		return [{ ...procedure, path: REFERENCE, message }];
	}
	if (operation === undefined || procedure[operation].trim() !== "") return [];
	return [
		{
			path: "spec.action",
			reason: "FieldValueInvalid",
			message: `${procedure.label} has no ${operation} script`,
			hint: "choose the other action, or add the script to the template",
		},
	];
};

/** An object that came from a file has no status, and nothing can be said about it. */
const readinessReport = (target: ScheduledBackup): Report => {
	const name = target.metadata.name;
	if (target.metadata.deletionTimestamp !== undefined) {
		return warningsOnly(`ScheduledBackup "${name}" is being deleted: the action will not run`);
	}
	const ready = target.status?.conditions?.find((condition) => condition.type === "Ready");
	if (target.status === undefined || ready?.status === "True") return emptyReport();
	return warningsOnly(`ScheduledBackup "${name}" is not Ready: the action waits until it is`);
};

const targetReport = (object: RequestedBackupAction, facts: RequestedBackupActionFacts): Report => {
	const name = referenceName(object);
	const target = facts.scheduledBackup;
	if (name === "") return emptyReport();
	// Rights first, existence after.
	if (facts.denied.length > 0) return errorsOnly(deniedProblems(facts.denied));
	if (target === undefined) {
		const message = `ScheduledBackup "${name}" does not exist`;
		return errorsOnly([{ path: REFERENCE, reason: "FieldValueNotFound", message, missingReference: true }]);
	}
	return mergeReports(errorsOnly(scriptProblems(operationOf(object), target, facts)), readinessReport(target));
};

/** Every mistake of the action at once: schema, rights, a reference to nothing, an empty script, a version on a backup. */
export const evaluateRequestedBackupAction = (
	given: RequestedBackupAction,
	facts: RequestedBackupActionFacts,
	_settings: Settings,
): Report => {
	const object = defaultRequestedBackupAction(given);
	const schema = schemaProblems(object);
	const target = targetReport(object, facts);
	const own = [...versionProblems(object), ...target.errors];
	return { errors: eachOnce([...schema, ...notToldBefore(own, schema)]), warnings: target.warnings };
};
