// A user's mistakes are values: collected, never thrown, all told at once.

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

/** The message with its hint, without the path: what a status cause carries, since kubectl prints the path itself. */
export const problemMessage = (problem: Problem): string =>
	problem.hint === undefined ? problem.message : `${problem.message}; ${problem.hint}`;
