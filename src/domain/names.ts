// Kubernetes limits names (52 characters for a CronJob, 63 for a Job and for a label value), while a user's own name may
// be longer. A name that is cut without a hash would make two objects share one child, so every cut ends in a hash.
import { createHash } from "node:crypto";
import { withoutTrailing } from "../api/trim.ts";

const SUBDOMAIN_LIMIT = 253;
const LABEL_LIMIT = 63;
const HASH_LENGTH = 10;
const LABEL = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
const SUBDOMAIN = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const LABEL_VALUE = /^([A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)?$/;

/**
 * Whether the API server takes this as the name of most objects: at most 253 of lower-case letters, digits, `-` and `.`
 * (https://kubernetes.io/docs/concepts/overview/working-with-objects/names/#dns-subdomain-names).
 */
export const isDns1123Subdomain = (name: string): boolean => name.length <= SUBDOMAIN_LIMIT && SUBDOMAIN.test(name);

/** Whether it is one DNS label: at most 63 of lower-case letters, digits and `-`, as volumes and namespaces are named. */
export const isDns1123Label = (name: string): boolean => name.length <= LABEL_LIMIT && LABEL.test(name);

/** Whether the API server takes this as a label's value: at most 63 characters, and empty is fine. */
export const isLabelValue = (text: string): boolean => text.length <= LABEL_LIMIT && LABEL_VALUE.test(text);

const hashOf = (text: string): string => createHash("sha256").update(text).digest("hex").slice(0, HASH_LENGTH);

/** The allowed beginning of the text, `-` and the hash of the whole text; only the hash where nothing of it is allowed. */
const cut = (text: string, allowed: string, limit: number): string => {
	const start = allowed.slice(0, limit - HASH_LENGTH - 1);
	const head = withoutTrailing(start, (unit) => !/[A-Za-z0-9]/.test(unit)).replace(/^[^A-Za-z0-9]+/, "");
	return head === "" ? hashOf(text) : `${head}-${hashOf(text)}`;
};

/**
 * The name itself where it is a DNS-1123 subdomain of at most `limit` characters, else a cut that ends in `-` and a hash
 * of the whole name: the same for the same name, another for any other.
 * @param limit characters, at least 12: room for one character, `-` and the hash
 */
export const boundedName = (name: string, limit: number): string => {
	if (name.length <= limit && isDns1123Subdomain(name)) return name;
	const allowed = name
		.toLowerCase()
		.replace(/[^-a-z0-9.]+/g, "-")
		.replace(/[-.]+/g, (run) => (run.includes(".") ? "." : run));
	return cut(name, allowed, limit);
};

/** The text itself where it is a valid label value, else a cut (at most 63 characters) that ends in `-` and a hash. */
export const labelValue = (text: string): string =>
	isLabelValue(text) ? text : cut(text, text.replace(/[^-A-Za-z0-9_.]+/g, "-"), LABEL_LIMIT);
