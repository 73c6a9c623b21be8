// Defaults that an installation gives to the pods of all Jobs: where they may run, what they may use, which image. They lie
// under what a user writes in `vars.HelmValues`, and are the administrator's word: no user's right is asked for what they
// name, and no user is blamed for what they ask for.

import { nearestName } from "../api/nearest.ts";
import type { Value } from "../template/value.ts";
import { ruleProblems } from "./helmvalues/rules.ts";
import { HELM_VALUES_KEYS } from "./helmvalues/schema.ts";
import type { PodOptions } from "./helmvalues/shape.ts";
import { type HelmValues, parseHelmValues } from "./helmvalues.ts";
import { type Problem, problemMessage } from "./report.ts";
import type { Settings } from "./settings.ts";
import { parseVars } from "./vars/parse.ts";

/** The pod options that have an installation's default; the rest is each backup's own. In alphabetical order. */
export const JOB_DEFAULTS_KEYS = [
	"affinity",
	"image",
	"imagePullPolicy",
	"imagePullSecrets",
	"nodeSelector",
	"podAnnotations",
	"podLabels",
	"podSecurityContext",
	"priorityClassName",
	"resources",
	"securityContext",
	"serviceAccountName",
	"tolerations",
] as const satisfies readonly (keyof HelmValues)[];

/** Checked defaults, as plain data. `image` is that of the internal procedures alone: a template names its own. */
export type JobDefaults = Pick<HelmValues, (typeof JOB_DEFAULTS_KEYS)[number]>;

export interface ParsedJobDefaults {
	/** Complete where there are no mistakes. */
	defaults: JobDefaults;
	/** One sentence each, beginning with the path where there is one: `resources.limits.memory: must be …`. */
	mistakes: string[];
}

/** Whoever writes the defaults is who decides about privileges. */
const PERMISSIVE: Settings = { backupMakerImage: "", missingReferences: "deny", allowPrivilegedPods: true };
const NO_MAP = {
	message: "not a map of pod options",
	hint: "write names such as `resources:` at the beginning of the line",
};

const isDefault = (key: string): boolean => JOB_DEFAULTS_KEYS.some((known) => known === key);

const keyMistake = (key: string): string => {
	if (HELM_VALUES_KEYS.includes(key)) return `${key}: has no default: it is for each backup to say, in HelmValues`;
	const meant = nearestName(key, JOB_DEFAULTS_KEYS);
	return `${key}: unknown key; ${meant === undefined ? `there are ${JOB_DEFAULTS_KEYS.join(", ")}` : `did you mean ${meant}?`}`;
};

/** The words of a user's mistake, without the name of the map that users write the same options in. */
const mistakeOf = (problem: Problem): string => problemMessage(problem).replaceAll(/\bHelmValues(?:\.|: )/g, "");

/**
 * Reads the file of `--job-defaults`: YAML 1.2 or JSON, with the schema and rules of `HelmValues`. Never throws.
 * @returns every mistake at once; none of them holds a value
 */
export const parseJobDefaults = (text: string): ParsedJobDefaults => {
	const { tree, report } = parseVars(text, NO_MAP);
	const known = new Map<string, Value>([...tree].filter(([key]) => isDefault(key)));
	const { values, report: found } = parseHelmValues(known, PERMISSIVE);
	const unknown = [...tree.keys()].filter((key) => !isDefault(key));
	return {
		defaults: values,
		mistakes: [...report.errors.map(mistakeOf), ...unknown.map(keyMistake), ...found.errors.map(mistakeOf)],
	};
};

type Tree = Record<string, unknown>;

const isTree = (value: unknown): value is Tree => typeof value === "object" && value !== null && !Array.isArray(value);

/** What is written wins; maps are put together by key. */
const over = (own: unknown, fallback: unknown): unknown =>
	isTree(own) && isTree(fallback) ? { ...fallback, ...own } : (own ?? fallback);

/** Requests and limits each by key: who asks for more memory keeps the default for the processor. */
const resourcesOver = (own: HelmValues["resources"], fallback: HelmValues["resources"]): HelmValues["resources"] => {
	if (own === undefined || fallback === undefined) return own ?? fallback;
	const kinds = (["limits", "requests"] as const).map((kind) => [kind, over(own[kind], fallback[kind])] as const);
	return Object.fromEntries(kinds.filter(([, amounts]) => amounts !== undefined));
};

/**
 * A user's pod options over the installation's. Maps (`nodeSelector`, `podLabels`, the security contexts, `affinity` …) are
 * put together by their keys, `resources` by each request and limit, and the user's win; lists and the rest are replaced.
 * `image` is no part of it: a template's image comes between the two (planning.ts).
 */
export const withJobDefaults = (own: HelmValues, defaults: JobDefaults | undefined): HelmValues => {
	if (defaults === undefined) return own;
	const { image: _image, ...rest } = defaults;
	const fallback: Tree = rest;
	const written: Tree = { ...own };
	const merged = Object.keys(rest).map((key) => [key, over(written[key], fallback[key])]);
	const resources = resourcesOver(own.resources, defaults.resources);
	return { ...own, ...Object.fromEntries(merged), ...(resources === undefined ? {} : { resources }) };
};

const CLASH = "one of the two is a default of this installation: write both in HelmValues";

const rulesOf = ({ env: _env, ...options }: HelmValues): Problem[] => ruleProblems(options as PodOptions, PERMISSIVE);

/**
 * What is wrong with options that are fine by themselves, once the defaults lie under them: a request over the default
 * limit. The API server would refuse it when the schedule is made.
 */
export const clashProblems = (own: HelmValues, merged: HelmValues): Problem[] => {
	if (own === merged) return [];
	const known = new Set(rulesOf(own).map(({ message }) => message));
	return rulesOf(merged)
		.filter(({ message }) => !known.has(message))
		.map((problem) => ({ ...problem, hint: CLASH }));
};
