// The second half of a reconcile: the children. Scripts and environment come before the CronJob that names them, and what
// is no longer needed goes last.
import type { CronJob } from "../../src/api/kubernetes.ts";
import type { OwnedReference, ScheduledBackup } from "../../src/api/types.ts";
import { type DesiredObjects, desiredObjects } from "../../src/domain/desired.ts";
import { cronJobName } from "../../src/domain/objects/names.ts";
import type { BackupPlan } from "../../src/domain/plan.ts";
import type { CronJobFacts } from "../../src/domain/status/facts.ts";
import type { Verdict } from "../../src/domain/status/scheduledbackup.ts";
import { type Context, INDEX } from "../shared/context.ts";
import { type ChildResult, ensureChild, holderOf } from "./children.ts";
import { configMapChild, cronJobChild, environmentChild } from "./kinds.ts";
import { creatingFor } from "./owner.ts";
import { isScheduleHeld } from "./restoring.ts";
import {
	jobsOf,
	labelKey,
	type Retirement,
	retireCronJob,
	retireEnvironment,
	retireScripts,
	setSuspended,
	type UnusedSince,
} from "./retire.ts";
import type { Doings } from "./tell.ts";

export interface Installation {
	verdict: Verdict;
	/** All that is there as wanted, in a fixed order. */
	owned: OwnedReference[];
	/** Seconds after which to look again. */
	lookAgainIn: number | undefined;
}

/** Seconds between two looks at an object of somebody else that has the name of a child: we do not watch it. */
const CONFLICT_RETRY = 10;
/** Seconds after which a child that is being collected is looked for again, should its deletion escape us. */
const COLLECTION_RETRY = 5;

/** The CronJob of this object, where there is one that it controls. */
export const ownCronJob = (context: Context, object: ScheduledBackup): CronJobFacts | undefined => {
	const { namespace = "", name = "" } = object.metadata;
	const found = context.watches.cronJobs.get({ namespace, name: cronJobName(name) });
	return holderOf(found, object) === "ours" ? found : undefined;
};

const suspendedFor = (cronJob: CronJob, held: boolean): CronJob =>
	held && cronJob.spec !== undefined ? { ...cronJob, spec: { ...cronJob.spec, suspend: true } } : cronJob;

const verdictOf = (results: readonly ChildResult[], note: string): Verdict => {
	const conflicts = results.flatMap((result) => (result.type === "conflict" ? [result.message] : []));
	if (conflicts.length > 0) return { standing: "stalled", reason: "Conflict", message: conflicts.join("; ") };
	const waits = results.flatMap((result) => (result.type === "waiting" ? [result.message] : []));
	if (waits.length > 0)
		return { standing: "progressing", reason: "WaitingForGarbageCollection", message: waits.join("; ") };
	return { standing: "ready", reason: "Installed", message: note };
};

/** Takes note of what was done to a child. */
const noting = async (doings: Doings, result: Promise<ChildResult>): Promise<ChildResult> => {
	const settled = await result;
	if (settled.type === "created") doings.created.push(settled.reference);
	if (settled.type === "updated") doings.updated.push(settled.reference);
	return settled;
};

/** All results; where one failed, its error, but only once the others are known. */
const allOf = async <T>(tasks: readonly Promise<T>[]): Promise<T[]> => {
	await Promise.allSettled(tasks);
	return Promise.all(tasks);
};

const isComplete = (results: readonly ChildResult[]): boolean =>
	results.every(({ type }) => type !== "conflict" && type !== "waiting");

/** Scripts and environment: what a run reads. */
const ensureData = (
	context: Context,
	object: ScheduledBackup,
	wanted: DesiredObjects,
	doings: Doings,
): Promise<ChildResult[]> => {
	const { watches } = context;
	const { configMaps, envSecret } = wanted;
	const kube = creatingFor(context.kube, object);
	const tasks = [
		...configMaps.map((configMap) => ensureChild(kube, configMapChild(watches), object, configMap)),
		...(envSecret === undefined ? [] : [ensureChild(kube, environmentChild(watches), object, envSecret)]),
	];
	return allOf(tasks.map((task) => noting(doings, task)));
};

const ensureAll = async (
	context: Context,
	object: ScheduledBackup,
	wanted: DesiredObjects,
	doings: Doings,
): Promise<ChildResult[]> => {
	const before = await ensureData(context, object, wanted, doings);
	if (wanted.cronJob === undefined) return before;
	if (isComplete(before)) {
		const cronJob = ensureChild(
			creatingFor(context.kube, object),
			cronJobChild(context.watches),
			object,
			wanted.cronJob,
		);
		return [...before, await noting(doings, cronJob)];
	}
	// Its new form would name what is not there, but to be quiet it can be told.
	await holdBack(context, object);
	return before;
};

/**
 * Makes what a restore reads, for an object that can make no backups but whose old ones can be read.
 * @returns seconds after which to look again.
 */
export const installForRestore = async (
	context: Context,
	object: ScheduledBackup,
	plan: BackupPlan,
	doings: Doings,
): Promise<number | undefined> =>
	retryIn(verdictOf(await ensureData(context, object, desiredObjects(plan, object), doings), ""));

/** Seconds, the sooner of two that may be missing. */
export const sooner = (one: number | undefined, other: number | undefined): number | undefined =>
	one === undefined || other === undefined ? (one ?? other) : Math.min(one, other);

const retryIn = (verdict: Verdict): number | undefined => {
	if (verdict.reason === "Conflict") return CONFLICT_RETRY;
	return verdict.standing === "progressing" ? COLLECTION_RETRY : undefined;
};

/** Makes the children what the plan asks for. Throws the port's errors; what was done until then stays and is right. */
export const install = async (
	context: Context,
	object: ScheduledBackup,
	plan: BackupPlan,
	{ unused, doings }: { unused: UnusedSince; doings: Doings },
): Promise<Installation> => {
	const held = isScheduleHeld(context, object);
	const desired = desiredObjects(plan, object);
	const wanted = desired.cronJob === undefined ? desired : { ...desired, cronJob: suspendedFor(desired.cronJob, held) };
	const results = await ensureAll(context, object, wanted, doings);
	const retirement = await withoutCronJob(context, object, wanted.cronJob === undefined);
	const suspension =
		held && wanted.cronJob !== undefined
			? `The objects are installed; the CronJob is suspended while ${object.spec.operation === "restore" ? "an action" : "a restore"} runs`
			: undefined;
	const verdict = verdictOf(results, retirement.note ?? suspension ?? "The objects are installed");
	const complete = verdict.standing === "ready";
	if (complete) await retireEnvironment(context, object, wanted);
	const scripts = complete ? await retireScripts(context, object, wanted, unused) : { lookAgainIn: undefined };
	return {
		verdict,
		owned: results.flatMap((result) => ("reference" in result ? [result.reference] : [])),
		lookAgainIn: [retryIn(verdict), scripts.lookAgainIn, retirement.lookAgainIn].reduce(sooner),
	};
};

const withoutCronJob = async (context: Context, object: ScheduledBackup, unwanted: boolean): Promise<Retirement> => {
	const cronJob = ownCronJob(context, object);
	return unwanted && cronJob !== undefined ? retireCronJob(context, cronJob, jobsOf(context, object)) : {};
};

/**
 * What is done for an object that cannot be installed: its children stay as they are, but a schedule that was switched off
 * or that an action needs quiet must not run on, and one that an action had stopped must run again.
 */
export const holdBack = async (context: Context, object: ScheduledBackup): Promise<Retirement> => {
	const cronJob = ownCronJob(context, object);
	if (cronJob === undefined) return {};
	if (object.spec.cronJob?.enabled !== true) return retireCronJob(context, cronJob, jobsOf(context, object));
	await setSuspended(context, cronJob, object.spec.cronJob.suspend === true || isScheduleHeld(context, object));
	return {};
};

/** Children that are there and ours, for the status, in a fixed order. */
export const ownedChildren = (context: Context, object: ScheduledBackup): OwnedReference[] => {
	const { configMaps, ownedSecrets } = context.watches;
	const key = labelKey(object);
	const cronJob = ownCronJob(context, object);
	const data = [...configMaps.byIndex(INDEX.label, key), ...ownedSecrets.byIndex(INDEX.label, key)]
		.filter((child) => holderOf(child, object) === "ours")
		.map(({ kind = "", metadata }) => ({ apiVersion: "v1", kind, name: metadata.name ?? "", uid: metadata.uid ?? "" }));
	const schedule =
		cronJob === undefined
			? []
			: [
					{
						apiVersion: "batch/v1",
						kind: "CronJob",
						name: cronJob.metadata.name ?? "",
						uid: cronJob.metadata.uid ?? "",
					},
				];
	return [...data.sort((a, b) => (`${a.kind}/${a.name}` < `${b.kind}/${b.name}` ? -1 : 1)), ...schedule];
};
