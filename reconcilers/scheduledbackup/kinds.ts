// How each kind of child tells that it still is as we made it. Data is compared by digest. A CronJob's spec comes back with
// the API server's defaults in it, so it is told by two marks: the hash of what we wrote, and the generation that resulted.

import { CONFIG_MAP, CRON_JOB, SECRET } from "../../src/api/kinds.ts";
import type { ConfigMap, CronJob, KubernetesObject, Secret } from "../../src/api/kubernetes.ts";
import {
	APPLIED_GENERATION_ANNOTATION,
	APPLIED_HASH_ANNOTATION,
	type CronJobFacts,
	cronJobFacts,
	type DataFacts,
	dataFacts,
	digestOf,
} from "../../src/domain/status/facts.ts";
import type { Watches } from "../shared/context.ts";
import type { ChildKind } from "./children.ts";

const hasLabels = (live: KubernetesObject, wanted: KubernetesObject): boolean =>
	Object.entries(wanted.metadata?.labels ?? {}).every(([name, value]) => live.metadata?.labels?.[name] === value);

const differs = (facts: DataFacts, wanted: ConfigMap | Secret): boolean =>
	facts.digest !== dataFacts(wanted as Parameters<typeof dataFacts>[0]).digest;

const sameData = (facts: DataFacts, wanted: ConfigMap | Secret): boolean =>
	hasLabels(facts, wanted) && !differs(facts, wanted);

/** Scripts. Their names hold a hash of their content, so a changed one is somebody's doing. */
export const configMapChild = (watches: Watches): ChildKind<ConfigMap, DataFacts> => ({
	kind: CONFIG_MAP,
	known: watches.configMaps,
	facts: (object) => dataFacts(object as Parameters<typeof dataFacts>[0]),
	isAsWanted: sameData,
	marked: (wanted) => wanted,
	replaced: [],
	// Labels can be put back without taking the script from under a pod that starts.
	mustBeReplaced: differs,
});

/** `<sb>-env`. */
export const environmentChild = (watches: Watches): ChildKind<Secret, DataFacts> => ({
	kind: SECRET,
	known: watches.ownedSecrets,
	facts: (object) => dataFacts(object as Parameters<typeof dataFacts>[0]),
	isAsWanted: sameData,
	marked: (wanted) => wanted,
	replaced: ["data"],
	mustBeReplaced: () => false,
});

/** The hash that marks a CronJob: of all that we state. */
const cronJobHash = (wanted: CronJob): string => digestOf({ labels: wanted.metadata?.labels, spec: wanted.spec });

const markedCronJob = (wanted: CronJob, generation: number): CronJob => ({
	...wanted,
	metadata: {
		...wanted.metadata,
		annotations: {
			...wanted.metadata?.annotations,
			[APPLIED_HASH_ANNOTATION]: cronJobHash(wanted),
			[APPLIED_GENERATION_ANNOTATION]: String(generation),
		},
	},
});

const isCronJobAsWanted = (facts: CronJobFacts, wanted: CronJob): boolean => {
	const marks = facts.metadata.annotations ?? {};
	return (
		hasLabels(facts, wanted) &&
		marks[APPLIED_HASH_ANNOTATION] === cronJobHash(wanted) &&
		marks[APPLIED_GENERATION_ANNOTATION] === String(facts.metadata.generation)
	);
};

/** The schedule. */
export const cronJobChild = (watches: Watches): ChildKind<CronJob, CronJobFacts> => ({
	kind: CRON_JOB,
	known: watches.cronJobs,
	facts: cronJobFacts,
	isAsWanted: isCronJobAsWanted,
	marked: markedCronJob,
	replaced: ["spec"],
	mustBeReplaced: () => false,
});
