// The variable tree's HelmValues as JSON. Null counts as absent, as it does in Kubernetes; a reference to a Secret may be
// nowhere but in `env`, because everything else is written into objects that more people may read than the Secret.
import { SecretValue, type Value, type ValueMap } from "../../template/value.ts";
import type { Problem } from "../report.ts";
import { isValueMap } from "../vars/tree.ts";
import { helmProblem, type Path } from "./problems.ts";

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** Where numbers are fine as text: `cpu: 1`. */
const isQuantityPath = (path: Path): boolean =>
	(path[0] === "resources" && path.length === 3) || path.at(-1) === "sizeLimit" || path.at(-1) === "divisor";

const numberJson = (value: bigint | number, path: Path): Json => (isQuantityPath(path) ? String(value) : Number(value));

const secretProblem = (secret: SecretValue, path: Path): Problem =>
	helmProblem(path, `key "${secret.key}" of Secret "${secret.secretName}" cannot set this`, {
		reason: "FieldValueForbidden",
		hint: "of HelmValues only HelmValues.env.NAME can come from a Secret",
		field: "spec.varsSecretRef",
	});

const listJson = (list: readonly Value[], path: Path, problems: Problem[]): Json =>
	list.map((item, index) => toJson(item, [...path, index], problems) ?? null);

const mapJson = (map: ValueMap, path: Path, problems: Problem[]): Json => {
	const result: { [key: string]: Json } = Object.create(null);
	for (const [key, value] of map) {
		const json = toJson(value, [...path, key], problems);
		if (json !== undefined) result[key] = json;
	}
	return result;
};

/**
 * A value as JSON, undefined for null and for references to Secrets, which are reported. Maps have no prototype.
 * @param path below HelmValues
 */
export const toJson = (value: Value, path: Path, problems: Problem[]): Json | undefined => {
	if (value === null) return undefined;
	if (value instanceof SecretValue) {
		problems.push(secretProblem(value, path));
		return undefined;
	}
	if (typeof value === "bigint" || typeof value === "number") return numberJson(value, path);
	if (isValueMap(value)) return mapJson(value, path, problems);
	return typeof value === "object" ? listJson(value, path, problems) : value;
};
