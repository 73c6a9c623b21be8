// What a Job of ours is like, be it a scheduled one or a requested one: how often it is tried, and for how long.
import type { Job, PodTemplateSpec } from "../../api/kubernetes.ts";
import type { BackupPlan } from "../plan.ts";
import type { Run } from "./container.ts";

type JobSpec = NonNullable<Job["spec"]>;

/** Seconds: a backup that takes longer than a day is stuck, and with `Forbid` would stop all later ones. */
export const BACKUP_DEADLINE = 86_400;
const BACKUP_RETRIES = 2;

/** Seconds; a restore is never cut off unless the author says so. */
const deadline = (plan: BackupPlan, run: Run): Pick<JobSpec, "activeDeadlineSeconds"> => {
	const chosen = plan.pod.activeDeadlineSeconds ?? (run.operation === "backup" ? BACKUP_DEADLINE : undefined);
	return chosen === undefined ? {} : { activeDeadlineSeconds: chosen };
};

/** How often a failed pod is replaced where nothing else forbids it: a restore is not repeated by itself. */
export const retries = (plan: BackupPlan, run: Run): number =>
	plan.pod.backoffLimit ?? (run.operation === "backup" ? BACKUP_RETRIES : 0);

/** The fields that scheduled and requested Jobs share; one pod at a time, and for a restore never two that overlap. */
export const jobSpec = (plan: BackupPlan, run: Run, template: PodTemplateSpec): JobSpec => ({
	suspend: false,
	parallelism: 1,
	completions: 1,
	completionMode: "NonIndexed",
	podReplacementPolicy: run.operation === "restore" ? "Failed" : "TerminatingOrFailed",
	backoffLimit: retries(plan, run),
	...deadline(plan, run),
	template,
});
