// Words an ajv error as the API server words the same mistake, so that users read one language whoever found it.
// Source of the wording: k8s.io/kube-openapi validation/errors and k8s.io/apimachinery field errors, Kubernetes 1.37.
import type { ErrorObject } from "ajv";
import type { SchemaProblem, SchemaReason } from "./problem.ts";

/** What to do where a pattern does not match: the API server prints nothing but the expression. By pattern. */
export const patternHints: Readonly<Record<string, string>> = {
	"^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$":
		"use lower-case letters, digits, - and . (a DNS-1123 subdomain)",
	"^([-_a-zA-Z0-9]|\\.[-_a-zA-Z0-9])[-._a-zA-Z0-9]*$": "use a data key of a Secret: letters, digits, -, _ and .",
	"^[-_a-zA-Z0-9]+(\\.[-_a-zA-Z0-9]+)*$":
		"use a dotted path such as Params.password: letters, digits, - and _ between dots",
	"^[A-Za-z][A-Za-z0-9_+-]*(/[A-Za-z0-9_+-]+)*$": "use a name of the IANA time zone database, such as Europe/Warsaw",
	"^[A-Za-z0-9][A-Za-z0-9._-]*$": "use letters, digits, ., _ and -, such as v1",
};

/** A value as messages quote it: JSON, which is what the API server prints for texts and numbers. */
export const quoted = (value: unknown): string => JSON.stringify(value);

/** JSON schema's name of a value's type, as the API server prints it. */
export const typeName = (value: unknown): string => {
	if (value === null) return "null";
	if (Array.isArray(value)) return "array";
	return typeof value === "number" && Number.isInteger(value) ? "integer" : typeof value;
};

type Worded = Omit<SchemaProblem, "path">;
type Wording = (error: ErrorObject, path: string) => Worded;

const invalid = (message: string, hint?: string): Worded => problemOf("FieldValueInvalid", message, hint);

const problemOf = (reason: SchemaReason, message: string, hint?: string): Worded =>
	hint === undefined ? { reason, message } : { reason, message, hint };

const typeHint = (error: ErrorObject, found: string): string | undefined => {
	// Where only few texts are allowed, quotes around another value do not help.
	if (error.params["type"] !== "string" || error.parentSchema?.["enum"] !== undefined) return undefined;
	if (found === "object") return "write it as text: put | after the colon and indent the lines below";
	return found === "array" || found === "null" ? undefined : "put it in quotes";
};

const wrongType: Wording = (error, path) => {
	const wanted = String(error.params["type"]);
	const found = typeName(error.data);
	return problemOf(
		"FieldValueTypeInvalid",
		`Invalid value: "${found}": ${path} in body must be of type ${wanted}: "${found}"`,
		typeHint(error, found),
	);
};

const unsupported: Wording = (error) => {
	const allowed = (error.params["allowedValues"] as unknown[]).map(quoted).join(", ");
	return problemOf("FieldValueNotSupported", `Unsupported value: ${quoted(error.data)}: supported values: ${allowed}`);
};

const wordings: Readonly<Record<string, Wording>> = {
	type: wrongType,
	enum: unsupported,
	required: () => problemOf("FieldValueRequired", "Required value"),
	minLength: (error, path) =>
		invalid(
			`Invalid value: ${quoted(error.data)}: ${path} in body should be at least ${error.params["limit"]} chars long`,
		),
	maxLength: (error) => problemOf("FieldValueTooLong", `Too long: may not be more than ${error.params["limit"]} bytes`),
	pattern: (error, path) => {
		const pattern = String(error.params["pattern"]);
		const message = `Invalid value: ${quoted(error.data)}: ${path} in body should match '${pattern}'`;
		return invalid(message, patternHints[pattern]);
	},
	format: (error, path) =>
		invalid(`Invalid value: ${quoted(error.data)}: ${path} in body must be of format ${error.params["format"]}`),
	minimum: (error, path) =>
		invalid(
			`Invalid value: ${quoted(error.data)}: ${path} in body should be greater than or equal to ${error.params["limit"]}`,
		),
	maxItems: (error) =>
		problemOf(
			"FieldValueTooMany",
			`Too many: ${(error.data as unknown[]).length}: must have at most ${error.params["limit"]} items`,
		),
};

/** The JSON pointer of ajv as a field path of the API: `/spec/a/0` → `spec.a[0]`. */
export const fieldPath = (pointer: string): string =>
	pointer
		.split("/")
		.slice(1)
		.map((part) => (/^\d+$/.test(part) ? `[${part}]` : `.${part}`))
		.join("")
		.replace(/^\./, "");

/** The path below a node: `childPath("spec", "vars")` → `spec.vars`. */
export const childPath = (path: string, name: string): string => (path === "" ? name : `${path}.${name}`);

/** The keywords that can be worded; a test compares them with those that the CRDs use. */
export const wordedKeywords: readonly string[] = Object.keys(wordings);

/** An ajv error (made with `verbose`) as a problem; a keyword without wording says what ajv says. */
export const problemOfError = (error: ErrorObject): SchemaProblem => {
	const at = fieldPath(error.instancePath);
	const path = error.keyword === "required" ? childPath(at, String(error.params["missingProperty"])) : at;
	const wording = wordings[error.keyword];
	return { path, ...(wording === undefined ? invalid(`Invalid value: ${error.message}`) : wording(error, path)) };
};
