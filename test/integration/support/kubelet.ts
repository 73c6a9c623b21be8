// A kubelet for all namespaces: it ends every pod that appears as the test says. There is no node in these tests.
import { setTimeout as delay } from "node:timers/promises";
import type { Pod } from "../../../src/api/kubernetes.ts";
import { callApi, watchKind } from "../../cluster/api.ts";
import type { ControlPlane } from "../../cluster/controlplane.ts";
import { endedStatus } from "./run.ts";

export interface Kubelet {
	/** Pods that it ran to their end, in order. */
	readonly ran: readonly Pod[];
	stop(): void;
}

/**
 * Ends each pod that appears.
 * @param exitCode of this pod; undefined where it goes on running.
 * @param duration of each pod, in milliseconds.
 */
export const startKubelet = async (
	plane: ControlPlane,
	exitCode: (pod: Pod) => number | undefined,
	duration = 0,
): Promise<Kubelet> => {
	const ran: Pod[] = [];
	const pods = await watchKind<Pod>(plane, "/api/v1/pods", ({ type, object }) => {
		if (type !== "ADDED" || ["Succeeded", "Failed"].includes(object.status?.phase ?? "")) return;
		const code = exitCode(object);
		if (code === undefined) return;
		ran.push(object);
		const { namespace, name } = object.metadata ?? {};
		const path = `/api/v1/namespaces/${namespace}/pods/${name}/status`;
		void delay(duration)
			.then(() => callApi(plane, "PATCH", path, { status: endedStatus(code) }))
			.catch(() => undefined);
	});
	return { ran, stop: pods.stop };
};
