// `--missing-references=warn`: for installs that apply objects in any order, what does not exist yet is waited for.
import type { Problem, Report } from "../report.ts";
import { problemText } from "../report.ts";
import { fittingWarning, WARNING_LIMIT } from "./problems.ts";

/** What is missing says more than what to do about it, where there is no room for both. */
const warningOf = (problem: Problem): string => {
	const whole = problemText(problem);
	return fittingWarning(whole.length <= WARNING_LIMIT ? whole : `${problem.path}: ${problem.short ?? problem.message}`);
};

/** The report with its missing references as warnings instead of errors. */
export const downgradeMissing = (report: Report): Report => {
	const missing = report.errors.filter((problem) => problem.missingReference === true);
	return {
		errors: report.errors.filter((problem) => problem.missingReference !== true),
		warnings: [...report.warnings, ...missing.map(warningOf)],
	};
};
