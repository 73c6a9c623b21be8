// Everything that the evaluation of a ScheduledBackup depends on, as one text: two evaluations of the same text have the
// same result. Whoever makes the evaluation look at something else of its arguments must add it here.
import type { ScheduledBackup } from "../api/types.ts";
import type { ScheduledBackupFacts } from "./facts.ts";
import type { Settings } from "./settings.ts";

const secretsOf = ({ secrets }: ScheduledBackupFacts): unknown =>
	[...secrets].map(([name, secret]) => [name, secret === undefined ? null : { ...secret, keys: [...secret.keys] }]);

/** Of the template, what does not change with every write of it; resourceVersion would not do: an edit comes with the old one. */
const templateOf = ({ template }: ScheduledBackupFacts): unknown =>
	template === undefined ? null : [template.metadata?.name, template.metadata?.generateName, template.spec];

/**
 * The inputs as text.
 * @param object its status, and what the API server keeps in its metadata, count for nothing
 */
export const evaluationInputs = (object: ScheduledBackup, facts: ScheduledBackupFacts, settings: Settings): string => {
	const { apiVersion, kind, spec } = object;
	const { name, generateName, namespace, labels, annotations } = object.metadata ?? {};
	const metadata = { name, generateName, namespace, labels, annotations };
	const world = { ...facts, secrets: secretsOf(facts), template: templateOf(facts) };
	return JSON.stringify([apiVersion, kind, metadata, spec, world, { ...settings, memory: undefined }]);
};
