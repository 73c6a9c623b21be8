// The whole status of a RequestedBackupAction. `phase` is for people, the conditions are for kstatus: Reconciling while
// unfinished, Ready on success, Stalled on failure. Succeeded and Failed are final.
import type { RequestedBackupAction, RequestedBackupActionStatus } from "../../api/types.ts";
import { type Standing, setConditions, standingConditions } from "./conditions.ts";
import { bounded, MESSAGE_LIMIT, reasonWord } from "./text.ts";

/** What is to be said of an action. */
export interface ActionProgress {
	phase: "Pending" | "Running" | "Succeeded" | "Failed";
	/** One CamelCase word; becomes failureReason where it failed. */
	reason: string;
	message: string;
	/** The Job that runs it, once its UID is known. */
	job?: { name: string; uid: string };
	/** RFC 3339. */
	startTime?: string;
	/** RFC 3339; only where it ended. */
	completionTime?: string;
	/** Whether something keeps it from running. */
	troubled?: boolean;
}

const STANDINGS: Record<ActionProgress["phase"], Standing> = {
	Pending: "progressing",
	Running: "progressing",
	Succeeded: "ready",
	Failed: "stalled",
};

/** What a restore asks the server for where nobody said. */
const LATEST = "latest";

/** Whether the action has its final result: it is then never run again. */
export const isOver = (action: RequestedBackupAction): boolean =>
	action.status?.phase === "Succeeded" || action.status?.phase === "Failed";

const jobFields = (progress: ActionProgress): Partial<RequestedBackupActionStatus> => {
	const { job, phase, message, troubled } = progress;
	if (job === undefined) return { ownedReferences: [], childrenResourcesHealth: [] };
	const failed = phase === "Failed";
	const health = {
		kind: "Job",
		name: job.name,
		running: phase === "Running",
		failed,
		...(failed || troubled ? { message: bounded(message, MESSAGE_LIMIT) } : {}),
	};
	return {
		jobName: job.name,
		jobUID: job.uid,
		ownedReferences: [{ apiVersion: "batch/v1", kind: "Job", ...job }],
		childrenResourcesHealth: [health],
	};
};

/** The status to be stored. A start time that was stored stays, also where the Job is gone. */
export const actionStatus = (
	action: RequestedBackupAction,
	progress: ActionProgress,
	now: Date,
): RequestedBackupActionStatus => {
	const { phase, message, completionTime } = progress;
	const generation = action.metadata.generation ?? 0;
	const reason = reasonWord(progress.reason, phase);
	const startTime = progress.startTime ?? action.status?.startTime;
	const observed = standingConditions(STANDINGS[phase], reason, message);
	return {
		observedGeneration: generation,
		phase,
		processed: progress.job !== undefined,
		...(startTime === undefined ? {} : { startTime }),
		...(completionTime === undefined ? {} : { completionTime }),
		...(action.spec.action === "restore" ? { targetVersion: action.spec.targetVersion ?? LATEST } : {}),
		conditions: setConditions(action.status?.conditions ?? [], observed, [], { generation, now }),
		...(phase === "Failed" ? { failureReason: reason } : {}),
		message: bounded(message, MESSAGE_LIMIT),
		healthy: phase !== "Failed" && progress.troubled !== true,
		...jobFields(progress),
	};
};
