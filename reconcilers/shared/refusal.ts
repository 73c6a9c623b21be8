// What the API server refuses for good as far as we can tell (a quota, an admission policy, missing rights, an object that it
// takes for invalid) must be seen by the user: trying again in silence looks as if all were well.
import { ForbiddenError, InvalidObjectError } from "../../src/kube/errors.ts";

/** What a condition and an Event say of it. */
export interface Refusal {
	reason: "Refused";
	message: string;
}

/** In a namespace that is being deleted nothing can be made, and nothing needs to be. */
export const isNamespaceTerminating = (error: unknown): boolean =>
	error instanceof ForbiddenError && error.causes.some((cause) => cause.endsWith("NamespaceTerminating"));

const hintOf = (error: ForbiddenError | InvalidObjectError): string =>
	error instanceof ForbiddenError
		? "check the namespace's quotas, admission policies and the controller's rights"
		: "check the namespace's limits and admission policies";

/**
 * What is to be said of an error; undefined where it is no refusal. Names the operation, the object and the API server's
 * reason words, never its message, which may quote values.
 */
export const refusalOf = (error: unknown): Refusal | undefined => {
	const refused = error instanceof ForbiddenError || error instanceof InvalidObjectError;
	// 401: who we are is in doubt, not what we may do; the status could not be written either.
	if (!refused || error.status === 401 || isNamespaceTerminating(error)) return undefined;
	const words = [error.status, error.reason].filter((word) => word !== undefined).join(" ");
	const causes = error.causes.length === 0 ? "" : `: ${error.causes.join(", ")}`;
	const answer = words === "" ? "" : ` (${words}${causes})`;
	return {
		reason: "Refused",
		message: `The API server refuses to ${error.operation}${answer}; ${hintOf(error)}. It is tried again`,
	};
};
