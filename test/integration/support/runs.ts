// The runs of a world: which Job and pod an action has, and how the pod fares, told as a kubelet would.
import type { Job, Pod } from "../../../src/api/kubernetes.ts";
import type { RequestedBackupAction } from "../../../src/api/types.ts";
import { callApi } from "../../cluster/api.ts";
import { eventually } from "../../cluster/wait.ts";
import { endedStatus } from "./run.ts";
import type { World } from "./world.ts";

const isOwnedBy = (job: Job, kind: string, name: string): boolean =>
	job.metadata?.ownerReferences?.some((owner) => owner.kind === kind && owner.name === name) === true;

/** Waits until the action has a Job. */
export const jobOf = (world: World, namespace: string, action: string): Promise<Job> =>
	eventually(() => world.jobs.list(namespace).find((job) => isOwnedBy(job, "RequestedBackupAction", action)), {
		what: `action ${namespace}/${action} has a Job`,
	});

const hasEnded = ({ metadata, status }: Pod): boolean =>
	metadata?.deletionTimestamp !== undefined || ["Succeeded", "Failed"].includes(status?.phase ?? "");

/** Waits until the Job has a pod that has not ended. */
export const podOfJob = (world: World, namespace: string, job: string): Promise<Pod> =>
	eventually(
		() =>
			world.pods
				.list(namespace)
				.find((pod) => pod.metadata?.labels?.["batch.kubernetes.io/job-name"] === job && !hasEnded(pod)),
		{ what: `Job ${namespace}/${job} has a pod` },
	);

/** Waits until the action has a pod that has not ended. */
export const podOfAction = async (world: World, namespace: string, action: string): Promise<Pod> =>
	podOfJob(world, namespace, (await jobOf(world, namespace, action)).metadata?.name ?? "");

/** Sets a pod's status as its kubelet would. */
export const setStatus = async (world: World, { metadata }: Pod, status: object): Promise<void> => {
	const path = `/api/v1/namespaces/${metadata?.namespace}/pods/${metadata?.name}/status`;
	const answer = await callApi(world.session.plane, "PATCH", path, { status });
	if (answer.status !== 200) throw new Error(`the pod's status is refused: ${JSON.stringify(answer.body)}`);
};

/** Status of a pod whose container waits, for a reason such as ImagePullBackOff. */
export const waitingStatus = (reason: string, message: string) => ({
	phase: "Pending",
	conditions: [{ type: "PodScheduled", status: "True" }],
	containerStatuses: [
		{
			name: "backup-maker",
			image: "example.org/tool:1.0",
			imageID: "",
			ready: false,
			restartCount: 0,
			state: { waiting: { reason, message } },
		},
	],
});

/** Status of a pod whose container runs. */
export const runningStatus = () => ({
	phase: "Running",
	conditions: [{ type: "PodScheduled", status: "True" }],
	containerStatuses: [
		{
			name: "backup-maker",
			image: "example.org/tool:1.0",
			imageID: "example.org/tool@sha256:0",
			ready: true,
			restartCount: 0,
			state: { running: { startedAt: `${new Date().toISOString().slice(0, 19)}Z` } },
		},
	],
});

/** Ends the pod that the action has now. */
export const endRun = async (
	world: World,
	namespace: string,
	action: string,
	exitCode: number,
	reason?: string,
): Promise<Pod> => {
	const pod = await podOfAction(world, namespace, action);
	await setStatus(world, pod, endedStatus(exitCode, reason));
	const { name = "" } = pod.metadata ?? {};
	const isSeen = (): boolean => {
		const seen = world.pods.get(namespace, name);
		return seen === undefined || hasEnded(seen);
	};
	await eventually(isSeen, { what: `pod ${namespace}/${name} has ended` });
	return pod;
};

/** What the action says of itself in one line: phase, reason and message. */
export const said = ({ status }: RequestedBackupAction): string => {
	const reason = status?.conditions?.find(({ type }) => type === "Ready")?.reason;
	return `${status?.phase} ${reason}: ${status?.message}`;
};

/** Gives a pod to a node, so that deleting it takes until its kubelet says so: nobody does. */
export const bindToNode = async (world: World, { metadata }: Pod): Promise<void> => {
	const { plane } = world.session;
	await callApi(plane, "POST", "/api/v1/nodes", { apiVersion: "v1", kind: "Node", metadata: { name: "node" } });
	const path = `/api/v1/namespaces/${metadata?.namespace}/pods/${metadata?.name}/binding`;
	const binding = {
		apiVersion: "v1",
		kind: "Binding",
		metadata: { name: metadata?.name },
		target: { kind: "Node", name: "node" },
	};
	const { status, body } = await callApi(plane, "POST", path, binding);
	if (status !== 201) throw new Error(`the binding is refused: ${JSON.stringify(body)}`);
};

/** Lets a pod that is being deleted go at last. */
export const letGo = async (world: World, { metadata }: Pod): Promise<void> => {
	const path = `/api/v1/namespaces/${metadata?.namespace}/pods/${metadata?.name}`;
	const { status, body } = await callApi(world.session.plane, "DELETE", path, {
		apiVersion: "v1",
		kind: "DeleteOptions",
		gracePeriodSeconds: 0,
	});
	if (status !== 200) throw new Error(`the deletion is refused: ${JSON.stringify(body)}`);
	await eventually(() => world.pods.get(metadata?.namespace ?? "", metadata?.name ?? "") === undefined, {
		what: `pod ${metadata?.namespace}/${metadata?.name} is gone`,
	});
};
