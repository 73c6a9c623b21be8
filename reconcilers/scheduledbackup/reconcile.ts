// One ScheduledBackup, from its key to its status, in one screen: get → defaults, gather, check → children → status.
import { defaultScheduledBackup } from "../../src/api/defaults.ts";
import type { OwnedReference, ScheduledBackup } from "../../src/api/types.ts";
import { type RunsSummary, summariseRuns } from "../../src/domain/status/runs.ts";
import { nextScheduleTime } from "../../src/domain/status/schedule.ts";
import { scheduledBackupStatus, type Verdict } from "../../src/domain/status/scheduledbackup.ts";
import { done, invalid, type Outcome, requeue } from "../outcome.ts";
import { type Context, INDEX, type Key, objectKey } from "../shared/context.ts";
import { type Assessment, assess } from "./assess.ts";
import { holdBack, install, ownCronJob, ownedChildren, sooner } from "./install.ts";
import { labelKey, type UnusedSince } from "./retire.ts";
import { storeStatus, tellEvents } from "./tell.ts";

/** What the second half of a reconcile came to. */
interface Result {
	verdict: Verdict;
	created: OwnedReference[];
	updated: OwnedReference[];
	owned: OwnedReference[];
	lookAgainIn: number | undefined;
}

/** Seconds after which keys that vanish as fast as they are made are tried again. */
const KEYS_RETRY = 30;

const notInstalled = async (context: Context, object: ScheduledBackup, verdict: Verdict): Promise<Result> => {
	await holdBack(context, object);
	const lookAgainIn = verdict.reason === "MakingKeys" ? KEYS_RETRY : undefined;
	return { verdict, created: [], updated: [], owned: ownedChildren(context, object), lookAgainIn };
};

const summarise = (context: Context, object: ScheduledBackup): RunsSummary => {
	const { watches } = context;
	const jobs = watches.jobs.byIndex(INDEX.label, labelKey(object));
	const pods = watches.pods.byIndex(INDEX.label, labelKey(object));
	const cronJob = ownCronJob(context, object);
	const subjects = [cronJob, ...jobs, ...pods].map((subject) => subject?.metadata?.uid);
	const events = subjects.flatMap((uid) => (uid === undefined ? [] : watches.events.byIndex(INDEX.subject, uid)));
	return summariseRuns({ cronJob, jobs, pods, events, previous: object.status, now: context.now() });
};

const secondsUntil = (time: string | Date | undefined, now: Date): number | undefined =>
	time === undefined ? undefined : Math.max(1, (new Date(time).getTime() - now.getTime()) / 1000 + 1);

/** The reconcile function of ScheduledBackups; between calls it remembers only since when scripts are unused. */
export const createScheduledBackupReconciler = (context: Context) => {
	const unused: UnusedSince = new Map();
	const act = (object: ScheduledBackup, { plan, verdict }: Assessment): Promise<Result> =>
		plan === undefined || verdict !== undefined
			? notInstalled(context, object, verdict ?? { standing: "stalled", reason: "Invalid", message: "" })
			: install(context, object, plan, unused);

	return async (key: Key): Promise<Outcome> => {
		const stored = context.watches.scheduledBackups.get(objectKey(key));
		if (stored === undefined || stored.metadata.deletionTimestamp !== undefined) {
			context.rememberFacts(objectKey(key), undefined);
			return done;
		}
		const object = defaultScheduledBackup(stored);
		const assessment = await assess(context, object);
		const result = await act(object, assessment);
		const now = context.now();
		const runs = summarise(context, object);
		const next = nextScheduleTime(ownCronJob(context, object), now);
		const { verdict, owned } = result;
		const status = scheduledBackupStatus({
			object,
			verdict,
			keys: assessment.keys,
			owned,
			runs,
			nextScheduleTime: next,
			now,
		});
		await storeStatus(context, object, status);
		await tellEvents(context, object, status, { ...result, madeKey: assessment.madeKey });
		if (
			verdict.standing === "stalled" &&
			assessment.report.errors.length > 0 &&
			result.lookAgainIn === undefined &&
			next === undefined &&
			runs.lookAgainAt === undefined
		)
			return invalid(assessment.report);
		const after = [result.lookAgainIn, secondsUntil(next, now), secondsUntil(runs.lookAgainAt, now)].reduce(sooner);
		return after === undefined ? done : requeue(after, verdict.reason);
	};
};
