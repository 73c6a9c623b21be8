// What was last seen of Secrets: names of keys, never values. An edit of a template is tried on hundreds of objects within
// seconds; reading all their Secrets again would take longer than the API server waits.
import type { SecretFacts } from "../domain/facts.ts";

export interface SecretFactsCache {
	/** Takes note of what was read. */
	remember(namespace: string, facts: SecretFacts): void;
	/** What was last seen; with `resourceVersion` only if it is of exactly that version. */
	recall(namespace: string, name: string, resourceVersion?: string): SecretFacts | undefined;
	/** The Secret is gone, or is another one now. */
	forget(namespace: string, name: string): void;
	readonly size: number;
}

/**
 * A cache that drops what was not used for longest.
 * @param limit how many Secrets are kept
 */
export const createSecretFactsCache = (limit: number): SecretFactsCache => {
	const entries = new Map<string, SecretFacts>();
	const keyOf = (namespace: string, name: string): string => `${namespace}/${name}`;
	const touch = (key: string, facts: SecretFacts): void => {
		entries.delete(key);
		entries.set(key, facts);
	};
	return {
		remember: (namespace, facts) => {
			touch(keyOf(namespace, facts.name), facts);
			for (const oldest of entries.keys()) {
				if (entries.size <= limit) break;
				entries.delete(oldest);
			}
		},
		recall: (namespace, name, resourceVersion) => {
			const key = keyOf(namespace, name);
			const facts = entries.get(key);
			if (facts === undefined) return undefined;
			touch(key, facts);
			return resourceVersion === undefined || facts.resourceVersion === resourceVersion ? facts : undefined;
		},
		forget: (namespace, name) => {
			entries.delete(keyOf(namespace, name));
		},
		get size() {
			return entries.size;
		},
	};
};
