// A user's mistakes are values: collected, never thrown, all told at once.
import { FINDINGS_LIMIT } from "../api/problem.ts";
import { shorten } from "./vars/position.ts";

/** The API's cause types: https://pkg.go.dev/k8s.io/apimachinery/pkg/api/validation/field#ErrorType */
export type Reason =
	| "FieldValueRequired"
	| "FieldValueInvalid"
	| "FieldValueNotFound"
	| "FieldValueForbidden"
	| "FieldValueNotSupported"
	| "FieldValueTooLong"
	| "FieldValueDuplicate"
	| "FieldValueTooMany"
	| "FieldValueTypeInvalid"
	| "InternalError";

/** One mistake, and what to do about it. */
export interface Problem {
	/** Field path as kubectl prints it: `spec.varsSecretRef.importOnlyKeys[0]`. */
	path: string;
	reason: Reason;
	/** What was found and what was wanted, in one sentence; never a value that may be secret. */
	message: string;
	/** The message with the important words first, for where it would be cut. */
	short?: string;
	/** What to do. Printed after the message. */
	hint?: string;
	/** True where the mistake is that something does not exist (yet): `--missing-references=warn` waits for it. */
	missingReference?: boolean;
}

/** What a check found. Warnings fit in 120 characters each (the API server cuts longer ones). */
export interface Report {
	errors: Problem[];
	warnings: string[];
}

/** A report that found nothing. */
export const emptyReport = (): Report => ({ errors: [], warnings: [] });

/** All findings of the reports, in order. */
export const mergeReports = (...reports: readonly Report[]): Report => ({
	errors: reports.flatMap((report) => report.errors),
	warnings: reports.flatMap((report) => report.warnings),
});

/** `path: message (hint)`, one line, as the CLI and conditions print it. */
export const problemText = (problem: Problem): string => `${problem.path}: ${problemMessage(problem)}`;

/** Characters of one message, or of its path, that an answer shows. */
export const MESSAGE_LIMIT = 1024;

const boundedProblem = (problem: Problem): Problem => ({
	...problem,
	path: shorten(problem.path, MESSAGE_LIMIT),
	message: shorten(problem.message, MESSAGE_LIMIT),
});

/**
 * The problems that an answer shows, whoever gives it: the first 100, each of at most 1024 characters with `…` in the middle
 * of a longer one, and, where there are more, one last problem that counts them.
 */
export const boundedProblems = (problems: readonly Problem[]): Problem[] => {
	const shown = problems.slice(0, FINDINGS_LIMIT).map(boundedProblem);
	const more = problems.length - shown.length;
	if (more === 0) return shown;
	const message = `${more} more ${more === 1 ? "error is" : "errors are"} not shown; correct these first`;
	return [...shown, { path: "spec", reason: "FieldValueTooMany", message }];
};

/** The warnings that an answer shows: the first 100, and, where there are more, one last line that counts them. */
export const boundedWarnings = (warnings: readonly string[]): string[] => {
	const shown = warnings.slice(0, FINDINGS_LIMIT);
	const more = warnings.length - shown.length;
	return more === 0 ? shown : [...shown, `${more} more ${more === 1 ? "warning is" : "warnings are"} not shown`];
};

/** The message with its hint, without the path: what a status cause carries, since kubectl prints the path itself. */
export const problemMessage = (problem: Problem): string =>
	problem.hint === undefined ? problem.message : `${problem.message}; ${problem.hint}`;
