// Limits that came after some objects had been stored. An object that was accepted before must go on working, its restore above
// all; so whoever writes is refused, and whoever reconciles only warns.
import type { Evaluation } from "../plan.ts";
import { type Problem, problemText } from "../report.ts";
import { fittingWarning } from "./problems.ts";

/** For an object that is being written: the limits that it is beyond are errors, and there is no plan. */
export const limitsAsErrors = <T extends Evaluation>(found: T, limits: readonly Problem[]): T => {
	if (limits.length === 0) return found;
	const { errors, warnings } = found.report;
	return { ...found, report: { errors: [...errors, ...limits], warnings }, plan: undefined };
};

/** For a stored object: the limits that it is beyond are warnings, and the plan stays. */
export const limitsAsWarnings = <T extends Evaluation>(found: T, limits: readonly Problem[]): T => {
	if (limits.length === 0) return found;
	const { errors, warnings } = found.report;
	const added = limits.map((problem) => fittingWarning(problemText(problem)));
	return { ...found, report: { errors, warnings: [...warnings, ...added] } };
};
