// Everything that can be known of a RequestedBackupAction before it runs.
import { defaultRequestedBackupAction } from "../api/defaults.ts";
import type { Condition, RequestedBackupAction, ScheduledBackup } from "../api/types.ts";
import { schemaProblems } from "../api/validate.ts";
import { wellTyped } from "../api/welltyped.ts";
import { deniedProblems } from "./denied.ts";
import { effectiveVariables } from "./effective.ts";
import type { RequestedBackupActionFacts } from "./facts.ts";
import { forgetful } from "./memory.ts";
import { OPERATIONS, type Operation } from "./operation.ts";
import { parsedVars } from "./parsed.ts";
import { isProcedure, type Procedure, resolveProcedure } from "./procedure.ts";
import { renderScript } from "./render.ts";
import { emptyReport, mergeReports, type Problem, type Report } from "./report.ts";
import { isBlankScript } from "./script/blank.ts";
import type { Settings } from "./settings.ts";
import { conditionOf } from "./status/conditions.ts";
import { KEYS_USABLE, RESTORABLE_REASONS } from "./status/keys.ts";
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

const noScript = (message: string, hint: string): Problem[] => [
	{ path: "spec.action", reason: "FieldValueInvalid", message, hint },
];

/**
 * Whether nothing is left of a script whatever the Secrets hold. No Secret is read for it: keys that are named count as
 * present, and where any key may be taken nothing can be said.
 */
const doesNothing = (
	procedure: Procedure,
	operation: Operation,
	target: ScheduledBackup,
	{ memory = forgetful }: Settings,
): boolean => {
	const object = wellTyped(target);
	const vars = parsedVars(object.spec.vars ?? "", memory);
	const facts = { template: undefined, secrets: new Map(), denied: [], namespaceLabels: {} };
	const variables = effectiveVariables(object, { vars: vars.tree, facts, assumeMissing: true });
	const isKnown = variables.unknownKeys === "no" && vars.report.errors.length === 0;
	return isKnown && renderScript(procedure, operation, variables.tree, memory).text === "";
};

const scriptProblems = (
	operation: Operation | undefined,
	target: ScheduledBackup,
	facts: RequestedBackupActionFacts,
	settings: Settings,
): Problem[] => {
	const procedure = resolveProcedure(wellTyped(target).spec.templateRef, facts.template);
	if (!isProcedure(procedure)) {
		if (procedure === undefined) return [];
		const message = `ScheduledBackup "${target.metadata.name}" cannot run: ${procedure.message}`;
		return [{ ...procedure, path: REFERENCE, message }];
	}
	if (operation === undefined) return [];
	if (isBlankScript(procedure[operation])) {
		const hint = "choose the other action, or add the script to the template";
		return noScript(`${procedure.label} has no ${operation} script`, hint);
	}
	if (!doesNothing(procedure, operation, target, settings)) return [];
	const vars = `the vars of ScheduledBackup "${target.metadata.name}"`;
	const message = `the ${operation} script of ${procedure.label} does nothing: over ${vars} it has no command`;
	return noScript(message, "set the variables by which the template decides what to do");
};

/** Whether it is the key's age that a condition tells of: what was backed up before still opens. */
const isPast = (condition: Condition | undefined): boolean =>
	condition?.status === "False" && RESTORABLE_REASONS.has(condition.reason);

/**
 * An object that came from a file has no status, and nothing can be said about it; neither can of a spec that nobody has looked
 * at yet, which takes seconds as a rule.
 */
const readinessReport = (target: ScheduledBackup, operation: Operation | undefined): Report => {
	const name = target.metadata.name;
	if (target.metadata.deletionTimestamp !== undefined) {
		return warningsOnly(`ScheduledBackup "${name}" is being deleted: the action will not run`);
	}
	const [ready, keys] = ["Ready", KEYS_USABLE].map((type) => conditionOf(target.status?.conditions, type));
	if (ready?.status === "True" && operation === "backup" && isPast(keys))
		return warningsOnly(`ScheduledBackup "${name}" can only restore (${keys?.reason}): the action will fail`);
	const runs = ready?.status === "True" || (operation === "restore" && isPast(ready));
	const isSeen = target.status !== undefined && target.status.observedGeneration === target.metadata.generation;
	if (!isSeen || runs) return emptyReport();
	return warningsOnly(`ScheduledBackup "${name}" is not Ready: the action waits until it is`);
};

const targetReport = (object: RequestedBackupAction, facts: RequestedBackupActionFacts, settings: Settings): Report => {
	const name = referenceName(object);
	const target = facts.scheduledBackup;
	if (name === "") return emptyReport();
	// Rights first, existence after.
	if (facts.denied.length > 0) return errorsOnly(deniedProblems(facts.denied));
	if (target === undefined) {
		const message = `ScheduledBackup "${name}" does not exist`;
		return errorsOnly([{ path: REFERENCE, reason: "FieldValueNotFound", message, missingReference: true }]);
	}
	const problems = scriptProblems(operationOf(object), target, facts, settings);
	return mergeReports(errorsOnly(problems), readinessReport(target, operationOf(object)));
};

/** Every mistake of the action at once: schema, rights, a reference to nothing, a script that is empty or does nothing, a version on a backup. */
export const evaluateRequestedBackupAction = (
	given: RequestedBackupAction,
	facts: RequestedBackupActionFacts,
	settings: Settings,
): Report => {
	const object = defaultRequestedBackupAction(given);
	const schema = schemaProblems(object);
	const target = targetReport(object, facts, settings);
	const own = [...versionProblems(object), ...target.errors];
	return { errors: eachOnce([...schema, ...notToldBefore(own, schema)]), warnings: target.warnings };
};
