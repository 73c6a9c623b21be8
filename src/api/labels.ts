// What the API server checks of labels and annotations. It does so before it asks a validating webhook, so that a flaw
// here would hide every other mistake. https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/
import { quoted, typeName } from "./messages.ts";
import type { SchemaProblem } from "./problem.ts";
import { isRecord } from "./schema.ts";

const NAME_LIMIT = 63;
const PREFIX_LIMIT = 253;
const PREFIX = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const NAME = /^([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$/;
const VALUE = /^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$/;

/** Bytes of all keys and values together. */
const ANNOTATIONS_LIMIT = 256 * 1024;
const ANNOTATIONS_HINT = "kubectl apply keeps a copy of the manifest there; kubectl apply --server-side does not";

const CHARACTERS = "alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character";
const PREFIX_MESSAGE =
	"prefix part a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character";

const prefixFlaw = (prefix: string): string | undefined => {
	if (prefix === "") return "prefix part must be non-empty";
	if (prefix.length > PREFIX_LIMIT) return `prefix part must be no more than ${PREFIX_LIMIT} bytes`;
	return PREFIX.test(prefix) ? undefined : PREFIX_MESSAGE;
};

const nameFlaw = (name: string): string | undefined => {
	if (name === "") return "name part must be non-empty";
	if (name.length > NAME_LIMIT) return `name part must be no more than ${NAME_LIMIT} bytes`;
	return NAME.test(name) ? undefined : `name part must consist of ${CHARACTERS}`;
};

const keyFlaw = (key: string): string | undefined => {
	const [first = "", second, ...more] = key.split("/");
	if (more.length > 0) {
		return `a valid label key must consist of ${CHARACTERS} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`;
	}
	return second === undefined ? nameFlaw(first) : (prefixFlaw(first) ?? nameFlaw(second));
};

const valueFlaw = (value: string): string | undefined => {
	if (value.length > NAME_LIMIT) return `must be no more than ${NAME_LIMIT} bytes`;
	return VALUE.test(value) ? undefined : `a valid label must be an empty string or consist of ${CHARACTERS}`;
};

const invalid = (path: string, value: string, flaw: string | undefined): SchemaProblem[] =>
	flaw === undefined
		? []
		: [{ path, reason: "FieldValueInvalid", message: `Invalid value: ${quoted(value)}: ${flaw}` }];

const mistyped = (path: string, value: unknown, wanted: string, hint?: string): SchemaProblem => {
	const found = typeName(value);
	const message = `Invalid value: "${found}": ${path} in body must be of type ${wanted}: "${found}"`;
	const problem = { path, reason: "FieldValueTypeInvalid" as const, message };
	return hint === undefined ? problem : { ...problem, hint };
};

/** The entries that are text, and what is wrong with the others. */
const textEntries = (path: string, map: unknown): { entries: [string, string][]; problems: SchemaProblem[] } => {
	if (map === undefined || map === null) return { entries: [], problems: [] };
	if (!isRecord(map)) return { entries: [], problems: [mistyped(path, map, "object")] };
	const all = Object.entries(map);
	return {
		entries: all.filter((entry): entry is [string, string] => typeof entry[1] === "string"),
		problems: all
			.filter(([, value]) => typeof value !== "string")
			.map(([key, value]) => mistyped(`${path}[${key}]`, value, "string", "put it in quotes")),
	};
};

/** What is wrong with `metadata.labels`, worded as the API server words it, without its examples. */
export const labelProblems = (labels: unknown): SchemaProblem[] => {
	const path = "metadata.labels";
	const { entries, problems } = textEntries(path, labels);
	const flawed = entries.flatMap(([key, value]) => [
		...invalid(path, key, keyFlaw(key)),
		...invalid(path, value, valueFlaw(value)),
	]);
	return [...problems, ...flawed];
};

/** What is wrong with `metadata.annotations`: their keys (in any case), and how large they are together. */
export const annotationProblems = (annotations: unknown): SchemaProblem[] => {
	const path = "metadata.annotations";
	const { entries, problems } = textEntries(path, annotations);
	const flawed = entries.flatMap(([key]) => invalid(path, key, keyFlaw(key.toLowerCase())));
	const bytes = entries.reduce((sum, [key, value]) => sum + Buffer.byteLength(key) + Buffer.byteLength(value), 0);
	if (bytes <= ANNOTATIONS_LIMIT) return [...problems, ...flawed];
	const message = `Too long: may not be more than ${ANNOTATIONS_LIMIT} bytes`;
	return [...problems, ...flawed, { path, reason: "FieldValueTooLong", message, hint: ANNOTATIONS_HINT }];
};
