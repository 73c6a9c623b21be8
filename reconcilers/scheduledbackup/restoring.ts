// Whether an action is under way that scheduled runs must not meet: a restore, and where the schedule itself restores, any
// action. Not only the action counts: it, or its Job, may have been deleted while a pod still writes.
import type { ScheduledBackup } from "../../src/api/types.ts";
import { ACTION_LABEL, OPERATION_LABEL } from "../../src/domain/objects/labels.ts";
import { isOver } from "../../src/domain/status/action.ts";
import { controllerOf, type JobFacts, type PodFacts } from "../../src/domain/status/facts.ts";
import { hasEnded, isFinished } from "../../src/domain/status/outcome.ts";
import { type Context, INDEX } from "../shared/context.ts";
import { jobsOf, labelKey } from "./retire.ts";

/** Which actions a run must not meet: a backup no restore, a restore none at all. */
export type Opponents = "restores" | "all";

/** Those of a run that does this: `backup` or `restore`, as its label says it. */
export const opponentsOf = (operation: string | undefined): Opponents => (operation === "restore" ? "all" : "restores");

const isOpponent = ({ metadata }: JobFacts | PodFacts, opponents: Opponents): boolean =>
	opponents === "all" || metadata.labels?.[OPERATION_LABEL] === "restore";

const runsForAction = (job: JobFacts): boolean =>
	controllerOf(job)?.kind === "RequestedBackupAction" && !job.suspended && !isFinished(job);

const isActionPod = (pod: PodFacts): boolean => pod.metadata.labels?.[ACTION_LABEL] !== undefined && !hasEnded(pod);

/** Whether such an action was let go and has not ended: a Job of one, or a pod that outlives it. */
export const isActionRunning = (context: Context, object: ScheduledBackup, opponents: Opponents): boolean =>
	jobsOf(context, object).some((job) => runsForAction(job) && isOpponent(job, opponents)) ||
	context.watches.pods
		.byIndex(INDEX.label, labelKey(object))
		.some((pod) => isActionPod(pod) && isOpponent(pod, opponents));

/** Whether such an action has its Job, or a Job or a pod of one has not ended. */
export const isActionUnderWay = (context: Context, object: ScheduledBackup, opponents: Opponents): boolean => {
	const { actions } = context.watches;
	const { namespace = "", name = "" } = object.metadata;
	const hasJob = actions
		.byIndex(INDEX.unfinished, `${namespace}/${name}`)
		.some(
			(action) =>
				(opponents === "all" || action.spec.action === "restore") &&
				action.status?.jobUID !== undefined &&
				!isOver(action),
		);
	return hasJob || isActionRunning(context, object, opponents);
};

/** Whether the schedule has to stand still for an action. */
export const isScheduleHeld = (context: Context, object: ScheduledBackup): boolean =>
	isActionUnderWay(context, object, opponentsOf(object.spec.operation));
