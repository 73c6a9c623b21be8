// With --watch-namespaces the webhooks may still be asked about other namespaces, as one registration serves the cluster.
// What is declared there is checked like everything, but nobody acts on it, and nobody knows which ScheduledBackups there
// use a template. Neither is a mistake, so it is said and not refused.
import type { AdmissionRequest, Verdict } from "./review.ts";

/** What the author of something in a namespace is told that this controller leaves alone. */
const notHere = (namespace: string): string =>
	`this controller does not work in namespace "${namespace}" (--watch-namespaces)`;

/** What whoever edits or deletes a template is told. */
export const OTHERS_NOT_LOOKED_AT =
	"ScheduledBackups of other namespaces were not looked at (--watch-namespaces): the template may be in use there";

const warningFor = ({ operation, namespace }: AdmissionRequest, watched: readonly string[]): string | undefined => {
	// Cluster-scoped: a template. A new one changes nothing for anybody.
	if (namespace === "") return operation === "CREATE" ? undefined : OTHERS_NOT_LOOKED_AT;
	return operation === "DELETE" || watched.includes(namespace) ? undefined : notHere(namespace);
};

/**
 * The verdict, with a word on what this controller does not see.
 * In: `watched`, the namespaces that it works in; empty: all.
 */
export const tellUnwatched = (verdict: Verdict, request: AdmissionRequest, watched: readonly string[]): Verdict => {
	const warning = watched.length === 0 ? undefined : warningFor(request, watched);
	return warning === undefined ? verdict : { ...verdict, warnings: [warning, ...verdict.warnings] };
};
