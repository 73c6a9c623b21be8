// How a lack of rights is told. The text is the same whether the object exists or not.
import { RESTORE_VERB } from "./access.ts";
import type { DeniedAccess } from "./facts.ts";
import type { Problem } from "./report.ts";

const WORDS: Readonly<Record<string, string>> = { get: "read", create: "create", patch: "change" };

/** The ClusterRole with the right to restore, as the chart calls it in a release of its own name. */
export const RESTORE_ROLE = "backup-maker-controller-restore";

const hintFor = (verb: string): string =>
	verb === RESTORE_VERB
		? `it overwrites data: ask for the right to "${verb}" scheduledbackups.riotkit.org, which ClusterRole "${RESTORE_ROLE}" gives`
		: `ask for the right to "${verb}" it: whoever may edit this object can make use of all that it names`;

/** One problem for each right that the requesting user lacks. */
export const deniedProblems = (denied: readonly DeniedAccess[]): Problem[] =>
	denied.map(({ path, verb, what }) => ({
		path,
		reason: "FieldValueForbidden",
		message: `you are not allowed to ${WORDS[verb] ?? verb} ${what}`,
		hint: hintFor(verb),
	}));
