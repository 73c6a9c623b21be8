// The shape of `vars.HelmValues`: a part of a pod, and nothing of it that would give the pod more than a backup needs.
// Texts have formats (formats.ts); what compares one field with another is in the rules beside this file.
import { podAffinitySchema } from "./schema-affinity.ts";
import { list, map, number, object, type Schema, text } from "./schema-parts.ts";
import { volumeMountSchema, volumeSchema } from "./schema-volumes.ts";

const MAX_INT32 = 2 ** 31 - 1;

const localReference = object({ name: text("object-name") }, ["name"]);
const environmentReference = object({ name: text("object-name"), optional: { type: "boolean" } }, ["name"]);

const profile = object(
	{ type: text({ enum: ["RuntimeDefault", "Localhost", "Unconfined"] }), localhostProfile: text("relative-path") },
	["type"],
);
const seLinux = object({ level: text(), role: text(), type: text(), user: text() });
const id = number(0, MAX_INT32);

const podSecurityContext = object({
	appArmorProfile: profile,
	fsGroup: id,
	fsGroupChangePolicy: text({ enum: ["OnRootMismatch", "Always"] }),
	runAsGroup: id,
	runAsNonRoot: { type: "boolean" },
	runAsUser: id,
	seLinuxChangePolicy: text({ enum: ["MountOption", "Recursive"] }),
	seLinuxOptions: seLinux,
	seccompProfile: profile,
	supplementalGroups: list(id),
	supplementalGroupsPolicy: text({ enum: ["Merge", "Strict"] }),
	sysctls: list(object({ name: text("sysctl"), value: text() }, ["name", "value"])),
});

const securityContext = object({
	allowPrivilegeEscalation: { type: "boolean" },
	appArmorProfile: profile,
	capabilities: object({ add: list(text("capability")), drop: list(text("capability")) }),
	privileged: { type: "boolean" },
	procMount: text({ enum: ["Default"] }),
	readOnlyRootFilesystem: { type: "boolean" },
	runAsGroup: id,
	runAsNonRoot: { type: "boolean" },
	runAsUser: id,
	seLinuxOptions: seLinux,
	seccompProfile: profile,
});

const toleration = object({
	effect: text({ enum: ["NoSchedule", "PreferNoSchedule", "NoExecute"] }),
	key: text("label-key"),
	operator: text({ enum: ["Equal", "Exists"] }),
	tolerationSeconds: { type: "integer" },
	value: text("label-value"),
});

const resourceList = map("label-key", { type: "string", format: "quantity" });

const options: Record<string, Schema> = {
	activeDeadlineSeconds: number(1, MAX_INT32),
	affinity: podAffinitySchema,
	backoffLimit: number(0, MAX_INT32),
	envFrom: list(
		object({ configMapRef: environmentReference, prefix: text("environment-prefix"), secretRef: environmentReference }),
	),
	image: text("image"),
	imagePullPolicy: text({ enum: ["Always", "IfNotPresent", "Never"] }),
	imagePullSecrets: list(localReference),
	nodeSelector: map("label-key", text("label-value")),
	podAnnotations: map("annotation-key", text()),
	podLabels: map("label-key", text("label-value")),
	podSecurityContext,
	priorityClassName: text("object-name"),
	resources: object({ limits: resourceList, requests: resourceList }),
	securityContext,
	serviceAccountName: text("object-name"),
	tolerations: list(toleration),
	ttlSecondsAfterFinished: number(0, MAX_INT32),
	volumeMounts: list(volumeMountSchema),
	volumes: list(volumeSchema),
};

/** All of HelmValues but `env`, whose values may be references to Secrets. */
export const helmValuesSchema: Schema = object(options);

/** The keys of HelmValues, `env` included, in alphabetical order. */
export const HELM_VALUES_KEYS: readonly string[] = ["env", ...Object.keys(options)].sort();
