// From an action to the Job that will run it. Everything is asked of the API server itself: a watch that lags would lead to
// a restore by a spec that was replaced, though the edit had been accepted.
import { defaultScheduledBackup } from "../../src/api/defaults.ts";
import { SCHEDULED_BACKUP } from "../../src/api/kinds.ts";
import type { Job } from "../../src/api/kubernetes.ts";
import type { RequestedBackupAction, ScheduledBackup } from "../../src/api/types.ts";
import { actionJob } from "../../src/domain/action.ts";
import { evaluateRequestedBackupAction, evaluateScheduledBackup } from "../../src/domain/evaluate.ts";
import type { BackupPlan } from "../../src/domain/plan.ts";
import { problemsMessage } from "../../src/domain/status/problems.ts";
import { gatherRequestedBackupAction } from "../../src/gather/requestedbackupaction.ts";
import { gatherScheduledBackup } from "../../src/gather/scheduledbackup.ts";
import type { Context } from "../shared/context.ts";
import { liveReferences, readLive } from "../shared/references.ts";
import { unreadiness } from "./gates.ts";
import { missingObject } from "./needs.ts";
import { originMarks } from "./origin.ts";
import { TIME_TO_LIVE_ANNOTATION, type Wait } from "./step.ts";

/** The Job to make, or why there is none: for now, or for good. */
export type Preparation = { job: Job } | { wait: Wait } | { failure: Wait };

/** The ScheduledBackup that an action names, as the API server has it now. */
export const readTarget = (
	{ kube }: Pick<Context, "kube">,
	{ metadata, spec }: RequestedBackupAction,
): Promise<ScheduledBackup | undefined> =>
	readLive(kube, SCHEDULED_BACKUP, { namespace: metadata.namespace ?? "", name: spec.scheduledBackupRef.name });

/** The Job with the annotations by which later steps judge it. */
const withMarks = (job: Job, plan: BackupPlan, origin: Record<string, string>): Job => {
	const seconds = plan.pod.ttlSecondsAfterFinished;
	const keeping = seconds === undefined ? {} : { [TIME_TO_LIVE_ANNOTATION]: String(seconds) };
	return {
		...job,
		metadata: { ...job.metadata, annotations: { ...job.metadata?.annotations, ...origin, ...keeping } },
	};
};

/** What the action's Job is to be made of; the same checks as at admission, since the world changed after it. */
export const prepareJob = async (context: Context, action: RequestedBackupAction): Promise<Preparation> => {
	const target = await readTarget(context, action);
	const unready = unreadiness(action, target);
	if (target === undefined || unready !== undefined)
		return { wait: unready ?? { reason: "WaitingForScheduledBackup", message: "" } };
	const { settings, inspector } = context;
	const references = liveReferences(context, target);
	const own = evaluateRequestedBackupAction(action, await gatherRequestedBackupAction(references, action), settings);
	if (own.errors.length > 0) {
		const found = { reason: "Invalid", message: problemsMessage(own.errors) };
		return own.errors.every((problem) => problem.missingReference === true) ? { wait: found } : { failure: found };
	}
	const { action: operation } = action.spec;
	const object = defaultScheduledBackup({ ...target, spec: { ...target.spec, operation } });
	const facts = await gatherScheduledBackup(references, inspector, object, {
		deepKeyCheck: true,
		memory: settings.memory,
	});
	const { plan, report } = evaluateScheduledBackup(object, facts, settings);
	// The operation is the action's own here: it asks for what the template does not do over these vars.
	const noScript = report.errors.filter(({ path }) => path === "spec.operation");
	if (noScript.length > 0) return { failure: { reason: "Invalid", message: problemsMessage(noScript) } };
	if (plan === undefined)
		return { wait: { reason: "WaitingForScheduledBackup", message: problemsMessage(report.errors) } };
	const job = withMarks(actionJob(plan, action), plan, originMarks(action, target));
	const wait = await missingObject(context, action, job);
	return wait === undefined ? { job } : { wait };
};
