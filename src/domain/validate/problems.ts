// Small helpers that all checks share.
import { emptyReport, type Problem, type Report } from "../report.ts";

/** The API server cuts longer warnings: https://kubernetes.io/docs/reference/access-authn-authz/extensible-admission-controllers/#response */
export const WARNING_LIMIT = 120;

/** A warning that fits: cut, with an ellipsis, where it does not. Line breaks become spaces. */
export const fittingWarning = (text: string): string => {
	const line = text.replace(/\s+/g, " ");
	return line.length <= WARNING_LIMIT ? line : `${line.slice(0, WARNING_LIMIT - 1)}…`;
};

/** A report of errors alone. */
export const errorsOnly = (errors: Problem[]): Report => ({ ...emptyReport(), errors });

/** A report of warnings alone, each cut to what fits. */
export const warningsOnly = (...warnings: string[]): Report => ({
	...emptyReport(),
	warnings: warnings.map(fittingWarning),
});

/** The problems whose field has not been told of before: a schema that refuses a field has said enough about it. */
export const notToldBefore = (problems: readonly Problem[], told: readonly Problem[]): Problem[] => {
	const paths = new Set(told.map(({ path }) => path));
	return problems.filter(({ path }) => !paths.has(path));
};

/** Each problem once: same field, same message. */
export const eachOnce = (problems: readonly Problem[]): Problem[] => {
	const seen = new Set<string>();
	return problems.filter((problem) => {
		const key = `${problem.path}\n${problem.message}`;
		if (seen.has(key)) return false;
		seen.add(key);
		return true;
	});
};
