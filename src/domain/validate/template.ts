// Whether the scripts parse and render over these variables. What only follows from something else that is wrong is told
// as that: a variable that a missing Secret will bring is a missing reference, and what follows from a Secret that the
// user may not read is not told at all, since it would show which keys that Secret has.
import type { TemplateError } from "../../template/template.ts";
import type { UnknownKeys, Variables } from "../effective.ts";
import type { Memory } from "../memory.ts";
import { OPERATIONS, type Operation } from "../operation.ts";
import type { Procedure } from "../procedure.ts";
import { renderScript, type ScriptResult } from "../render.ts";
import type { Problem } from "../report.ts";
import { isBlankScript } from "../script/blank.ts";

export type ScriptResults = Record<Operation, ScriptResult>;

/** Both scripts over a tree. */
export const renderScripts = (procedure: Procedure, { tree }: Variables, memory: Memory): ScriptResults => ({
	backup: renderScript(procedure, "backup", tree, memory),
	restore: renderScript(procedure, "restore", tree, memory),
});

export interface TemplateCheck {
	procedure: Procedure;
	/** Over the variables as they are. */
	now: ScriptResults;
	/** Over the variables as they will be once everything that is missing is there; the same where nothing is. */
	later: ScriptResults;
	unknownKeys: UnknownKeys;
	/** Whether vars could be read in part only: what is said of values is then not to be trusted. */
	varsIncomplete: boolean;
	/** Whether anything is wrong with vars: what follows from all of them together, a script's text, may follow from that. */
	varsFlawed: boolean;
	operation: Operation;
}

/**
 * A script's error without its place in the script: the same variable missing at five places is one mistake. An error of
 * a whole script has no such place, and is that script's alone.
 */
const essence = (error: TemplateError, told: string): string => placeIn(error) ?? told;

const placeIn = (error: TemplateError): string | undefined => / at (<.*)$/s.exec(error.message)?.[1];

const problemOf = (check: TemplateCheck, operation: Operation, error: TemplateError): Problem => ({
	path: error.kind === "parse" ? "spec.templateRef.name" : "spec.vars",
	reason: error.kind === "missingKey" ? "FieldValueRequired" : "FieldValueInvalid",
	message: `${error.withoutValue ?? error.message} (${check.procedure.label}, ${operation} script)`,
});

/** Which script it is, where, and what: as Go says it, without the words that are in every such message. */
const shortOf = (operation: Operation, { message, withoutValue = message }: TemplateError): string =>
	`${operation} script, ${withoutValue.replace(/^template: /, "").replace(/ executing "(?:[^"\\]|\\.)*" at /, " ")}`;

const isTold = (check: TemplateCheck, error: TemplateError): boolean => {
	if (error.kind === "parse") return true;
	if (error.kind === "missingKey") return check.unknownKeys !== "hidden" && !check.varsIncomplete;
	return !check.varsIncomplete && !(check.varsFlawed && placeIn(error) === undefined);
};

const waitsForSecret = (check: TemplateCheck, operation: Operation, error: TemplateError): boolean => {
	if (error.kind === "missingKey" && check.unknownKeys === "missing") return true;
	return !check.later[operation].errors.some((later) => later.message === error.message);
};

const scriptErrors = (check: TemplateCheck, operation: Operation): { error: TemplateError; problem: Problem }[] => {
	const now = check.now[operation].errors;
	const known = new Set(now.map((error) => error.message));
	const later = check.later[operation].errors.filter((error) => !known.has(error.message));
	return [...now, ...later]
		.filter((error) => isTold(check, error))
		.map((error) => {
			const problem = problemOf(check, operation, error);
			const waits = known.has(error.message) && waitsForSecret(check, operation, error);
			return {
				error,
				problem: waits ? { ...problem, short: shortOf(operation, error), missingReference: true } : problem,
			};
		});
};

const renderProblems = (check: TemplateCheck): Problem[] => {
	const seen = new Set<string>();
	return OPERATIONS.flatMap((operation) => scriptErrors(check, operation)).flatMap(({ error, problem }) => {
		const key = error.kind === "parse" ? problem.message : essence(error, problem.message);
		if (seen.has(key)) return [];
		seen.add(key);
		return [problem];
	});
};

const NOTHING_RUNS = "set the variables by which the template decides what to do";

const noScript = (message: string, hint: string): Problem[] => [
	{ path: "spec.operation", reason: "FieldValueInvalid", message, hint },
];

/** A script that is not there, or of which nothing is left over these variables, where it is the one that runs. */
const emptyProblems = (check: TemplateCheck): Problem[] => {
	const { procedure, operation } = check;
	if (check.now[operation].text !== "") return [];
	const script = `${operation} script`;
	if (isBlankScript(procedure[operation])) {
		return noScript(`${procedure.label} has no ${script}`, "choose the other operation or another template");
	}
	// With all variables it may be another one.
	if (check.later[operation].text !== "" || check.unknownKeys !== "no" || check.varsFlawed) return [];
	return noScript(`the ${script} of ${procedure.label} does nothing: over these vars it has no command`, NOTHING_RUNS);
};

/** Bytes of all values of a ConfigMap together: https://kubernetes.io/docs/concepts/configuration/configmap/ */
const SCRIPT_LIMIT = 1024 * 1024;

/** What is wrong with a script that did render; the variables hold no NUL (see vars/), so it is the template's. */
const textProblem = (text: string, label: string, operation: Operation): Problem | undefined => {
	const path = "spec.templateRef.name";
	const what = `the ${operation} script of ${label}`;
	if (text.includes("\0")) {
		const hint = "bash reads no further than that";
		return { path, reason: "FieldValueInvalid", message: `${what} holds a NUL character`, hint };
	}
	const size = Buffer.byteLength(text);
	if (size <= SCRIPT_LIMIT) return undefined;
	const message = `${what} has ${size} bytes, more than ${SCRIPT_LIMIT}`;
	return { path, reason: "FieldValueTooLong", message, hint: "a ConfigMap holds no more" };
};

const textProblems = ({ now, procedure, varsFlawed }: TemplateCheck): Problem[] =>
	(varsFlawed ? [] : OPERATIONS)
		.map((operation) => textProblem(now[operation].text ?? "", procedure.label, operation))
		.filter((problem) => problem !== undefined);

/** Everything that keeps one of the two scripts from being made. A variable that several places miss is told once. */
export const templateProblems = (check: TemplateCheck): Problem[] => [
	...emptyProblems(check),
	...renderProblems(check),
	...textProblems(check),
];
