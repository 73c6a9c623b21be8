// How a lack of rights is told. The text is the same whether the Secret exists or not.
import type { DeniedAccess } from "./facts.ts";
import type { Problem } from "./report.ts";

const WORDS: Readonly<Record<string, string>> = { get: "read", create: "create", patch: "change" };

/** One problem for each right that the requesting user lacks. */
export const deniedProblems = (denied: readonly DeniedAccess[]): Problem[] =>
	denied.map(({ path, verb, what }) => ({
		path,
		reason: "FieldValueForbidden",
		message: `you are not allowed to ${WORDS[verb] ?? verb} ${what}`,
		hint: `ask for the right to "${verb}" it: whoever may edit this object can make use of all that it names`,
	}));
