// Rights are the requesting user's. Whoever may write the script of a backup can print every Secret that it names, so the
// user must be allowed to read those Secrets without our help; the API server is asked, for that user, at every change.
// https://kubernetes.io/docs/reference/access-authn-authz/authorization/#checking-api-access
import type { ScheduledBackup } from "../src/api/types.ts";
import type { AccessNeed } from "../src/domain/access.ts";
import type { DeniedAccess } from "../src/domain/facts.ts";
import type { References } from "../src/gather/references.ts";
import type { AccessQuestion } from "../src/kube/port.ts";
import type { UserInfo } from "./review.ts";

type Ask = (question: AccessQuestion) => Promise<{ allowed: boolean }>;

const keyOf = (question: AccessNeed): string =>
	[question.verb, question.group, question.resource, question.subresource ?? "", question.name].join(" ");

const reviewOf = (user: UserInfo, namespace: string, question: AccessNeed): AccessQuestion => ({
	user,
	namespace,
	verb: question.verb,
	group: question.group,
	resource: question.resource,
	...(question.subresource === undefined ? {} : { subresource: question.subresource }),
	name: question.name,
});

const deniedOf = ({ path, verb, resource, name }: AccessNeed): DeniedAccess => {
	if (resource === "secrets") return { path, verb, what: `Secret "${name}"`, secretName: name };
	if (resource === "serviceaccounts") return { path, verb, what: `a token of ServiceAccount "${name}"` };
	return { path, verb, what: name === "" ? "every ScheduledBackup of the namespace" : `ScheduledBackup "${name}"` };
};

/**
 * Asks for every right once, all at the same time.
 * Out: one entry for each question (so for each field) whose answer was no.
 * Errors: those of the call; without an answer there is no yes.
 */
export const deniedAccess = async (
	ask: Ask,
	user: UserInfo,
	namespace: string,
	questions: readonly AccessNeed[],
): Promise<DeniedAccess[]> => {
	const answers = new Map<string, Promise<{ allowed: boolean }>>();
	for (const question of questions) {
		const key = keyOf(question);
		if (!answers.has(key)) answers.set(key, ask(reviewOf(user, namespace, question)));
	}
	const allowed = await Promise.all(questions.map(async (question) => (await answers.get(keyOf(question)))?.allowed));
	return questions.filter((_question, index) => allowed[index] !== true).map(deniedOf);
};

/**
 * References in which a Secret that the user may not read does not exist, whether it does or not: no check can then tell
 * the user more than the user may know. Right and Secret are asked for at the same time; the answer waits for both.
 */
export const withRightsOf = (references: References, denied: Promise<readonly DeniedAccess[]>): References => ({
	...references,
	secret: async (namespace, name) => {
		const [refused, secret] = await Promise.all([denied, references.secret(namespace, name)]);
		return refused.some((access) => access.verb === "get" && access.secretName === name) ? undefined : secret;
	},
});

/**
 * The same for the ScheduledBackup that an action names: it does not exist for a user who may not restore it, so that
 * nothing, not even the number of calls, depends on it.
 */
export const withRestoreRight = (references: References, denied: Promise<readonly DeniedAccess[]>): References => ({
	...references,
	scheduledBackup: async (namespace, name) => {
		const [refused, found] = await Promise.all([denied, references.scheduledBackup(namespace, name)]);
		return refused.length > 0 ? undefined : found;
	},
});

/** The object as the checks see it: in the namespace of the request, with the status that is stored and no other. */
export const storedForm = (
	object: ScheduledBackup,
	namespace: string,
	stored: ScheduledBackup | undefined,
): ScheduledBackup => {
	const { status: _sent, ...rest } = object;
	const form: ScheduledBackup = { ...rest, metadata: { ...object.metadata, namespace } };
	return stored?.status === undefined ? form : { ...form, status: stored.status };
};
