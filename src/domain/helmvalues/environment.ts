// `HelmValues.env`: literal values, and references to keys of the vars Secret.
import { SecretValue, type Value } from "../../template/value.ts";
import { RESTORE_VERSION } from "../objects/container.ts";
import { emptyReport, type Problem, type Report } from "../report.ts";
import { RESERVED_ENVIRONMENT_PREFIX } from "../script/token.ts";
import { goFloat } from "../vars/go-number.ts";
import { isValueMap } from "../vars/tree.ts";
import { isEnvironmentName } from "./formats.ts";
import { helmProblem } from "./problems.ts";

/** Bytes. One variable must fit into execve's limit of 128 KiB for one string. */
const VALUE_LIMIT = 96 * 1024;
const SHELL_SYNTAX = /\$[({]/;

/** A scalar's text as a Go template would print it; undefined where it has none. */
const textOf = (value: Value): string | undefined => {
	if (typeof value === "string") return value;
	if (typeof value === "number") return goFloat(value);
	return typeof value === "bigint" || typeof value === "boolean" ? String(value) : undefined;
};

const nameProblem = (name: string): Problem | undefined => {
	const path = ["env", name];
	if (name.startsWith(RESERVED_ENVIRONMENT_PREFIX) || name === RESTORE_VERSION) {
		return helmProblem(path, "the name is reserved for the controller", { reason: "FieldValueForbidden" });
	}
	if (isEnvironmentName(name)) return undefined;
	return helmProblem(
		path,
		"must be called like an environment variable: letters, digits, `_`, `-` and `.`, no digit first",
	);
};

const kindOf = (value: Value): string => {
	if (value === null) return 'has no value; write "" for an empty one';
	return `must be text, a number or a boolean, no ${Array.isArray(value) ? "list" : "map"}`;
};

const textProblem = (name: string, text: string): Problem | undefined => {
	const path = ["env", name];
	if (SHELL_SYNTAX.test(text)) {
		return helmProblem(path, "$(…) and ${…} are not evaluated here", {
			reason: "FieldValueForbidden",
			hint: `put the value into the Secret of varsSecretRef, under the key "HelmValues.env.${name}"`,
		});
	}
	if (text.includes("\0")) return helmProblem(path, "an environment variable cannot hold a NUL character");
	if (Buffer.byteLength(text) <= VALUE_LIMIT) return undefined;
	return helmProblem(path, `larger than ${VALUE_LIMIT / 1024} KiB`, { reason: "FieldValueTooLong" });
};

/**
 * The environment of the pod.
 * @param value `HelmValues.env`, undefined or null where it is not set
 * @returns undefined for an absent one; entries with an error are left out
 */
export const parseEnvironment = (
	value: Value | undefined,
): { env: Record<string, string | SecretValue> | undefined; report: Report } => {
	const report = emptyReport();
	if (value === undefined || value === null) return { env: undefined, report };
	if (!isValueMap(value)) {
		report.errors.push(helmProblem(["env"], "must be a map of names and values"));
		return { env: undefined, report };
	}
	const entries: [string, string | SecretValue][] = [];
	for (const [name, item] of value) {
		const text = item instanceof SecretValue ? item : textOf(item);
		const wrongValue = typeof text === "string" ? textProblem(name, text) : undefined;
		const missing = text === undefined ? helmProblem(["env", name], kindOf(item)) : undefined;
		const found = [nameProblem(name), wrongValue, missing].filter((problem) => problem !== undefined);
		report.errors.push(...found);
		if (text !== undefined && found.length === 0) entries.push([name, text]);
	}
	return { env: Object.fromEntries(entries), report };
};
