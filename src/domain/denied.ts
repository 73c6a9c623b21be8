// How a lack of rights is told. The text is the same whether the object exists or not.
import { RESTORE_VERB } from "./access.ts";
import type { DeniedAccess } from "./facts.ts";
import type { Problem } from "./report.ts";

const WORDS: Readonly<Record<string, string>> = { get: "read", create: "create", patch: "change" };

const hintFor = (verb: string): string =>
	verb === RESTORE_VERB
		? // No name: what the chart's ClusterRole is called follows from the release.
			`it overwrites data: ask for a role with the verb "${verb}" on scheduledbackups.riotkit.org, such as the one that the chart brings`
		: `ask for the right to "${verb}" it: whoever may edit this object can make use of all that it names`;

/** One problem for each right that the requesting user lacks. */
export const deniedProblems = (denied: readonly DeniedAccess[]): Problem[] =>
	denied.map(({ path, verb, what }) => ({
		path,
		reason: "FieldValueForbidden",
		message: `you are not allowed to ${WORDS[verb] ?? verb} ${what}`,
		hint: hintFor(verb),
	}));
