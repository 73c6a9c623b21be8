// From an action to the Job that will run it. Everything is asked of the API server itself: a watch that lags would lead to
// a restore by a spec that was replaced, though the edit had been accepted.
import { defaultScheduledBackup } from "../../src/api/defaults.ts";
import { SCHEDULED_BACKUP } from "../../src/api/kinds.ts";
import type { Job } from "../../src/api/kubernetes.ts";
import type { RequestedBackupAction, ScheduledBackup } from "../../src/api/types.ts";
import { actionJob } from "../../src/domain/action.ts";
import { evaluateRequestedBackupAction, evaluateScheduledBackup } from "../../src/domain/evaluate.ts";
import type { BackupPlan } from "../../src/domain/plan.ts";
import type { Problem, Report } from "../../src/domain/report.ts";
import { keysVerdict } from "../../src/domain/status/keys.ts";
import { problemsMessage } from "../../src/domain/status/problems.ts";
import type { Verdict } from "../../src/domain/status/scheduledbackup.ts";
import { verdictOf } from "../../src/domain/status/verdict.ts";
import { gatherRequestedBackupAction } from "../../src/gather/requestedbackupaction.ts";
import { gatherScheduledBackup } from "../../src/gather/scheduledbackup.ts";
import { readLive } from "../../src/kube/readlive.ts";
import type { Context } from "../shared/context.ts";
import { liveReferences } from "../shared/references.ts";
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

const allMissing = (errors: readonly Problem[]): boolean =>
	errors.every((problem) => problem.missingReference === true);

/**
 * What is missing may come, and is waited for. Anything else has to be changed by somebody: an action that waited for that
 * would hold up every later one, a restore among them.
 */
const withoutPlan = ({ errors }: Report, verdict: Verdict | undefined): Preparation => {
	const { reason = "Invalid", message = "" } = verdict ?? {};
	return allMissing(errors)
		? { wait: { reason: "WaitingForScheduledBackup", message, troubled: true } }
		: { failure: { reason, message } };
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
		return allMissing(own.errors) ? { wait: { ...found, troubled: true } } : { failure: found };
	}
	const { action: operation } = action.spec;
	const object = defaultScheduledBackup({ ...target, spec: { ...target.spec, operation } });
	const facts = await gatherScheduledBackup(references, inspector, object, {
		deepKeyCheck: true,
		memory: settings.memory,
	});
	const evaluation = evaluateScheduledBackup(object, facts, settings);
	const { plan } = evaluation;
	if (plan === undefined)
		return withoutPlan(
			evaluation.report,
			verdictOf(evaluation, keysVerdict(evaluation.keys, facts.identity, context.now())),
		);
	const job = withMarks(actionJob(plan, action), plan, originMarks(action, target));
	const wait = await missingObject(context, action, job);
	return wait === undefined ? { job } : { wait };
};
