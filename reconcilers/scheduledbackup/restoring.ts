// Whether a restore is under way: scheduled runs must not start meanwhile. Not only the action counts: it, or its Job, may
// have been deleted while a pod still writes.
import type { ScheduledBackup } from "../../src/api/types.ts";
import { ACTION_LABEL, OPERATION_LABEL } from "../../src/domain/objects/labels.ts";
import { isOver } from "../../src/domain/status/action.ts";
import { controllerOf, type JobFacts, type PodFacts } from "../../src/domain/status/facts.ts";
import { hasEnded, isFinished } from "../../src/domain/status/outcome.ts";
import { type Context, INDEX } from "../shared/context.ts";
import { jobsOf, labelKey } from "./retire.ts";

const runsRestore = (job: JobFacts): boolean =>
	controllerOf(job)?.kind === "RequestedBackupAction" &&
	job.metadata.labels?.[OPERATION_LABEL] === "restore" &&
	!job.suspended &&
	!isFinished(job);

const isRestorePod = ({ metadata }: PodFacts): boolean =>
	metadata.labels?.[OPERATION_LABEL] === "restore" && metadata.labels[ACTION_LABEL] !== undefined;

/** Whether a restore was let go and has not ended: a Job of one, or a pod that outlives it. */
export const isRestoreRunning = (context: Context, object: ScheduledBackup): boolean =>
	jobsOf(context, object).some(runsRestore) ||
	context.watches.pods.byIndex(INDEX.label, labelKey(object)).some((pod) => isRestorePod(pod) && !hasEnded(pod));

/** Whether an action that restores has its Job, or such a Job or a pod of one has not ended. */
export const isRestoring = (context: Context, object: ScheduledBackup): boolean => {
	const { actions } = context.watches;
	const { namespace = "", name = "" } = object.metadata;
	const unfinished = actions.byIndex(INDEX.unfinished, `${namespace}/${name}`);
	const hasJob = unfinished.some(
		(action) => action.spec.action === "restore" && action.status?.jobUID !== undefined && !isOver(action),
	);
	return hasJob || isRestoreRunning(context, object);
};
