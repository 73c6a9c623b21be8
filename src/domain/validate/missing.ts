// `--missing-references=warn`: for installs that apply objects in any order, what does not exist yet is waited for.
import type { Report } from "../report.ts";
import { problemText } from "../report.ts";
import { fittingWarning } from "./problems.ts";

/** The report with its missing references as warnings instead of errors. */
export const downgradeMissing = (report: Report): Report => {
	const missing = report.errors.filter((problem) => problem.missingReference === true);
	return {
		errors: report.errors.filter((problem) => problem.missingReference !== true),
		warnings: [...report.warnings, ...missing.map((problem) => fittingWarning(problemText(problem)))],
	};
};
