// Pod options that the user sets in `vars.HelmValues` (the name is the user's; there is no Helm inside).
import type { Wire } from "../api/kubernetes.ts";
import type { V1Affinity, V1EnvFromSource, V1LocalObjectReference, V1PodSecurityContext, V1ResourceRequirements, V1SecurityContext, V1Toleration, V1Volume, V1VolumeMount } from "@kubernetes/client-node";
import type { SecretValue } from "../template/value.ts";

export interface HelmValues {
	/** Literal values go to the Secret `<name>-env`; a SecretValue becomes a secretKeyRef. */
	env?: Record<string, string | SecretValue>;
	envFrom?: Wire<V1EnvFromSource>[];
	image?: string;
	imagePullPolicy?: "Always" | "IfNotPresent" | "Never";
	imagePullSecrets?: Wire<V1LocalObjectReference>[];
	resources?: Wire<V1ResourceRequirements>;
	nodeSelector?: Record<string, string>;
	tolerations?: Wire<V1Toleration>[];
	affinity?: Wire<V1Affinity>;
	priorityClassName?: string;
	serviceAccountName?: string;
	podLabels?: Record<string, string>;
	podAnnotations?: Record<string, string>;
	podSecurityContext?: Wire<V1PodSecurityContext>;
	securityContext?: Wire<V1SecurityContext>;
	volumes?: Wire<V1Volume>[];
	volumeMounts?: Wire<V1VolumeMount>[];
	/** Seconds. */
	activeDeadlineSeconds?: number;
	backoffLimit?: number;
	/** Seconds. */
	ttlSecondsAfterFinished?: number;
}
