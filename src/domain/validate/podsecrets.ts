// Secrets that the pod options name: a pod whose Secret is missing stays pending, and with `Forbid` stops later backups.
import type { ScheduledBackupFacts } from "../facts.ts";
import { type HelmValues, secretNamesIn } from "../helmvalues.ts";
import { keyKnowledge, secretKnowledge } from "../knowledge.ts";
import { isDns1123Subdomain } from "../names.ts";
import { mergeReports, type Problem, type Report } from "../report.ts";
import { errorsOnly, warningsOnly } from "./problems.ts";

interface Item {
	where: string;
	secretName: string;
	key: string;
}

const itemsOf = (where: string, source: { secretName?: string; name?: string; optional?: boolean; items?: { key: string }[] } | undefined): Item[] => {
	const secretName = source?.secretName ?? source?.name;
	if (secretName === undefined || source?.optional === true) return [];
	return (source?.items ?? []).map(({ key }) => ({ where, secretName, key }));
};

/** Single keys that volumes project. */
const projectedKeys = (pod: HelmValues): Item[] =>
	(pod.volumes ?? []).flatMap((volume, index) => {
		const where = `HelmValues.volumes[${index}]`;
		return [
			...itemsOf(where, volume.secret),
			...(volume.projected?.sources ?? []).flatMap((source, at) =>
				itemsOf(`${where}.projected.sources[${at}]`, source.secret),
			),
		];
	});

const optionalNames = (pod: HelmValues): ReadonlySet<string> => {
	const sources = [
		...(pod.envFrom ?? []).map((source) => source.secretRef),
		...(pod.volumes ?? []).map((volume) => volume.secret),
		...(pod.volumes ?? []).flatMap((volume) => (volume.projected?.sources ?? []).map((source) => source.secret)),
	].filter((source) => source !== undefined);
	const nameOf = (source: { name?: string; secretName?: string }): string => source.secretName ?? source.name ?? "";
	const needed = new Set(sources.filter((source) => source.optional !== true).map(nameOf));
	return new Set(sources.map(nameOf).filter((name) => !needed.has(name)));
};

const missing = (message: string): Problem => ({
	path: "spec.vars",
	reason: "FieldValueNotFound",
	message,
	missingReference: true,
});

/** An image may be public although a pull secret is named: the kubelet goes on without one that is missing. */
const isPullSecret = (where: string): boolean => where.startsWith("HelmValues.imagePullSecrets");

const nameReport = (name: string, where: string, pod: HelmValues, facts: ScheduledBackupFacts): Report => {
	if (!isDns1123Subdomain(name)) {
		const message = `${where}: ${JSON.stringify(name)} cannot be the name of a Secret`;
		return errorsOnly([{ path: "spec.vars", reason: "FieldValueInvalid", message }]);
	}
	if (secretKnowledge(facts, name).state !== "missing" || optionalNames(pod).has(name)) return errorsOnly([]);
	const message = `${where}: Secret "${name}" does not exist`;
	return isPullSecret(where) ? warningsOnly(message) : errorsOnly([missing(message)]);
};

const keyProblems = (pod: HelmValues, facts: ScheduledBackupFacts): Problem[] =>
	projectedKeys(pod)
		.filter(({ secretName, key }) => keyKnowledge(facts, secretName, key) === "missing")
		.map(({ where, secretName, key }) => missing(`${where}: Secret "${secretName}" has no key "${key}"`));

/** Whether the Secrets that the pod options need are there, and the keys that volumes project. */
export const podSecretsReport = (pod: HelmValues, facts: ScheduledBackupFacts): Report =>
	mergeReports(
		...secretNamesIn(pod).map(({ name, where }) => nameReport(name, where, pod, facts)),
		errorsOnly(keyProblems(pod, facts)),
	);
