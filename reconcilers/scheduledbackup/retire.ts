// Takes away what a ScheduledBackup no longer needs: scripts of earlier versions once no Job reads them, the environment
// Secret, and the CronJob, which is first suspended and goes only when none of its Jobs runs: deleting it deletes them.
import { CONFIG_MAP, CRON_JOB, JOB, SECRET } from "../../src/api/kinds.ts";
import type { KubernetesObject } from "../../src/api/kubernetes.ts";
import type { ScheduledBackup } from "../../src/api/types.ts";
import type { DesiredObjects } from "../../src/domain/desired.ts";
import { labelValue } from "../../src/domain/names.ts";
import { SCHEDULED_BACKUP_LABEL } from "../../src/domain/objects/labels.ts";
import {
	type CronJobFacts,
	controllerOf,
	cronJobFacts,
	type JobFacts,
	jobFacts,
} from "../../src/domain/status/facts.ts";
import { isFinished } from "../../src/domain/status/outcome.ts";
import type { Precondition } from "../../src/kube/port.ts";
import { readLive } from "../../src/kube/readlive.ts";
import { unsettledFor } from "../requestedbackupaction/quiet.ts";
import { type Context, INDEX, type Key, keyOf } from "../shared/context.ts";
import { holderOf } from "./children.ts";

/** Seconds for which a script that nothing names stays: the CronJob controller may yet make a Job from what it read before. */
const SCRIPT_GRACE = 10;

/** The label index's value for everything of a ScheduledBackup. */
export const labelKey = (object: ScheduledBackup): string =>
	`${object.metadata.namespace}/${labelValue(object.metadata.name ?? "")}`;

/** All Jobs of a ScheduledBackup that the watch knows, also those of its actions. */
export const jobsOf = (context: Context, object: ScheduledBackup): JobFacts[] =>
	context.watches.jobs.byIndex(INDEX.label, labelKey(object));

/** Jobs of a CronJob that have not ended. */
export const activeRuns = (cronJob: CronJobFacts, jobs: readonly JobFacts[]): JobFacts[] =>
	jobs.filter((job) => controllerOf(job)?.uid === cronJob.metadata.uid && !isFinished(job));

/** This object in this version. */
export const exactly = (object: KubernetesObject): Precondition => ({
	uid: object.metadata?.uid ?? "",
	resourceVersion: object.metadata?.resourceVersion ?? "",
});

/** Where it is. */
export const at = (object: KubernetesObject) => ({
	namespace: object.metadata?.namespace ?? "",
	name: object.metadata?.name ?? "",
});

/**
 * Suspends or resumes the CronJob and changes nothing else of it.
 * @returns the CronJob as it is then.
 */
export const setSuspended = async (
	context: Context,
	cronJob: CronJobFacts,
	suspend: boolean,
): Promise<CronJobFacts> => {
	if (cronJob.suspended === suspend) return cronJob;
	const stored = await context.kube.patch(CRON_JOB, at(cronJob), { spec: { suspend } }, exactly(cronJob));
	const facts = cronJobFacts(stored);
	context.watches.cronJobs.wrote(facts);
	return facts;
};

/** What the removal of a CronJob waits for, for the status, and seconds after which to look again. */
export interface Retirement {
	note?: string;
	lookAgainIn?: number;
}

/** Runs that no watch tells of yet: the CronJob as it is now, and its Jobs. Deleting it under them would kill them. */
const unseenRun = async (context: Context, suspended: CronJobFacts): Promise<Retirement | undefined> => {
	const live = await readLive(context.kube, CRON_JOB, at(suspended));
	if (live === undefined || live.metadata?.uid !== suspended.metadata.uid) return {};
	const lookAgainIn = unsettledFor(live, context.now());
	const name = `CronJob "${suspended.metadata.name}"`;
	if (lookAgainIn > 0)
		return {
			note: `${name} is suspended and goes in some seconds, in case a run that was due still starts`,
			lookAgainIn,
		};
	const labelSelector = `${SCHEDULED_BACKUP_LABEL}=${suspended.metadata.labels?.[SCHEDULED_BACKUP_LABEL]}`;
	const jobs = await context.kube.list(JOB, { namespace: suspended.metadata.namespace ?? "", labelSelector });
	const [active] = activeRuns(suspended, jobs.map(jobFacts));
	return active && goesAfter(suspended, active.metadata.name);
};

const goesAfter = ({ metadata }: CronJobFacts, job: string | undefined): Retirement => ({
	note: `CronJob "${metadata.name}" is suspended and goes when Job "${job}" has ended`,
});

/** Takes one step towards having no CronJob: suspends it, or deletes it once it is idle for sure. */
export const retireCronJob = async (
	context: Context,
	cronJob: CronJobFacts,
	jobs: readonly JobFacts[],
): Promise<Retirement> => {
	const suspended = await setSuspended(context, cronJob, true);
	const [active] = [...activeRuns(suspended, jobs).map(({ metadata }) => metadata), ...suspended.active];
	if (active !== undefined) return goesAfter(suspended, active.name);
	const unseen = await unseenRun(context, suspended);
	if (unseen !== undefined) return unseen;
	await context.kube.delete(CRON_JOB, at(suspended), exactly(suspended));
	return {};
};

/** Since when a script was seen to be unused, and whose it is, by UID. In memory: after a restart the grace begins again. */
export type UnusedSince = Map<string, { since: number; owner: Key }>;

/** Forgets the scripts of a ScheduledBackup, but those that are still there: they go with it, or somebody took them away. */
export const forgetUnused = (unused: UnusedSince, owner: Key, there: ReadonlySet<string> = new Set()): void => {
	for (const [uid, script] of unused) if (script.owner === owner && !there.has(uid)) unused.delete(uid);
};

/** Deletes scripts that are ours, not wanted any more, and not read by any Job that has not ended. Answers how many wait. */
export const retireScripts = async (
	context: Context,
	object: ScheduledBackup,
	wanted: DesiredObjects,
	unused: UnusedSince,
): Promise<{ lookAgainIn: number | undefined }> => {
	const kept = new Set(wanted.configMaps.map((configMap) => configMap.metadata?.name));
	for (const job of jobsOf(context, object)) if (!isFinished(job)) for (const name of job.configMaps) kept.add(name);
	const ours = context.watches.configMaps
		.byIndex(INDEX.label, labelKey(object))
		.filter((configMap) => holderOf(configMap, object) === "ours");
	const owner = keyOf(object);
	forgetUnused(unused, owner, new Set(ours.map(({ metadata }) => metadata.uid ?? "")));
	let lookAgainIn: number | undefined;
	for (const configMap of ours) {
		const uid = configMap.metadata.uid ?? "";
		if (kept.has(configMap.metadata.name)) {
			unused.delete(uid);
			continue;
		}
		const { since } = unused.get(uid) ?? { since: context.now().getTime() };
		unused.set(uid, { since, owner });
		const left = since / 1000 + SCRIPT_GRACE - context.now().getTime() / 1000;
		if (left > 0) lookAgainIn = Math.max(lookAgainIn ?? 0, left);
		else {
			await context.kube.delete(CONFIG_MAP, at(configMap), exactly(configMap));
			unused.delete(uid);
		}
	}
	return { lookAgainIn };
};

/**
 * Deletes environment Secrets that are ours, not wanted any more, and not named by any Job that has not ended: a pod that is
 * still to start, or to be tried again, needs it.
 */
export const retireEnvironment = async (
	context: Context,
	object: ScheduledBackup,
	wanted: DesiredObjects,
): Promise<void> => {
	const kept = new Set(jobsOf(context, object).flatMap((job) => (isFinished(job) ? [] : job.environments)));
	for (const secret of context.watches.ownedSecrets.byIndex(INDEX.label, labelKey(object))) {
		if (holderOf(secret, object) !== "ours" || secret.metadata.name === wanted.envSecret?.metadata?.name) continue;
		if (kept.has(secret.metadata.name ?? "")) continue;
		await context.kube.delete(SECRET, at(secret), exactly(secret));
		context.logger.debug({ key: keyOf(secret) }, "environment Secret deleted");
	}
};
