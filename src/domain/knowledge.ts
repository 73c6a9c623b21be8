// What may be said about a Secret. Rights come first: of a Secret that the requesting user may not read, no message may
// show whether it exists or which keys it has. So nothing but this file looks at the facts about Secrets.
import type { DeniedAccess, ScheduledBackupFacts, SecretFacts } from "./facts.ts";

/** `unknown`: not looked up, or not to be told about; every check then takes for granted that all is well. */
export type SecretKnowledge = { state: "unknown" } | { state: "missing" } | { state: "known"; secret: SecretFacts };

export type KeyKnowledge = "unknown" | "missingSecret" | "missing" | "empty" | "present";

const hides = (denied: DeniedAccess): boolean => denied.verb === "get" && denied.secretName !== undefined;

/** Names of the Secrets whose contents the requesting user may not read. */
export const hiddenSecrets = (facts: ScheduledBackupFacts): ReadonlySet<string> =>
	new Set(facts.denied.filter(hides).map((denied) => denied.secretName as string));

/** What may be said about a Secret. */
export const secretKnowledge = (facts: ScheduledBackupFacts, name: string): SecretKnowledge => {
	if (!facts.secrets.has(name) || hiddenSecrets(facts).has(name)) return { state: "unknown" };
	const secret = facts.secrets.get(name);
	return secret === undefined ? { state: "missing" } : { state: "known", secret };
};

/** What may be said about one data key of a Secret. */
export const keyKnowledge = (facts: ScheduledBackupFacts, name: string, key: string): KeyKnowledge => {
	const knowledge = secretKnowledge(facts, name);
	if (knowledge.state === "unknown") return "unknown";
	if (knowledge.state === "missing") return "missingSecret";
	const found = knowledge.secret.keys.get(key);
	if (found === undefined) return "missing";
	return found.size === 0 ? "empty" : "present";
};
