// What the API server checks of an object's metadata before anything else: its name, labels and
// annotations. The CLI has no API server before it.
// https://kubernetes.io/docs/concepts/overview/working-with-objects/names/
import type { KubernetesObject } from "./kubernetes.ts";
import { annotationProblems, labelProblems } from "./labels.ts";
import { quoted } from "./messages.ts";
import type { SchemaProblem } from "./problem.ts";
import { isRecord } from "./schema.ts";

const SUBDOMAIN = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const LABEL = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
const SUBDOMAIN_LIMIT = 253;
const LABEL_LIMIT = 63;

const SUBDOMAIN_MESSAGE =
	"a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character";
const LABEL_MESSAGE =
	"a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character";

const invalidName = (name: string, value: unknown, message: string): SchemaProblem[] => [
	{ path: `metadata.${name}`, reason: "FieldValueInvalid", message: `Invalid value: ${quoted(value)}: ${message}` },
];

const subdomainProblems = (name: string, value: unknown, checked: unknown): SchemaProblem[] => {
	if (typeof checked !== "string" || !SUBDOMAIN.test(checked)) return invalidName(name, value, SUBDOMAIN_MESSAGE);
	if (checked.length > SUBDOMAIN_LIMIT)
		return invalidName(name, value, `must be no more than ${SUBDOMAIN_LIMIT} characters`);
	return [];
};

const nameProblems = (metadata: Record<string, unknown>): SchemaProblem[] => {
	const name = metadata["name"] ?? "";
	const generateName = metadata["generateName"] ?? "";
	if (name !== "") return subdomainProblems("name", name, name);
	if (generateName === "") {
		const message = "Required value: name or generateName is required";
		return [{ path: "metadata.name", reason: "FieldValueRequired", message }];
	}
	// A generated name goes on behind the prefix, so the prefix may end in a dash.
	const complete = typeof generateName === "string" ? `${generateName}x` : generateName;
	return subdomainProblems("generateName", generateName, complete);
};

const namespaceProblems = (namespace: unknown): SchemaProblem[] => {
	if (namespace === undefined || namespace === "") return [];
	if (typeof namespace === "string" && namespace.length <= LABEL_LIMIT && LABEL.test(namespace)) return [];
	return invalidName("namespace", namespace, LABEL_MESSAGE);
};

/** What is wrong with the object's name, generateName, namespace, labels and annotations, worded as the API server words it. */
export const metadataProblems = (object: KubernetesObject): SchemaProblem[] => {
	const metadata: unknown = object.metadata ?? {};
	// Anything else than a map is told by the schema.
	if (!isRecord(metadata)) return [];
	return [
		...nameProblems(metadata),
		...namespaceProblems(metadata["namespace"]),
		...labelProblems(metadata["labels"]),
		...annotationProblems(metadata["annotations"]),
	];
};
