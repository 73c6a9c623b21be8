// A run of a schedule without waiting for its minute: the Job that the CronJob controller would make, from the CronJob as it
// is, owned by it.
import type { Job } from "../../../src/api/kubernetes.ts";
import { callApi } from "../../cluster/api.ts";
import type { World } from "./world.ts";

/** Makes a Job of CronJob `app`, in a namespace that has one. */
export const scheduledJob = async (world: World, namespace: string, name: string): Promise<Job> => {
	const cronJob = world.cronJobs.get(namespace, "app");
	const { uid = "", name: owner = "" } = cronJob?.metadata ?? {};
	const { metadata, spec } = cronJob?.spec?.jobTemplate ?? {};
	const job = {
		apiVersion: "batch/v1",
		kind: "Job",
		metadata: {
			...metadata,
			name,
			namespace,
			annotations: { "batch.kubernetes.io/cronjob-scheduled-timestamp": new Date().toISOString() },
			ownerReferences: [{ apiVersion: "batch/v1", kind: "CronJob", name: owner, uid, controller: true }],
		},
		spec,
	};
	const { status, body } = await callApi(
		world.session.plane,
		"POST",
		`/apis/batch/v1/namespaces/${namespace}/jobs`,
		job,
	);
	if (status !== 201) throw new Error(`Job ${namespace}/${name} is answered with ${status}: ${JSON.stringify(body)}`);
	return body as Job;
};
