// Who uses a template that is to be deleted, and whether they object. Where missing references are waited for
// (`missingReferences: warn`), a tool may delete in any order, as it may create in any order: to be told is enough there.
import type { ScheduledBackup } from "../src/api/types.ts";
import { missingReferencesPolicy } from "../src/domain/facts.ts";
import type { MissingReferences } from "../src/domain/settings.ts";
import type { Admission } from "./admission.ts";
import { CHECK_MILLISECONDS, compareNames, once, usesTemplate } from "./dependents.ts";

/** Names as `namespace/name`, in order. */
export interface Users {
	/** Under `missingReferences: deny`: the template must stay. */
	objecting: string[];
	/** Under `missingReferences: warn`, or where the deletion is forced: they will wait for another template of that name. */
	waiting: string[];
}

const nameOf = ({ metadata }: ScheduledBackup): string => `${metadata.namespace}/${metadata.name}`;

const knownUsers = ({ watched }: Admission, template: string): ScheduledBackup[] =>
	watched
		.dependents(template)
		.filter((dependent) => usesTemplate(dependent, template))
		.sort((left, right) => compareNames(nameOf(left), nameOf(right)));

/** The policy of a namespace, each read once; `usual`, of one that was not read. */
const policies = ({ references, settings }: Admission, forced: boolean) => {
	const usual = forced ? "warn" : settings.missingReferences;
	const policyOf = once(
		async (namespace = ""): Promise<MissingReferences> =>
			forced ? usual : missingReferencesPolicy(await references.namespaceLabels(namespace), usual),
	);
	return { usual, policyOf };
};

/**
 * The users of a template. Those that will be named are read again, since a denial must not rest on a watch; the others are
 * counted as the watch has them. Once enough object, nothing more is looked at; what the time (`CHECK_MILLISECONDS`) does not
 * suffice for is counted by the installation's policy.
 * @param named how many of each sort are named; `forced`: nobody's objection counts.
 * @throws what the live reads throw.
 */
export const usersOf = async (
	admission: Admission,
	template: string,
	{ named, forced }: { named: number; forced: boolean },
): Promise<Users> => {
	const deadline = admission.now() + CHECK_MILLISECONDS;
	const known = knownUsers(admission, template);
	const { usual, policyOf } = policies(admission, forced);
	const users: Record<MissingReferences, string[]> = { deny: [], warn: [] };
	for (const [index, dependent] of known.entries()) {
		const decided = users.deny.length >= named;
		if (decided || admission.now() >= deadline) {
			users[decided ? "deny" : usual].push(...known.slice(index).map(nameOf));
			break;
		}
		const { namespace = "", name = "" } = dependent.metadata;
		const alike = users[await policyOf(namespace)];
		const current = alike.length < named ? await admission.references.scheduledBackup(namespace, name) : dependent;
		if (current !== undefined && usesTemplate(current, template)) alike.push(nameOf(dependent));
	}
	return { objecting: users.deny, waiting: users.warn };
};
