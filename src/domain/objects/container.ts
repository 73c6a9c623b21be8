// The one container of a run: its script, its environment and what is mounted. Secrets arrive by reference alone.
import type { PodSpec } from "../../api/kubernetes.ts";
import { SecretValue } from "../../template/value.ts";
import type { Operation } from "../operation.ts";
import type { BackupPlan } from "../plan.ts";
import { secretEnvironment } from "../script/environment.ts";
import { scriptFileName, scriptParts } from "./bootstrap.ts";
import { environmentSecretName, scriptConfigMapName } from "./names.ts";

type Container = PodSpec["containers"][number];
type EnvironmentVariable = NonNullable<Container["env"]>[number];
type Volume = NonNullable<PodSpec["volumes"]>[number];
type VolumeMount = NonNullable<Container["volumeMounts"]>[number];

/** Where the key file is, in every pod: the public key in a backup, the private key in a restore. */
export const KEY_PATH = "/mnt/secrets/gpg-key";
export const KEY_VOLUME = "gpg-key";
export const CONTAINER_NAME = "backup-maker";
/** What a restore reads the wanted version from. */
export const RESTORE_VERSION = "RESTORE_VERSION";
const KEY_DIRECTORY = "/mnt/secrets";
/** Readable by whichever user the image runs as. */
const READABLE = 0o444;

/** What distinguishes one run of a plan from another. */
export interface Run {
	operation: Operation;
	/** Version to restore; the latest one where absent. */
	targetVersion?: string;
}

export interface ContainerParts {
	container: Container;
	volumes: Volume[];
}

const nameOf = (plan: BackupPlan): string => plan.scheduledBackup.metadata.name ?? "";

const keyVolume = (plan: BackupPlan, operation: Operation): Volume[] => {
	if (plan.key === undefined) return [];
	const key = operation === "backup" ? plan.key.publicKey : plan.key.privateKey;
	const items = [{ key, path: "gpg-key", mode: READABLE }];
	return [
		{ name: KEY_VOLUME, secret: { secretName: plan.key.secretName, items, defaultMode: READABLE, optional: false } },
	];
};

const keyMount = (plan: BackupPlan): VolumeMount[] =>
	plan.key === undefined ? [] : [{ name: KEY_VOLUME, mountPath: KEY_DIRECTORY, readOnly: true }];

/** Environment variables that the vars Secret sets by `HelmValues.env.NAME`. */
const referencedVariables = (plan: BackupPlan): EnvironmentVariable[] =>
	Object.entries(plan.pod.env ?? {}).flatMap(([name, value]) =>
		value instanceof SecretValue
			? [{ name, valueFrom: { secretKeyRef: { name: value.secretName, key: value.key, optional: false } } }]
			: [],
	);

/** Names and values that the author wrote down in `HelmValues.env`; they travel in the Secret `<sb>-env`. */
export const literalVariables = (plan: BackupPlan): Record<string, string> =>
	Object.fromEntries(
		Object.entries(plan.pod.env ?? {}).filter((entry): entry is [string, string] => typeof entry[1] === "string"),
	);

const environmentOf = (plan: BackupPlan, run: Run): EnvironmentVariable[] => {
	const version = run.operation === "restore" ? run.targetVersion : undefined;
	const variables = [...referencedVariables(plan), ...secretEnvironment(plan.scripts[run.operation].secrets)];
	return version === undefined ? variables : [...variables, { name: RESTORE_VERSION, value: version }];
};

/** Last, so that what the author wrote down wins over what an imported Secret holds under the same name. */
const environmentSources = (plan: BackupPlan): NonNullable<Container["envFrom"]> => {
	const own = Object.keys(literalVariables(plan)).length > 0;
	const reference = { secretRef: { name: environmentSecretName(nameOf(plan)), optional: false } };
	return [...(plan.pod.envFrom ?? []), ...(own ? [reference] : [])];
};

/** Restricts what the process may do, as far as the author did not decide otherwise. */
const securityContext = (plan: BackupPlan): NonNullable<Container["securityContext"]> => ({
	allowPrivilegeEscalation: false,
	privileged: false,
	...plan.pod.securityContext,
});

/** The container and all volumes of the pod, the author's own among them. */
export const containerParts = (plan: BackupPlan, run: Run): ContainerParts => {
	const script = plan.scripts[run.operation].text;
	const configMap = scriptConfigMapName(nameOf(plan), run.operation, script);
	const parts = scriptParts(configMap, scriptFileName(run.operation), script);
	return {
		container: {
			name: CONTAINER_NAME,
			image: plan.image,
			...(plan.pod.imagePullPolicy === undefined ? {} : { imagePullPolicy: plan.pod.imagePullPolicy }),
			command: parts.command,
			args: [],
			env: environmentOf(plan, run),
			envFrom: environmentSources(plan),
			resources: plan.pod.resources ?? {},
			securityContext: securityContext(plan),
			volumeMounts: [...parts.volumeMounts, ...keyMount(plan), ...(plan.pod.volumeMounts ?? [])],
		},
		volumes: [...parts.volumes, ...keyVolume(plan, run.operation), ...(plan.pod.volumes ?? [])],
	};
};
