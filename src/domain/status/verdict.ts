// Why an object with mistakes cannot run, in one word and a sentence: said of a ScheduledBackup that is not installed, and of an
// action that has no plan.
import type { ScheduledBackupEvaluation } from "../evaluate.ts";
import type { KeysVerdict } from "./keys.ts";
import { problemsMessage } from "./problems.ts";
import type { Verdict } from "./scheduledbackup.ts";

/**
 * What stands against running; undefined where there is no error.
 * @param keys what `keysVerdict` made of the evaluation's keys
 */
export const verdictOf = (
	{ report: { errors }, keys: found }: Pick<ScheduledBackupEvaluation, "report" | "keys">,
	keys: KeysVerdict,
): Verdict | undefined => {
	if (errors.length === 0) return undefined;
	const message = problemsMessage(errors);
	if (errors.every((problem) => problem.missingReference === true))
		return { standing: "progressing", reason: "WaitingForReferences", message };
	if (keys.type === "unusable" && errors.length === found.report.errors.length)
		return { standing: "stalled", reason: keys.reason, message };
	return { standing: "stalled", reason: "Invalid", message };
};
