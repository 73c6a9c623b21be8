// Every mistake in pod options that is told, as one table.

const NEEDED = "whoever runs the controller decides whether backups may have it";
const LABEL_KEY = "must be a label key: [prefix/]name, the name at most 63 letters, digits, `-`, `_` and `.`";
const volume = (text: string): string => `volumes: [{name: a, ${text}}]`;
const security = (text: string): string => `securityContext: {${text}}`;
const mount = (text: string): string => `volumes: [{name: a, emptyDir: {}}]\nvolumeMounts: [{name: a, ${text}}]`;
const term = (text: string): string =>
	`affinity: {nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms: [${text}]}}}`;
const REQUIRED = "HelmValues.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms";
const KINDS = "configMap, downwardAPI, emptyDir, persistentVolumeClaim, projected, secret";
/** By name: the pod options as YAML, and every message wanted. */
export const MISTAKES: Record<string, [yaml: string, ...wanted: string[]]> = {
	"mistyped key": ["resource: {}", "HelmValues.resource: unknown key; did you mean resources?"],
	"mistyped env": ["envs: {}", "HelmValues.envs: unknown key; did you mean env?"],
	"unknown key": [
		security("windowsOptions: {}"),
		`HelmValues.securityContext.windowsOptions: unknown key; known are allowPrivilegeEscalation, appArmorProfile, capabilities, privileged, procMount, readOnlyRootFilesystem, runAsGroup, runAsNonRoot, runAsUser, seLinuxOptions, seccompProfile`,
	],
	"host namespaces": [
		"hostNetwork: true",
		"HelmValues.hostNetwork: is not allowed; the pod of a backup never uses the node's namespaces",
	],
	"env that is no map": ["env: [a]", "HelmValues.env: must be a map of names and values"],
	"env without value": ["env: {A: }", 'HelmValues.env.A: has no value; write "" for an empty one'],
	"env that is a map": ["env: {A: {}}", "HelmValues.env.A: must be text, a number or a boolean, no map"],
	"env that is a list": ["env: {A: []}", "HelmValues.env.A: must be text, a number or a boolean, no list"],
	"env by the controller": [
		"env: {BMC_X: a, RESTORE_VERSION: b}",
		"HelmValues.env.BMC_X: the name is reserved for the controller",
		"HelmValues.env.RESTORE_VERSION: the name is reserved for the controller",
	],
	"env with a bad name": [
		"env: {1A: a, 'A B': b, '..x': c, '.': d}",
		...["1A", '["A B"]', '["..x"]', '["."]'].map(
			(name) =>
				`HelmValues.env${name.startsWith("[") ? "" : "."}${name}: must be called like an environment variable: letters, digits, \`_\`, \`-\` and \`.\`, no digit first`,
		),
	],
	"env with shell syntax": [
		"env: {A: '$(id)', B: '${HOME}'}",
		...["A", "B"].map(
			(name) =>
				`HelmValues.env.${name}: $(…) and \${…} are not evaluated here; put the value into the Secret of varsSecretRef, under the key "HelmValues.env.${name}"`,
		),
	],
	"env that is too large": [`env: {A: ${"x".repeat(98_305)}}`, "HelmValues.env.A: larger than 96 KiB"],
	"sources of env": [
		"envFrom: [{}, {secretRef: {name: a}, configMapRef: {name: b}}, {secretRef: {name: a}, prefix: BMC_X}, {secretRef: {}}]",
		"HelmValues.envFrom[3].secretRef.name: is required",
		"HelmValues.envFrom[0]: must have either configMapRef or secretRef",
		"HelmValues.envFrom[1]: must have either configMapRef or secretRef",
		"HelmValues.envFrom[2].prefix: is reserved for the controller",
	],
	types: [
		"image: 1\nbackoffLimit: '1'\nvolumes: {}\nresources: []\npodLabels: {a: true}\nsecurityContext: {runAsNonRoot: 'yes'}\nenvFrom: [~]",
		"HelmValues.backoffLimit: must be a whole number",
		"HelmValues.envFrom[0]: must be a map",
		"HelmValues.image: must be text; put it in quotes",
		"HelmValues.podLabels.a: must be text; put it in quotes",
		"HelmValues.resources: must be a map",
		"HelmValues.securityContext.runAsNonRoot: must be true or false",
		"HelmValues.volumes: must be a list",
	],
	numbers: [
		"activeDeadlineSeconds: 0\nbackoffLimit: -1\nttlSecondsAfterFinished: 2147483648\npodSecurityContext: {fsGroup: 1.5}",
		"HelmValues.activeDeadlineSeconds: must be from 1 to 2147483647",
		"HelmValues.backoffLimit: must be from 0 to 2147483647",
		"HelmValues.podSecurityContext.fsGroup: must be a whole number",
		"HelmValues.ttlSecondsAfterFinished: must be from 0 to 2147483647",
	],
	"a set": ["imagePullPolicy: always", "HelmValues.imagePullPolicy: must be one of Always, IfNotPresent, Never"],
	image: ["image: 'Backup Maker'", "HelmValues.image: must be an image such as registry.example.org/team/image:1.0"],
	names: [
		"serviceAccountName: a_b\npriorityClassName: A",
		...["priorityClassName", "serviceAccountName"].map(
			(key) => `HelmValues.${key}: must be a name: lower-case letters, digits, \`-\` and \`.\``,
		),
	],
	labels: [
		`nodeSelector: {"a/b/c": x, "${"a".repeat(64)}": x, "A/b": x}\npodLabels: {a: "-"}`,
		...['["a/b/c"]', `.${"a".repeat(64)}`, '["A/b"]'].map((key) => `HelmValues.nodeSelector${key}: ${LABEL_KEY}`),
		"HelmValues.podLabels.a: must be a label value: at most 63 letters, digits, `-`, `_` and `.`",
	],
	"reserved labels": [
		"podLabels: {riotkit.org/x: a, job-name: b, app.kubernetes.io/name: c}",
		...['["riotkit.org/x"]', ".job-name", '["app.kubernetes.io/name"]'].map(
			(key) => `HelmValues.podLabels${key}: is reserved`,
		),
	],
	"reserved annotations": [
		"podAnnotations: {container.apparmor.security.beta.kubernetes.io/x: a, kubernetes.io/config.mirror: b, kubernetes.io/ok: c}",
		...["container.apparmor.security.beta.kubernetes.io/x", "kubernetes.io/config.mirror"].map(
			(key) => `HelmValues.podAnnotations["${key}"]: is reserved`,
		),
	],
	"large annotations": [
		`podAnnotations: {${["a", "b", "c"].map((key) => `${key}: &${key} ${"é".repeat(30_000)}`).join(", ")}, d: *a, e: *a}`,
		"HelmValues.podAnnotations: larger than 256 KiB in sum",
	],
	quantities: [
		"resources: {limits: {memory: 1GiB, cpu: -1}}",
		"HelmValues.resources.limits.memory: must be a quantity such as 500m, 1.5 or 2Gi",
		"HelmValues.resources.limits.cpu: must be a quantity such as 500m, 1.5 or 2Gi",
	],
	"resource names": [
		"resources: {limits: {disk: 1, kubernetes.io/x: 1, hugepages-x: 1, hugepages-100m: 1}}",
		...[".disk", '["kubernetes.io/x"]', ".hugepages-x", ".hugepages-100m"].map(
			(key) =>
				`HelmValues.resources.limits${key}: is no resource of a container: cpu, memory, ephemeral-storage or one with a domain`,
		),
		"HelmValues.resources: huge pages need cpu or memory beside them",
	],
	"fractions of bytes": [
		"resources: {limits: {memory: 128m}}",
		"HelmValues.resources.limits.memory: must be a whole number; for mebibytes write Mi, not m",
	],
	"requests and limits": [
		"resources: {requests: {cpu: 2, a.b/c: 1, d.e/f: 1, memory: 1.x}, limits: {cpu: 1500m, a.b/c: 2, memory: 1}}",
		"HelmValues.resources.requests.memory: must be a quantity such as 500m, 1.5 or 2Gi",
		"HelmValues.resources.requests.cpu: must not be more than the limit",
		'HelmValues.resources.requests["a.b/c"]: must be equal to the limit',
		'HelmValues.resources.requests["d.e/f"]: needs a limit of the same amount',
	],
	"huge pages": [
		"resources: {limits: {cpu: 1, hugepages-2Mi: 3Mi}}",
		"HelmValues.resources.limits.hugepages-2Mi: must be a multiple of the page size",
	],
	tolerations: [
		"tolerations: [{}, {key: a, operator: Exists, value: x}, {key: a, tolerationSeconds: 1}]",
		"HelmValues.tolerations[0].operator: must be Exists where no key is given",
		"HelmValues.tolerations[1].value: must not be given where operator is Exists",
		"HelmValues.tolerations[2].effect: must be NoExecute where tolerationSeconds is given",
	],
	"no node terms": [term(""), `${REQUIRED}: must have at least one term`],
	"node terms": [
		term(
			"{matchExpressions: [{key: a, operator: In}, {key: b, operator: DoesNotExist, values: [x]}, {key: c, operator: Lt, values: [x]}], matchFields: [{key: metadata.name, operator: In, values: []}]}",
		),
		`${REQUIRED}[0].matchExpressions[0].values: must not be empty where operator is In`,
		`${REQUIRED}[0].matchExpressions[1].values: must not be given where operator is DoesNotExist`,
		`${REQUIRED}[0].matchExpressions[2].values: must be one whole number, in quotes, where operator is Lt`,
		`${REQUIRED}[0].matchFields[0].values: must be one name`,
	],
	"an operator of another kind": [
		term("{matchExpressions: [{key: a, operator: Like}, {key: b, operator: Gt}]}"),
		`${REQUIRED}[0].matchExpressions[0].operator: must be one of In, NotIn, Exists, DoesNotExist, Gt, Lt`,
		`${REQUIRED}[0].matchExpressions[1].values: must be one whole number, in quotes, where operator is Gt`,
	],
	"pod terms": [
		"affinity: {podAffinity: {requiredDuringSchedulingIgnoredDuringExecution: [{topologyKey: a, labelSelector: {matchExpressions: [{key: a, operator: NotIn}]}}], preferredDuringSchedulingIgnoredDuringExecution: [{weight: 0}]}}",
		"HelmValues.affinity.podAffinity.preferredDuringSchedulingIgnoredDuringExecution[0].podAffinityTerm: is required",
		"HelmValues.affinity.podAffinity.preferredDuringSchedulingIgnoredDuringExecution[0].weight: must be from 1 to 100",
		"HelmValues.affinity.podAffinity.requiredDuringSchedulingIgnoredDuringExecution[0].labelSelector.matchExpressions[0].values: must not be empty where operator is NotIn",
	],
	"terms of pods to be away from": [
		"affinity: {podAntiAffinity: {preferredDuringSchedulingIgnoredDuringExecution: [{weight: 0}]}}",
		"HelmValues.affinity.podAntiAffinity.preferredDuringSchedulingIgnoredDuringExecution[0].podAffinityTerm: is required",
		"HelmValues.affinity.podAntiAffinity.preferredDuringSchedulingIgnoredDuringExecution[0].weight: must be from 1 to 100",
	],
	privileges: [
		security("privileged: true, capabilities: {add: [NET_ADMIN]}"),
		`HelmValues.securityContext.privileged: is not allowed in this installation; ${NEEDED}`,
		`HelmValues.securityContext.capabilities.add: is not allowed in this installation; ${NEEDED}`,
	],
	profiles: [
		"podSecurityContext: {seccompProfile: {type: Localhost}, appArmorProfile: {type: Unconfined, localhostProfile: a}}",
		"HelmValues.podSecurityContext.appArmorProfile.localhostProfile: must not be given unless type is Localhost",
		"HelmValues.podSecurityContext.seccompProfile.localhostProfile: must be given where type is Localhost",
	],
	sysctls: [
		"podSecurityContext: {sysctls: [{name: a.b, value: c}, {name: a.b, value: d}, {name: 'A B', value: e}, {value: f}, {value: g}]}",
		"HelmValues.podSecurityContext.sysctls[2].name: must be a sysctl such as net.core.somaxconn",
		"HelmValues.podSecurityContext.sysctls[3].name: is required",
		"HelmValues.podSecurityContext.sysctls[4].name: is required",
		"HelmValues.podSecurityContext.sysctls[1].name: is there twice",
	],
	"volumes without a kind": [
		"volumes: [{name: a}, {emptyDir: {}}]",
		"HelmValues.volumes[1].name: is required",
		`HelmValues.volumes[0]: must be one of ${KINDS}`,
	],
	"a volume of no kind that there is": [
		volume("nfs: {}"),
		"HelmValues.volumes[0].nfs: unknown key; known are configMap, downwardAPI, emptyDir, hostPath, name, persistentVolumeClaim, projected, secret",
	],
	"volumes of two kinds": [
		volume("emptyDir: {}, secret: {secretName: b}"),
		"HelmValues.volumes[0]: is of two kinds: emptyDir and secret",
	],
	"other volumes": [
		volume("emptyDir: {}, nfs: {}"),
		"HelmValues.volumes[0].nfs: unknown key; known are configMap, downwardAPI, emptyDir, hostPath, name, persistentVolumeClaim, projected, secret",
	],
	"volume names": [
		"volumes: [{name: A, emptyDir: {}}, {name: b, emptyDir: {}}, {name: b, emptyDir: {}}, {name: script, emptyDir: {}}, {name: gpg-key, emptyDir: {}}]",
		"HelmValues.volumes[0].name: must be a name: at most 63 lower-case letters, digits and `-`",
		"HelmValues.volumes[2].name: is there twice",
		"HelmValues.volumes[3].name: is reserved for the controller",
		"HelmValues.volumes[4].name: is reserved for the controller",
	],
	"the node's files": [
		volume("hostPath: {path: /}"),
		`HelmValues.volumes[0].hostPath: is not allowed in this installation; ${NEEDED}`,
	],
	"a service account's token": [
		volume("projected: {sources: [{serviceAccountToken: {path: a}}]}"),
		"HelmValues.volumes[0].projected.sources[0].serviceAccountToken: is not allowed; a token for the API server is there where HelmValues.serviceAccountName is set",
	],
	"projected sources without a kind, and of two": [
		volume("projected: {sources: [{}, {secret: {name: a}, configMap: {name: a}}]}"),
		"HelmValues.volumes[0].projected.sources[0]: must be one of configMap, downwardAPI, secret",
		"HelmValues.volumes[0].projected.sources[1]: must be one of configMap, downwardAPI, secret",
	],
	"projected paths": [
		volume(
			"projected: {sources: [{secret: {name: b, items: [{key: a, path: x}]}}, {configMap: {name: b, items: [{key: a, path: x}]}}]}",
		),
		"HelmValues.volumes[0].projected.sources: two items have the same path",
	],
	"items of volumes": [
		volume("secret: {secretName: b, items: [{key: 'a b', path: ../x, mode: 512}, {path: /x}]}"),
		"HelmValues.volumes[0].secret.items[0].key: must be a data key: letters, digits, `-`, `_` and `.`",
		"HelmValues.volumes[0].secret.items[0].mode: must be from 0 to 511",
		"HelmValues.volumes[0].secret.items[0].path: must be a relative path without `..`",
		"HelmValues.volumes[0].secret.items[1].key: is required",
		"HelmValues.volumes[0].secret.items[1].path: must be a relative path without `..`",
	],
	"downward items": [
		volume(
			"downwardAPI: {items: [{path: a}, {path: b, fieldRef: {fieldPath: spec.x}}, {path: c, resourceFieldRef: {containerName: backup-maker, resource: limits.cpu, divisor: 1Mi}}]}",
		),
		"HelmValues.volumes[0].downwardAPI.items[1].fieldRef.fieldPath: must be metadata.name, .namespace, .uid, .labels, .annotations or one of the last two['key']",
		"HelmValues.volumes[0].downwardAPI.items[0]: must have either fieldRef or resourceFieldRef",
		"HelmValues.volumes[0].downwardAPI.items[2].resourceFieldRef.divisor: must be one of 1 1m",
	],
	media: [
		volume("emptyDir: {medium: SSD, sizeLimit: x}"),
		"HelmValues.volumes[0].emptyDir.medium: must be Memory or HugePages",
		"HelmValues.volumes[0].emptyDir.sizeLimit: must be a quantity such as 500m, 1.5 or 2Gi",
	],
	"hidden mounts": [
		"volumes: [{name: a, emptyDir: {}}]\nvolumeMounts: [{name: a, mountPath: /usr/backup-maker}, {name: a, mountPath: /mnt/secrets/x/../y}, {name: a, mountPath: /mnt/}, {name: a, mountPath: /}, {name: a, mountPath: /usr/backup-maker2}]",
		...[
			["0", "/usr/backup-maker"],
			["1", "/mnt/secrets"],
			["2", "/mnt/backup-maker-script"],
			["3", "/usr/backup-maker"],
		].map(
			([index, path]) =>
				`HelmValues.volumeMounts[${index}].mountPath: collides with ${path}, where the controller mounts scripts and keys; take another path, such as /mnt/data`,
		),
	],
	"mounts over what every script needs": [
		`volumes: [{name: a, emptyDir: {}}]\nvolumeMounts: [${["/bin", "/bin/bash", "/bin/./mytool", "/lib", "/lib/x", "/usr/bin/", "/dev", "/dev/shm", "/proc", "/proc/sys/x"].map((path) => `{name: a, mountPath: ${path}}`).join(", ")}]`,
		...[
			["0", "/bin/bash"],
			["1", "/bin/bash"],
			["3", "/lib"],
			["5", "/usr/bin"],
			["6", "/dev"],
			["8", "/proc"],
			["9", "/proc"],
		].map(
			([index, path]) =>
				`HelmValues.volumeMounts[${index}].mountPath: would hide ${path}, without which no script runs; take another path, such as /mnt/data`,
		),
	],
	"root that must not be root": [
		"podSecurityContext: {runAsUser: 0}\nsecurityContext: {runAsNonRoot: true}",
		"HelmValues.podSecurityContext.runAsUser: is root (0), and runAsNonRoot is true: it would never start; name another user, or set runAsNonRoot: false",
	],
	"root in the container that must not be root": [
		"podSecurityContext: {runAsUser: 5, runAsNonRoot: true}\nsecurityContext: {runAsUser: 0}",
		"HelmValues.securityContext.runAsUser: is root (0), and runAsNonRoot is true: it would never start; name another user, or set runAsNonRoot: false",
	],
	"the container's settings go before the pod's": [
		"podSecurityContext: {runAsUser: 0, runAsNonRoot: true}\nsecurityContext: {runAsUser: 5}",
	],
	"the container may be root": [
		"podSecurityContext: {runAsUser: 0, runAsNonRoot: true}\nsecurityContext: {runAsNonRoot: false}",
	],
	"mounts twice": [
		"volumes: [{name: a, emptyDir: {}}]\nvolumeMounts: [{name: a}, {name: a, mountPath: /x}, {name: a, mountPath: /y/..//x/.}]",
		"HelmValues.volumeMounts[0].mountPath: is required",
		"HelmValues.volumeMounts[2].mountPath: is there twice",
	],
	"mounts of nothing": [
		"volumeMounts: [{name: b, mountPath: /x}, {mountPath: /y}]",
		"HelmValues.volumeMounts[1].name: is required",
		"HelmValues.volumeMounts[0].name: is no name of HelmValues.volumes",
	],
	"mount paths": [
		mount("mountPath: x, subPath: ../y, mountPropagation: Bidirectional"),
		"HelmValues.volumeMounts[0].mountPath: must be a path that begins with `/`, without `:`",
		"HelmValues.volumeMounts[0].subPath: must be a relative path without `..`",
		"HelmValues.volumeMounts[0].mountPropagation: is for privileged containers only",
	],
};
