// The ways in which a pod hangs without its Job saying so, as a kubelet or scheduler tells them, and what we make of each.
import type { Pod } from "../../../src/api/kubernetes.ts";
import { callApi } from "../../cluster/api.ts";
import { waitingStatus } from "./runs.ts";
import type { World } from "./world.ts";

export interface StuckPod {
	reason: string;
	status: object;
	/** Message of an Event of this reason, where the kubelet tells it by that alone. */
	event?: string;
	/** What we say after the pod's name. */
	told: string;
}

const waiting = (reason: string, message: string, hint: string): StuckPod => ({
	reason,
	status: waitingStatus(reason, message),
	told: `does not start (${reason}): ${message}; ${hint}`,
});

const IMAGE = "check the image's name, that it exists, and HelmValues.imagePullSecrets";
const NO_NODE = "0/1 nodes are available: 1 Insufficient memory.";
const NO_MOUNT = 'MountVolume.SetUp failed for volume "script" : configmap "app-backup" not found';

/** Every one of them. */
export const STUCK_PODS: readonly StuckPod[] = [
	waiting("ImagePullBackOff", 'Back-off pulling image "example.org/tool:1.0": ErrImagePull: not found', IMAGE),
	waiting("ErrImagePull", "failed to pull and unpack image: not found", IMAGE),
	waiting(
		"InvalidImageName",
		'couldn\'t parse image name "Tool"',
		"correct the image's name in the template or in HelmValues.image",
	),
	waiting(
		"CreateContainerConfigError",
		"couldn't find key Params.password in Secret default/vars",
		"a Secret or ConfigMap key that the pod reads is gone; restore it",
	),
	waiting("RunContainerError", 'exec: "/bin/bash": no such file or directory', "see `kubectl describe pod`"),
	waiting("SomethingNew", "a reason that nobody has heard of", "see `kubectl describe pod`"),
	{
		reason: "Unschedulable",
		status: {
			phase: "Pending",
			conditions: [{ type: "PodScheduled", status: "False", reason: "Unschedulable", message: NO_NODE }],
		},
		told: `does not start (Unschedulable): ${NO_NODE}; no node fits; check HelmValues.resources, nodeSelector, tolerations and affinity`,
	},
	{
		reason: "FailedMount",
		status: waitingStatus("ContainerCreating", ""),
		event: NO_MOUNT,
		told: `does not start (FailedMount): ${NO_MOUNT}; a Secret, ConfigMap or volume that the pod mounts is missing or cannot be mounted; restore it`,
	},
];

/** Writes an Event about a pod, as a kubelet does. */
export const tellEvent = async (world: World, pod: Pod, reason: string, message: string): Promise<void> => {
	const { namespace, name, uid } = pod.metadata ?? {};
	const time = `${new Date().toISOString().slice(0, 19)}Z`;
	const { status, body } = await callApi(world.session.plane, "POST", `/api/v1/namespaces/${namespace}/events`, {
		metadata: { name: `${name}.${reason.toLowerCase()}`, namespace },
		involvedObject: { apiVersion: "v1", kind: "Pod", namespace, name, uid },
		type: "Warning",
		reason,
		message,
		source: { component: "kubelet" },
		firstTimestamp: time,
		lastTimestamp: time,
		count: 1,
	});
	if (status !== 201) throw new Error(`the Event is refused: ${JSON.stringify(body)}`);
};
