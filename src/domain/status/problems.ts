// A list of problems as one condition message.
import { type Problem, problemText } from "../report.ts";
import { bounded } from "./text.ts";

/** Problems that a message lists; the rest is counted. */
const LISTED_PROBLEMS = 10;
/** Characters of one problem. */
const PROBLEM_LIMIT = 400;

/** Problems in one message, in the words that kubectl would show, in one line. */
export const problemsMessage = (problems: readonly Problem[]): string => {
	const listed = problems.slice(0, LISTED_PROBLEMS).map((problem) => bounded(problemText(problem), PROBLEM_LIMIT));
	const more = problems.length - listed.length;
	return `${listed.join("; ")}${more > 0 ? `; and ${more} more` : ""}`;
};
