// One ScheduledBackup, from its key to its status, in one screen: get → defaults, gather, check → children → status.
import { defaultScheduledBackup } from "../../src/api/defaults.ts";
import type { OwnedReference, ScheduledBackup } from "../../src/api/types.ts";
import type { KeysVerdict } from "../../src/domain/status/keys.ts";
import { type RunsSummary, summariseRuns } from "../../src/domain/status/runs.ts";
import { nextScheduleTime } from "../../src/domain/status/schedule.ts";
import { scheduledBackupStatus, type Verdict } from "../../src/domain/status/scheduledbackup.ts";
import { untilAborted } from "../../src/kube/permission.ts";
import type { Reconcile } from "../controller.ts";
import { done, invalid, type Outcome, requeue } from "../outcome.ts";
import { type Context, INDEX, type Key, objectKey } from "../shared/context.ts";
import { refusalOf } from "../shared/refusal.ts";
import { type Assessment, assess } from "./assess.ts";
import { holdRuns } from "./hold.ts";
import { holdBack, install, installForRestore, ownCronJob, ownedChildren, sooner } from "./install.ts";
import { isGone } from "./owner.ts";
import { forgetUnused, labelKey, type UnusedSince } from "./retire.ts";
import { type Doings, noDoings, storeStatus, tellDoings, tellNews } from "./tell.ts";

/** What the second half of a reconcile came to. */
interface Result {
	verdict: Verdict;
	owned: OwnedReference[];
	lookAgainIn: number | undefined;
}

/** Seconds after which keys that vanish as fast as they are made are tried again. */
const KEYS_RETRY = 30;

/** One reconcile: what it is about, what it remembers of earlier ones, and what it did. */
interface Pass {
	context: Context;
	object: ScheduledBackup;
	unused: UnusedSince;
	doings: Doings;
}

const notInstalled = async (pass: Pass, { restorePlan, verdict: found }: Assessment): Promise<Result> => {
	const { context, object, doings } = pass;
	const verdict: Verdict = found ?? { standing: "stalled", reason: "Invalid", message: "" };
	const retirement = await holdBack(context, object);
	const again = restorePlan === undefined ? undefined : await installForRestore(context, object, restorePlan, doings);
	const keysRetry = verdict.reason === "MakingKeys" ? KEYS_RETRY : undefined;
	const lookAgainIn = [keysRetry, again, retirement.lookAgainIn].reduce(sooner);
	return { verdict, owned: ownedChildren(context, object), lookAgainIn };
};

const act = (pass: Pass, assessment: Assessment): Promise<Result> => {
	const { plan, verdict } = assessment;
	return plan === undefined || verdict !== undefined
		? notInstalled(pass, assessment)
		: install(pass.context, pass.object, plan, pass);
};

const summarise = (context: Context, object: ScheduledBackup): RunsSummary => {
	const { watches } = context;
	const jobs = watches.jobs.byIndex(INDEX.label, labelKey(object));
	const pods = watches.pods.byIndex(INDEX.label, labelKey(object));
	const cronJob = ownCronJob(context, object);
	const subjects = [cronJob, ...jobs, ...pods].map((subject) => subject?.metadata?.uid);
	const events = subjects.flatMap((uid) => (uid === undefined ? [] : watches.events.byIndex(INDEX.subject, uid)));
	const gone = watches.endedRuns.of(cronJob?.metadata.uid);
	const { operation } = object.spec;
	return summariseRuns({ cronJob, jobs, pods, events, gone, previous: object.status, now: context.now(), operation });
};

const secondsUntil = (time: string | Date | undefined, now: Date): number | undefined =>
	time === undefined ? undefined : Math.max(1, (new Date(time).getTime() - now.getTime()) / 1000 + 1);

/** Stores what was found, and tells what became bad. */
const conclude = async (
	{ context, object: seen, doings }: Pass,
	keys: KeysVerdict,
	{ verdict, owned }: Pick<Result, "verdict" | "owned">,
): Promise<{ runs: RunsSummary; next: string | undefined; now: Date }> => {
	const now = context.now();
	const object = doings.stored ?? seen;
	const { endedRuns } = context.watches;
	const gone = endedRuns.of(ownCronJob(context, object)?.metadata.uid);
	const runs = summarise(context, object);
	const cronJob = ownCronJob(context, object);
	const next = nextScheduleTime(cronJob, now);
	const status = scheduledBackupStatus({ object, verdict, keys, owned, runs, nextScheduleTime: next, now });
	await storeStatus(context, object, status);
	endedRuns.told(cronJob?.metadata.uid, gone);
	await tellNews(context, object, status);
	return { runs, next, now };
};

/** Says in status what the API server refuses; the error goes on, to be tried again. */
const tellRefusal = async (pass: Pass, assessment: Assessment | undefined, error: unknown): Promise<void> => {
	const refusal = refusalOf(error);
	if (refusal === undefined) return;
	const { context, object } = pass;
	const unseen: KeysVerdict = { type: object.spec.gpgKeySecretRef === undefined ? "none" : "unknown" };
	const verdict: Verdict = { standing: "stalled", ...refusal };
	await conclude(pass, assessment?.keys ?? unseen, { verdict, owned: ownedChildren(context, object) });
};

/** When the key stops being usable, unless that is over: nothing else would tell. */
const expiryOf = (keys: KeysVerdict): string | undefined =>
	keys.type === "usable" ? keys.key.expirationTime : undefined;

const reconcileOne = async (pass: Pass): Promise<Outcome> => {
	const { context, object } = pass;
	let assessment: Assessment | undefined;
	let result: Result;
	try {
		// First, since every moment counts.
		pass.doings.held.push(...(await holdRuns(context, object, ownCronJob(context, object))));
		assessment = await assess(context, object, pass.doings);
		result = await act(pass, assessment);
	} catch (error) {
		await tellRefusal(pass, assessment, error);
		throw error;
	}
	const { report, keys } = assessment;
	const { runs, next, now } = await conclude(pass, keys, result);
	const after = [
		result.lookAgainIn,
		secondsUntil(next, now),
		secondsUntil(runs.lookAgainAt, now),
		secondsUntil(expiryOf(keys), now),
	].reduce(sooner);
	if (after !== undefined) return requeue(after, result.verdict.reason);
	return result.verdict.standing === "stalled" && report.errors.length > 0 ? invalid(report) : done;
};

/** The reconcile function of ScheduledBackups; between calls it remembers only since when scripts are unused. */
export const createScheduledBackupReconciler = (shared: Context): Reconcile<Key> => {
	const unused: UnusedSince = new Map();
	return async (key, signal, progressed) => {
		const context: Context = { ...shared, kube: untilAborted(shared.kube, signal) };
		const stored = context.watches.scheduledBackups.get(objectKey(key));
		const forget = (): Outcome => {
			context.rememberFacts(objectKey(key), undefined);
			forgetUnused(unused, key);
			return done;
		};
		if (stored === undefined || stored.metadata.deletionTimestamp !== undefined) return forget();
		const pass: Pass = { context, object: defaultScheduledBackup(stored), unused, doings: noDoings() };
		try {
			return await reconcileOne(pass);
		} catch (error) {
			if (await isGone(context, stored, error)) return forget();
			throw error;
		} finally {
			// Not what was updated: where somebody else changes it back each time, that is no progress.
			if (pass.doings.created.length > 0 || pass.doings.madeKey !== undefined) progressed();
			await tellDoings(context, pass.object, pass.doings);
		}
	};
};
