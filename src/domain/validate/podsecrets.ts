// Secrets that the pod options name: a pod whose Secret is missing stays pending, and with `Forbid` stops later backups.
import type { ScheduledBackupFacts } from "../facts.ts";
import type { HelmValues } from "../helmvalues.ts";
import { keyKnowledge, secretKnowledge } from "../knowledge.ts";
import { mergeReports, type Problem, type Report } from "../report.ts";
import { errorsOnly, warningsOnly } from "./problems.ts";

/** A Secret that the pod cannot start without, and the single keys that it takes from it. */
interface Need {
	/** `HelmValues.volumes[0]`. */
	where: string;
	name: string;
	keys: string[];
}

/** How Kubernetes' API refers to a Secret; its two spellings of the name differ by place. */
interface Source {
	name?: string;
	secretName?: string;
	optional?: boolean;
	items?: { key: string }[];
}

const needOf = (where: string, source: Source | undefined): Need[] => {
	const name = source?.secretName ?? source?.name;
	if (source === undefined || name === undefined || source.optional === true) return [];
	const { items = [] } = source;
	return [{ where, name, keys: items.map(({ key }) => key) }];
};

const needs = ({ envFrom = [], volumes = [] }: HelmValues): Need[] => [
	...envFrom.flatMap(({ secretRef }, index) => needOf(`HelmValues.envFrom[${index}]`, secretRef)),
	...volumes.flatMap(({ secret, projected }, index) => {
		const where = `HelmValues.volumes[${index}]`;
		const { sources = [] } = projected ?? {};
		return [
			...needOf(where, secret),
			...sources.flatMap((source, at) => needOf(`${where}.projected.sources[${at}]`, source.secret)),
		];
	}),
];

const missing = (message: string): Problem => ({
	path: "spec.vars",
	reason: "FieldValueNotFound",
	message,
	missingReference: true,
});

const needProblems = (need: Need, facts: ScheduledBackupFacts): Problem[] => {
	const { where, name, keys } = need;
	if (secretKnowledge(facts, name).state === "missing") {
		return [missing(`${where}: Secret "${name}" does not exist`)];
	}
	return keys
		.filter((key) => keyKnowledge(facts, name, key) === "missing")
		.map((key) => missing(`${where}: Secret "${name}" has no key "${key}"`));
};

/** An image may be public although a pull secret is named: the kubelet goes on without one that is missing. */
const pullReport = ({ imagePullSecrets = [] }: HelmValues, facts: ScheduledBackupFacts): Report =>
	warningsOnly(
		...imagePullSecrets.flatMap(({ name = "" }, index) =>
			secretKnowledge(facts, name).state === "missing"
				? [`HelmValues.imagePullSecrets[${index}]: Secret "${name}" does not exist`]
				: [],
		),
	);

/** Whether the Secrets that the pod options need are there, and the keys that volumes take from them. */
export const podSecretsReport = (pod: HelmValues, facts: ScheduledBackupFacts): Report =>
	mergeReports(errorsOnly(needs(pod).flatMap((need) => needProblems(need, facts))), pullReport(pod, facts));
