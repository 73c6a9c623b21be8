// The schema of the pod options, checked by ajv, and what it finds put into words that name the full path.
import type { ErrorObject } from "ajv";
import { nearestName } from "../../api/nearest.ts";
import type { Problem } from "../report.ts";
import { FORMATS } from "./formats.ts";
import type { Json } from "./plain.ts";
import { helmProblem, type Path } from "./problems.ts";
import { HELM_VALUES_KEYS } from "./schema.ts";
import { validators } from "./validators.ts";

/** What users ask for that a backup's pod never has, by the last part of its path. */
const REFUSED: ReadonlyMap<string, string> = new Map([
	["hostNetwork", "the pod of a backup never uses the node's namespaces"],
	["hostPID", "the pod of a backup never uses the node's namespaces"],
	["hostIPC", "the pod of a backup never uses the node's namespaces"],
	["serviceAccountToken", "a token for the API server is there where HelmValues.serviceAccountName is set"],
]);

const pathOf = ({ instancePath }: ErrorObject): (string | number)[] =>
	instancePath
		.split("/")
		.slice(1)
		.map((part) => (/^[0-9]+$/.test(part) ? Number(part) : part.replaceAll("~1", "/").replaceAll("~0", "~")));

const unknownKey = (path: Path, key: string, known: readonly string[]): Problem => {
	const refused = REFUSED.get(key);
	const reason = "FieldValueForbidden";
	if (refused !== undefined) return helmProblem([...path, key], "is not allowed", { reason, hint: refused });
	const nearest = nearestName(key, known);
	const hint = nearest === undefined ? `known are ${known.join(", ")}` : `did you mean ${nearest}?`;
	return helmProblem([...path, key], "unknown key", { reason, hint });
};

const TYPE_NAMES: Readonly<Record<string, string>> = {
	object: "a map",
	array: "a list",
	string: "text",
	integer: "a whole number",
	boolean: "true or false",
};

const typeProblem = (path: Path, wanted: string, data: unknown): Problem => {
	const scalar = typeof data === "number" || typeof data === "boolean";
	const hint = wanted === "string" && scalar ? "put it in quotes" : undefined;
	return helmProblem(path, `must be ${TYPE_NAMES[wanted]}`, { hint });
};

const problemOf = (error: ErrorObject): Problem | undefined => {
	const path = pathOf(error);
	const { params, propertyName, parentSchema } = error;
	switch (error.keyword) {
		case "additionalProperties": {
			const known = path.length === 0 ? HELM_VALUES_KEYS : Object.keys(parentSchema?.["properties"]);
			return unknownKey(path, params["additionalProperty"], known);
		}
		case "required":
			return helmProblem([...path, params["missingProperty"]], "is required", { reason: "FieldValueRequired" });
		case "type":
			return typeProblem(path, params["type"], error.data);
		case "enum":
			return helmProblem(path, `must be one of ${params["allowedValues"].map(shown).join(", ")}`, {
				reason: "FieldValueNotSupported",
			});
		case "format":
			return helmProblem(
				propertyName === undefined ? path : [...path, propertyName],
				`must be ${FORMATS[params["format"]]?.wanted}`,
			);
		case "propertyNames":
			// Told by the error of the name itself.
			return undefined;
		default:
			return helmProblem(path, `must be from ${parentSchema?.["minimum"]} to ${parentSchema?.["maximum"]}`);
	}
};

const shown = (text: string): string => (text === "" ? '""' : text);

/** What the schema finds, and which options have a part of a wrong type, so that no further rule can look at them. */
export interface Checked {
	problems: Problem[];
	mistyped: ReadonlySet<string>;
}

/** So many items of any list or map are looked at; more would hold the controller, and no pod has them. */
const MAX_ITEMS = 256;
/** The same of volumes and where they are mounted, whose rules compare them. */
const MAX_VOLUMES = 64;

const sizeProblems = (value: Json, path: Path): Problem[] => {
	if (typeof value !== "object" || value === null) return [];
	const items = Object.entries(value);
	const most = path.length === 1 && (path[0] === "volumes" || path[0] === "volumeMounts") ? MAX_VOLUMES : MAX_ITEMS;
	if (items.length > most) return [helmProblem(path, `has ${items.length} entries; at most ${most} are allowed`)];
	return items.flatMap(([key, item]) => sizeProblems(item, [...path, key]));
};

/** Checks pod options (without `env`) against the schema; every mistake at once. */
export const checkSchema = (options: { [key: string]: Json }): Checked => {
	const oversized = sizeProblems(options, []);
	if (oversized.length > 0) return { problems: oversized, mistyped: new Set(Object.keys(options)) };
	const validate = validators.helmValues;
	const errors = validate(options) ? [] : (validate.errors as ErrorObject[]);
	// `env` is known, but checked elsewhere.
	const mistyped = errors.filter(({ keyword }) => keyword === "type").map((error) => String(pathOf(error)[0]));
	return { problems: errors.map(problemOf).filter((problem) => problem !== undefined), mistyped: new Set(mistyped) };
};
