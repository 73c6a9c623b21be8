// Playing the kubelet: there is no node in these tests, so a test says how a Job's pod fares.

import type { Pod } from "../../../src/api/kubernetes.ts";
import { callApi } from "../../cluster/api.ts";
import type { Session } from "../../cluster/session.ts";
import { eventually } from "../../cluster/wait.ts";

const ended = (pod: Pod): boolean =>
	pod.metadata?.deletionTimestamp !== undefined || ["Succeeded", "Failed"].includes(pod.status?.phase ?? "");

/** Waits until the Job has a pod that has not ended, and answers the pod. */
export const podOf = (session: Session, namespace: string, jobName: string): Promise<Pod> =>
	eventually(
		async () => {
			const pods = await session.json(`get pods -n ${namespace} -l batch.kubernetes.io/job-name=${jobName}`);
			return (pods.items as Pod[]).find((pod) => !ended(pod));
		},
		{ what: `Job ${jobName} has a pod` },
	);

/** Sets a pod's status as a kubelet would. */
export const setPodStatus = async (session: Session, namespace: string, pod: string, status: object): Promise<void> => {
	const path = `/api/v1/namespaces/${namespace}/pods/${pod}/status`;
	const answer = await callApi(session.plane, "PATCH", path, { status });
	if (answer.status !== 200)
		throw new Error(`the pod's status is answered with ${answer.status}: ${answer.body["message"]}`);
};

/** Status of a pod whose container ended. */
export const endedStatus = (exitCode: number, reason = exitCode === 0 ? "Completed" : "Error") => ({
	phase: exitCode === 0 ? "Succeeded" : "Failed",
	containerStatuses: [
		{
			name: "backup-maker",
			image: "example.org/tool:1.0",
			imageID: "example.org/tool@sha256:0",
			ready: false,
			restartCount: 0,
			state: {
				terminated: {
					exitCode,
					reason,
					startedAt: new Date().toISOString().replace(/\.\d+Z/, "Z"),
					finishedAt: new Date().toISOString().replace(/\.\d+Z/, "Z"),
				},
			},
		},
	],
});

/** Ends the Job's current pod: with exit code 0 the Job completes, else it fails or tries again, as it was told. */
export const endPod = async (
	session: Session,
	namespace: string,
	jobName: string,
	exitCode: number,
	reason?: string,
): Promise<void> => {
	const pod = await podOf(session, namespace, jobName);
	await setPodStatus(session, namespace, pod.metadata?.name ?? "", endedStatus(exitCode, reason));
};
