// Pod options that the user sets in `vars.HelmValues` (the name is the user's; there is no Helm inside).
import type {
	V1Affinity,
	V1EnvFromSource,
	V1LocalObjectReference,
	V1PodSecurityContext,
	V1ResourceRequirements,
	V1SecurityContext,
	V1Toleration,
	V1Volume,
	V1VolumeMount,
} from "@kubernetes/client-node";
import type { Wire } from "../api/kubernetes.ts";
import { SecretValue, type Value } from "../template/value.ts";
import { checkSchema } from "./helmvalues/check.ts";
import { parseEnvironment } from "./helmvalues/environment.ts";
import { type Json, toJson } from "./helmvalues/plain.ts";
import { helmProblem } from "./helmvalues/problems.ts";
import { ruleProblems } from "./helmvalues/rules.ts";
import { HELM_VALUES_KEYS } from "./helmvalues/schema.ts";
import type { PodOptions } from "./helmvalues/shape.ts";
import type { Problem, Report } from "./report.ts";
import type { Settings } from "./settings.ts";
import { isValueMap } from "./vars/tree.ts";

export { type NamedSecret, secretNamesIn } from "./helmvalues/references.ts";

export interface HelmValues {
	/** Literal values go to the Secret `<name>-env`; a SecretValue becomes a secretKeyRef. */
	env?: Record<string, string | SecretValue>;
	envFrom?: Wire<V1EnvFromSource>[];
	image?: string;
	imagePullPolicy?: "Always" | "IfNotPresent" | "Never";
	imagePullSecrets?: Wire<V1LocalObjectReference>[];
	resources?: Wire<V1ResourceRequirements>;
	nodeSelector?: Record<string, string>;
	tolerations?: Wire<V1Toleration>[];
	affinity?: Wire<V1Affinity>;
	priorityClassName?: string;
	serviceAccountName?: string;
	podLabels?: Record<string, string>;
	podAnnotations?: Record<string, string>;
	podSecurityContext?: Wire<V1PodSecurityContext>;
	securityContext?: Wire<V1SecurityContext>;
	volumes?: Wire<V1Volume>[];
	volumeMounts?: Wire<V1VolumeMount>[];
	/** Seconds. */
	activeDeadlineSeconds?: number;
	backoffLimit?: number;
	/** Seconds. */
	ttlSecondsAfterFinished?: number;
}

export interface ParsedHelmValues {
	/** What could be read. Complete where the report has no errors; never with an option of a wrong type in it. */
	values: HelmValues;
	report: Report;
}

/**
 * Reads `HelmValues` of the variable tree, after all precedence, and refuses whatever the API server would refuse in the
 * CronJob later, and what a backup's pod may not have.
 * @param value undefined, null and an empty map are no options
 * @returns every mistake at once, at `spec.vars`, each message beginning with the full path (`HelmValues.env.PGPORT`)
 */
export const parseHelmValues = (value: Value | undefined, settings: Settings): ParsedHelmValues => {
	if (value === undefined || value === null) return { values: {}, report: { errors: [], warnings: [] } };
	const errors: Problem[] = [];
	if (!isValueMap(value)) {
		if (value instanceof SecretValue) toJson(value, [], errors);
		else errors.push(helmProblem([], "must be a map of pod options"));
		return { values: {}, report: { errors, warnings: [] } };
	}
	const { env, report } = parseEnvironment(value.get("env"));
	const json = toJson(new Map([...value].filter(([key]) => key !== "env")), [], errors) as { [key: string]: Json };
	const { problems, mistyped } = checkSchema(json);
	const usable = Object.entries(json).filter(([key]) => HELM_VALUES_KEYS.includes(key) && !mistyped.has(key));
	const typed = Object.fromEntries(usable) as PodOptions;
	errors.push(...report.errors, ...problems, ...ruleProblems(typed, settings));
	// A round trip through text gives plain objects, which everything else expects.
	const values = JSON.parse(JSON.stringify(typed)) as HelmValues;
	return { values: env === undefined ? values : { ...values, env }, report: { errors, warnings: [] } };
};
