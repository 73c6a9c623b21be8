// Conditions as Kubernetes means them: one per type, and `lastTransitionTime` moves only when `status` does
// (https://github.com/kubernetes/community/blob/master/contributors/devel/sig-architecture/api-conventions.md#typical-status-properties).
// `Reconciling` and `Stalled` are always stated, also when False: kstatus looks for True alone, and `kubectl wait
// --for=condition=Stalled=False` and the time of recovery need the condition to be there.
import type { Condition } from "../../api/types.ts";
import { bounded, MESSAGE_LIMIT, timeText } from "./text.ts";

/** What is to be said; times and generation are filled in by `setConditions`. */
export interface Observation {
	type: string;
	status: Condition["status"];
	/** One CamelCase word. */
	reason: string;
	message: string;
}

/**
 * The conditions of an object after an observation.
 * @param previous what the object has; conditions of types that are not observed stay as they are (somebody else's).
 * @param retired types of ours that no longer apply and go.
 * @param generation the `metadata.generation` that was looked at.
 */
export const setConditions = (
	previous: readonly Condition[],
	observed: readonly Observation[],
	retired: readonly string[],
	{ generation, now }: { generation: number; now: Date },
): Condition[] => {
	const spoken = new Set([...retired, ...observed.map((observation) => observation.type)]);
	const set = observed.map((observation) => {
		const before = previous.find((condition) => condition.type === observation.type);
		const unchanged = before !== undefined && before.status === observation.status;
		return {
			type: observation.type,
			status: observation.status,
			observedGeneration: generation,
			lastTransitionTime: unchanged ? before.lastTransitionTime : timeText(now),
			reason: observation.reason,
			message: bounded(observation.message, MESSAGE_LIMIT),
		};
	});
	return [...set, ...previous.filter((condition) => !spoken.has(condition.type))];
};

/** The condition of this type, where there is one. */
export const conditionOf = (conditions: readonly Condition[] | undefined, type: string): Condition | undefined =>
	conditions?.find((condition) => condition.type === type);

/** Where an object stands, as kstatus reads it: done, on its way, or in need of somebody. */
export type Standing = "ready" | "progressing" | "stalled";

/**
 * `Ready`, `Reconciling` and `Stalled`, always consistent with each other.
 * https://github.com/kubernetes-sigs/cli-utils/blob/master/pkg/kstatus/README.md
 */
export const standingConditions = (standing: Standing, reason: string, message: string): Observation[] => {
	const state = (type: string, wanted: Standing): Observation => ({
		type,
		status: standing === wanted ? "True" : "False",
		reason,
		message: standing === wanted || wanted === "ready" ? message : "",
	});
	return [state("Ready", "ready"), state("Reconciling", "progressing"), state("Stalled", "stalled")];
};
