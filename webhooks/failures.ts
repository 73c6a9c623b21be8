// When a check itself fails, the user gets an HTTP 500 with what can be done about it, and the log gets the place in the
// code. Neither holds a message that we did not write: those may quote an object, and an object may hold a password.
import { InspectionError } from "../src/gather/inspectionerror.ts";
import { KubeError } from "../src/kube/errors.ts";
import { LateError } from "./calltime.ts";

const codeOf = (error: unknown): string | undefined =>
	error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : undefined;

/**
 * What the user is told of a failed check: one sentence, nothing secret. kubectl prints it after
 * `failed calling webhook`.
 */
export const failureText = (error: unknown): string => {
	if (error instanceof KubeError) {
		const answer = error.reason ?? error.status ?? "no answer";
		return `backup-maker-controller could not check the object: ${error.operation}: ${answer}; try again`;
	}
	if (error instanceof InspectionError) {
		return `backup-maker-controller could not check the object: ${error.message}; try again`;
	}
	if (error instanceof LateError) {
		return "backup-maker-controller could not check the object in time; try again";
	}
	return "backup-maker-controller failed to check the object; its log says where";
};

/** What the log is told: type, code, and where in the code, without the message of an error that is not ours. */
export const failureLog = (error: unknown): Record<string, unknown> => {
	if (!(error instanceof Error)) return { error: typeof error };
	const frames = (error.stack ?? "").split("\n").filter((line) => /^\s+at /.test(line));
	const call = error instanceof KubeError ? { call: error.operation, status: error.status, reason: error.reason } : {};
	const inspection = error instanceof InspectionError ? { reason: error.reason } : {};
	return {
		error: error.name,
		code: codeOf(error),
		...call,
		...inspection,
		frames: frames.slice(0, 8).map((line) => line.trim()),
	};
};
