// The labels by which a Job is found. Our watch sees labelled Jobs alone: from one that lost its labels nothing would be heard
// any more, not even that it ended.
import { JOB } from "../../src/api/kinds.ts";
import type { RequestedBackupAction } from "../../src/api/types.ts";
import { labelsFor } from "../../src/domain/objects/labels.ts";
import { controllerOf, type JobFacts, jobFacts } from "../../src/domain/status/facts.ts";
import type { Context } from "../shared/context.ts";

/** The Job with the labels that it was made with: they are put back where somebody took them away. */
export const withLabels = async (
	{ kube, watches }: Context,
	action: RequestedBackupAction,
	job: JobFacts,
): Promise<JobFacts> => {
	const { namespace = "", name = "", uid = "", labels = {}, deletionTimestamp } = job.metadata;
	const wanted = labelsFor({
		scheduledBackup: action.spec.scheduledBackupRef.name,
		component: action.spec.action,
		action: action.metadata.name ?? "",
		trackingId: action.metadata.uid ?? "",
	});
	const ours = controllerOf(job)?.uid === action.metadata.uid && deletionTimestamp === undefined;
	if (!ours || Object.entries(wanted).every(([key, value]) => labels[key] === value)) return job;
	const stored = jobFacts(await kube.patch(JOB, { namespace, name }, { metadata: { labels: wanted } }, { uid }));
	watches.jobs.wrote(stored);
	return stored;
};
