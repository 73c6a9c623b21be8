// The pod template of a run. What changes behaviour is stated even at its default: server-side apply does not revert
// what others write into fields that we leave out.
import type { PodSpec, PodTemplateSpec } from "../../api/kubernetes.ts";
import type { BackupPlan } from "../plan.ts";
import { containerParts, type Run } from "./container.ts";

/** Seconds that a process has to end before it is killed; Kubernetes' own default. */
const GRACE_PERIOD = 30;

/** The author's choices that are passed on as they are, where made. */
const passedOn = (plan: BackupPlan): Partial<PodSpec> => ({
	...(plan.pod.serviceAccountName === undefined ? {} : { serviceAccountName: plan.pod.serviceAccountName }),
	...(plan.pod.imagePullSecrets === undefined ? {} : { imagePullSecrets: plan.pod.imagePullSecrets }),
	...(plan.pod.nodeSelector === undefined ? {} : { nodeSelector: plan.pod.nodeSelector }),
	...(plan.pod.tolerations === undefined ? {} : { tolerations: plan.pod.tolerations }),
	...(plan.pod.affinity === undefined ? {} : { affinity: plan.pod.affinity }),
	...(plan.pod.priorityClassName === undefined ? {} : { priorityClassName: plan.pod.priorityClassName }),
});

/** The pod that performs a run; a token for the API server is mounted only where the author asked for a service account. */
export const podSpec = (plan: BackupPlan, run: Run): PodSpec => {
	const { container, volumes } = containerParts(plan, run);
	return {
		restartPolicy: "Never",
		terminationGracePeriodSeconds: GRACE_PERIOD,
		automountServiceAccountToken: plan.mountsToken,
		hostNetwork: false,
		hostPID: false,
		hostIPC: false,
		shareProcessNamespace: false,
		...passedOn(plan),
		securityContext: { seccompProfile: { type: "RuntimeDefault" }, ...plan.pod.podSecurityContext },
		containers: [container],
		volumes,
	};
};

/** The pod with its labels: the author's first, so that ours, by which pods are found, always win. */
export const podTemplate = (plan: BackupPlan, run: Run, labels: Record<string, string>): PodTemplateSpec => ({
	metadata: {
		labels: { ...plan.pod.podLabels, ...labels },
		...(plan.pod.podAnnotations === undefined ? {} : { annotations: plan.pod.podAnnotations }),
	},
	spec: podSpec(plan, run),
});
