// The schedule. Every field that changes when and how runs happen is stated, so that an edit by hand is reverted.
import type { CronJob } from "../../api/kubernetes.ts";
import type { ScheduledBackup, ScheduledBackupCronJob } from "../../api/types.ts";
import type { BackupPlan } from "../plan.ts";
import { jobSpec } from "./jobspec.ts";
import { labelsFor, ownedBy } from "./labels.ts";
import { cronJobName } from "./names.ts";
import { podTemplate } from "./pod.ts";

type CronJobSpec = NonNullable<CronJob["spec"]>;
type JobTemplate = CronJobSpec["jobTemplate"];

const jobTemplate = (plan: BackupPlan, owner: ScheduledBackup): JobTemplate => {
	const operation = plan.scheduledBackup.spec.operation;
	const scheduledBackup = plan.scheduledBackup.metadata.name ?? "";
	const trackingId = owner.metadata.uid ?? "";
	const labels = labelsFor({ scheduledBackup, component: operation, trackingId });
	const spec = jobSpec(plan, { operation }, podTemplate(plan, { operation }, labels));
	const kept = plan.pod.ttlSecondsAfterFinished;
	return { metadata: { labels }, spec: kept === undefined ? spec : { ...spec, ttlSecondsAfterFinished: kept } };
};

const schedule = (cronJob: ScheduledBackupCronJob): Omit<CronJobSpec, "jobTemplate" | "suspend"> => ({
	schedule: cronJob.scheduleEvery ?? "00 02 * * *",
	timeZone: cronJob.timeZone ?? "Etc/UTC",
	concurrencyPolicy: cronJob.concurrencyPolicy ?? "Forbid",
	successfulJobsHistoryLimit: cronJob.successfulJobsHistoryLimit ?? 3,
	failedJobsHistoryLimit: cronJob.failedJobsHistoryLimit ?? 1,
	...(cronJob.startingDeadlineSeconds === undefined
		? {}
		: { startingDeadlineSeconds: cronJob.startingDeadlineSeconds }),
});

/** The CronJob `<sb>`; undefined where none is wanted. */
export const backupCronJob = (plan: BackupPlan, owner: ScheduledBackup): CronJob | undefined => {
	const cronJob = plan.scheduledBackup.spec.cronJob;
	if (cronJob === undefined || cronJob.enabled === false) return undefined;
	const scheduledBackup = plan.scheduledBackup.metadata.name ?? "";
	return {
		apiVersion: "batch/v1",
		kind: "CronJob",
		metadata: {
			name: cronJobName(scheduledBackup),
			namespace: plan.scheduledBackup.metadata.namespace ?? "",
			labels: labelsFor({ scheduledBackup, component: plan.scheduledBackup.spec.operation }),
			ownerReferences: [ownedBy(owner)],
		},
		spec: { ...schedule(cronJob), suspend: cronJob.suspend ?? false, jobTemplate: jobTemplate(plan, owner) },
	};
};
