// One RequestedBackupAction: look, decide the next step, do it, and look again, until there is something to wait for.
import { defaultRequestedBackupAction } from "../../src/api/defaults.ts";
import { JOB } from "../../src/api/kinds.ts";
import type { RequestedBackupAction, ScheduledBackup } from "../../src/api/types.ts";
import { isOver } from "../../src/domain/status/action.ts";
import { type JobFacts, jobFacts } from "../../src/domain/status/facts.ts";
import { untilAborted } from "../../src/kube/permission.ts";
import { readLive } from "../../src/kube/readlive.ts";
import { done, type Outcome, requeue } from "../outcome.ts";
import { type Context, INDEX, type Key, objectKey } from "../shared/context.ts";
import { refusalOf } from "../shared/refusal.ts";
import {
	createJob,
	deleteStray,
	fail,
	finish,
	follow,
	jobKey,
	setTimeToLive,
	startJob,
	storedJob,
	storeJob,
	storeProgress,
} from "./act.ts";
import { clearToStart } from "./clearance.ts";
import { competitors, unreadiness } from "./gates.ts";
import { withLabels } from "./labels.ts";
import { prepareJob } from "./prepare.ts";
import { nextStep, type Step, type Wait } from "./step.ts";
import { withdraw } from "./withdraw.ts";

/** Steps of one reconcile: more than a whole life takes, so that a mistake of ours cannot turn for ever. */
const MOST_STEPS = 8;
/** Seconds between two looks at somebody else's Job that has our Job's name: we do not watch it. */
const CONFLICT_RETRY = 30;

const targetOf = ({ watches }: Context, { metadata, spec }: RequestedBackupAction): ScheduledBackup | undefined =>
	watches.scheduledBackups.get({ namespace: metadata.namespace ?? "", name: spec.scheduledBackupRef.name });

/** The Job under this action's name. What the watch does not show is asked for where a UID says that there is one. */
const findJob = async (context: Context, action: RequestedBackupAction): Promise<JobFacts | undefined> => {
	const known = context.watches.jobs.get(jobKey(action));
	if (isOver(action) || action.status?.jobUID === undefined || known?.metadata.uid === action.status.jobUID)
		return known;
	const live = await readLive(context.kube, JOB, jobKey(action));
	return live === undefined ? undefined : withLabels(context, action, jobFacts(live));
};

/** Whether somebody must do something, as against what only takes its time. */
const needsSomebody = (context: Context, action: RequestedBackupAction, reason: string): boolean =>
	["Conflict", "Invalid"].includes(reason) ||
	(reason === "WaitingForScheduledBackup" && targetOf(context, action) === undefined);

const wait = async (
	context: Context,
	action: RequestedBackupAction,
	{ reason, message, after, troubled = false }: Wait,
): Promise<Outcome> => {
	const progress = { phase: "Pending", reason, message, troubled, ...storedJob(action) } as const;
	const isNews = await storeProgress(context, action, progress);
	if (isNews && needsSomebody(context, action, reason)) await context.events.record(action, "Warning", reason, message);
	const retry = reason === "Conflict" ? CONFLICT_RETRY : after;
	return retry === undefined ? done : requeue(retry, reason);
};

/** Does one step. Answers an outcome where there is something to wait for, undefined where the next step can follow. */
const act = async (context: Context, action: RequestedBackupAction, step: Step): Promise<Outcome | undefined> => {
	switch (step.type) {
		case "none":
			return done;
		case "wait":
			return wait(context, action, step);
		case "createJob": {
			const preparation = await prepareJob(context, action);
			if ("wait" in preparation) return wait(context, action, preparation.wait);
			if ("failure" in preparation)
				await fail(context, action, preparation.failure.reason, preparation.failure.message);
			else await createJob(context, action, preparation.job);
			return undefined;
		}
		case "storeJob":
			await storeJob(context, action, step.job);
			return undefined;
		case "startJob": {
			const clearance = await clearToStart(context, action, step.job);
			if ("wait" in clearance) return wait(context, action, clearance.wait);
			if ("failure" in clearance)
				return (await withdraw(context, action, clearance)) ? undefined : requeue(1, "its Job is gone");
			if ("outdated" in clearance) return requeue(1, "the action or its Job changed meanwhile");
			await startJob(context, clearance.job);
			return undefined;
		}
		case "follow": {
			const { lookAgainAt } = await follow(context, action, step.job);
			if (lookAgainAt === undefined) return done;
			return requeue(Math.max(1, (lookAgainAt.getTime() - context.now().getTime()) / 1000), "a pod takes long");
		}
		case "finish":
			await finish(context, action, step.job);
			return undefined;
		case "fail":
			await fail(context, action, step.reason, step.message);
			return undefined;
		case "deleteStray":
			await deleteStray(context, step.job);
			// Its deletion comes by the watch; until then the cached Job would only be deleted again.
			return isOver(action) ? done : requeue(1, "a Job that is not the stored one is being deleted");
		case "setTimeToLive":
			await setTimeToLive(context, step.job, step.seconds);
			return undefined;
	}
};

/** Tells of a refusal, where the action's status can still say so; the refusal itself matters more than that. */
const tellRefusal = async (context: Context, action: RequestedBackupAction, refusal: Wait): Promise<void> => {
	if (isOver(action)) return;
	const phase = action.status?.phase === "Running" ? "Running" : "Pending";
	const progress = { ...refusal, phase, ...storedJob(action), troubled: true } as const;
	const isNews = await storeProgress(context, action, progress);
	if (isNews) await context.events.record(action, "Warning", refusal.reason, refusal.message);
};

/**
 * Does one step, and tells of it where the API server refuses.
 * @throws what the step throws, so that it is tried again.
 */
const attempt = async (context: Context, action: RequestedBackupAction, step: Step): Promise<Outcome | undefined> => {
	try {
		return await act(context, action, step);
	} catch (error) {
		const refusal = refusalOf(error);
		if (refusal !== undefined) await tellRefusal(context, action, refusal).catch(() => undefined);
		throw error;
	}
};

/** The reconcile function of RequestedBackupActions; it remembers nothing between calls. */
export const createActionReconciler =
	(shared: Context) =>
	async (key: Key, signal: AbortSignal): Promise<Outcome> => {
		const context: Context = { ...shared, kube: untilAborted(shared.kube, signal) };
		const { watches } = context;
		for (let count = 0; count < MOST_STEPS && !signal.aborted; count += 1) {
			const stored = watches.actions.get(objectKey(key));
			if (stored === undefined) return done;
			const action = defaultRequestedBackupAction(stored);
			const { namespace } = objectKey(key);
			const others = watches.actions.byIndex(INDEX.unfinished, `${namespace}/${action.spec.scheduledBackupRef.name}`);
			const job = await findJob(context, action);
			const target = targetOf(context, action);
			const unready = unreadiness(action, target);
			const situation = { action, others: competitors(others, target, unready), job, unready };
			const outcome = await attempt(context, action, nextStep(situation));
			if (outcome !== undefined) return outcome;
		}
		return requeue(1, "more steps than expected");
	};
