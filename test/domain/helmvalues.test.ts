// Pod options as users write them, in YAML, and every mistake that the API server or the kubelet would find later.
import t from "tap";
import { parseHelmValues, secretNamesIn } from "../../src/domain/helmvalues.ts";
import { parseVars } from "../../src/domain/vars/parse.ts";
import { overlaySecretPaths } from "../../src/domain/vars/secrets.ts";
import { SecretValue, type Value } from "../../src/template/value.ts";

const SETTINGS = { backupMakerImage: "", missingReferences: "deny", allowPrivilegedPods: false } as const;
const PRIVILEGED = { ...SETTINGS, allowPrivilegedPods: true };

const read = (yaml: string): Value => {
	const { tree, report } = parseVars(yaml);
	if (report.errors.length > 0) throw new Error(JSON.stringify(report.errors));
	return tree;
};

const messages = (yaml: string, settings: typeof SETTINGS | typeof PRIVILEGED = SETTINGS): string[] =>
	parseHelmValues(read(yaml), settings).report.errors.map(({ message, hint }) =>
		hint === undefined ? message : `${message}; ${hint}`,
	);

const VALID = `
env: {PGPORT: 5432, RATIO: 1.50, BIG: 1000000.0, ON: true, EMPTY: "", my.name-x: a}
envFrom: [{secretRef: {name: env-secret}, prefix: APP_}, {configMapRef: {name: settings, optional: true}}]
image: registry.example.org:5000/team/backup:1.0@sha256:${"a".repeat(64)}
imagePullPolicy: Always
imagePullSecrets: [{name: registry}]
resources:
  limits: {cpu: 1.5, memory: 1Gi, ephemeral-storage: 1e9, example.org/gpu: 2, hugepages-2Mi: 4Mi}
  requests: {cpu: 500m, memory: 1024Mi, example.org/gpu: "2", hugepages-2Mi: 4Mi}
nodeSelector: {disk: ssd, "example.org/zone": ""}
tolerations: [{operator: Exists}, {key: a, value: b, effect: NoExecute, tolerationSeconds: 30}, {key: a, operator: Exists, value: ""}]
affinity:
  nodeAffinity:
    requiredDuringSchedulingIgnoredDuringExecution:
      nodeSelectorTerms:
        - matchExpressions: [{key: a, operator: In, values: [b]}, {key: c, operator: Exists}, {key: d, operator: Gt, values: ["5"]}]
          matchFields: [{key: metadata.name, operator: In, values: [node-1]}]
    preferredDuringSchedulingIgnoredDuringExecution: [{weight: 1, preference: {matchExpressions: []}}]
  podAffinity:
    preferredDuringSchedulingIgnoredDuringExecution: [{weight: 100, podAffinityTerm: {topologyKey: zone, labelSelector: {matchLabels: {a: b}}}}]
  podAntiAffinity:
    requiredDuringSchedulingIgnoredDuringExecution: [{topologyKey: zone, namespaces: [default], namespaceSelector: {}}]
priorityClassName: low
serviceAccountName: backup
podLabels: {team: a}
podAnnotations: {Example.org/note: "anything: at all"}
podSecurityContext: {runAsUser: 1000, fsGroup: 0, seccompProfile: {type: Localhost, localhostProfile: a/b.json}, sysctls: [{name: net.core.somaxconn, value: "1"}, {name: kernel.x, value: ""}]}
securityContext: {readOnlyRootFilesystem: true, capabilities: {drop: [ALL]}, allowPrivilegeEscalation: true}
volumes:
  - {name: scratch, emptyDir: {sizeLimit: 1, medium: HugePages-2Mi}}
  - {name: none, emptyDir: {}}
  - {name: config, configMap: {name: c, items: [{key: a.b, path: x/y, mode: 0o400}]}}
  - {name: secret, secret: {secretName: volume-secret, defaultMode: 256}}
  - {name: data, persistentVolumeClaim: {claimName: data, readOnly: true}}
  - name: down
    downwardAPI: {items: [{path: a, fieldRef: {fieldPath: metadata.name}}, {path: b, fieldRef: {fieldPath: "metadata.labels['x']"}}, {path: c, resourceFieldRef: {containerName: backup-maker, resource: limits.cpu, divisor: 1m}}, {path: d, resourceFieldRef: {containerName: backup-maker, resource: limits.memory, divisor: 1Mi}}, {path: e, resourceFieldRef: {containerName: backup-maker, resource: limits.memory}}]}
  - {name: all, projected: {sources: [{secret: {name: projected-secret, items: [{key: a, path: a}]}}, {configMap: {name: b}}, {downwardAPI: {items: [{path: c, fieldRef: {fieldPath: metadata.uid}}]}}]}}
volumeMounts: [{name: scratch, mountPath: /scratch, subPath: a}, {name: data, mountPath: /mnt/data, mountPropagation: HostToContainer, readOnly: true}]
activeDeadlineSeconds: 3600
backoffLimit: 0
ttlSecondsAfterFinished: 0
`;

t.test("what is read: numbers are numbers, quantities and environment are text", async (test) => {
	const { values, report } = parseHelmValues(read(VALID), SETTINGS);
	test.same(report, { errors: [], warnings: [] });
	test.same(values.env, { PGPORT: "5432", RATIO: "1.5", BIG: "1e+06", ON: "true", EMPTY: "", "my.name-x": "a" });
	test.match(values.resources, { limits: { cpu: "1.5", "ephemeral-storage": "1000000000", "example.org/gpu": "2" } });
	test.match(values, { activeDeadlineSeconds: 3600, backoffLimit: 0, ttlSecondsAfterFinished: 0 });
	test.match(values.volumes?.[0], { emptyDir: { sizeLimit: "1" } });
	test.match(values.volumes?.[2]?.configMap?.items?.[0], { mode: 0o400 });
	test.doesNotThrow(() => structuredClone(values), "plain objects");
	test.same(secretNamesIn(values), [
		{ name: "env-secret", where: "HelmValues.envFrom[0]" },
		{ name: "volume-secret", where: "HelmValues.volumes[3]" },
		{ name: "projected-secret", where: "HelmValues.volumes[6].projected.sources[0]" },
		{ name: "registry", where: "HelmValues.imagePullSecrets[0]" },
	]);
});

t.test("nothing given", async (test) => {
	for (const value of [undefined, null, new Map()]) {
		test.same(parseHelmValues(value, SETTINGS), { values: {}, report: { errors: [], warnings: [] } });
	}
	test.same(parseHelmValues(read("env:\nimage:\nvolumes:"), SETTINGS).values, {}, "null is nothing");
	test.same(secretNamesIn({}), []);
});

t.test("references to Secrets belong into env alone", async (test) => {
	const entries = ["env.PGPASSWORD", "image", "volumes"].map((path) => ({
		path: `HelmValues.${path}`,
		secretName: "keys",
		key: `HelmValues.${path}`,
		fieldPath: "spec.varsSecretRef",
	}));
	const { tree } = overlaySecretPaths(new Map(), entries);
	const { values, report } = parseHelmValues(tree.get("HelmValues"), SETTINGS);
	test.same(
		values.env?.["PGPASSWORD"],
		new SecretValue("HelmValues.env.PGPASSWORD", "keys", "HelmValues.env.PGPASSWORD"),
	);
	test.match(report.errors, [
		{
			path: "spec.varsSecretRef",
			message: 'HelmValues.image: key "HelmValues.image" of Secret "keys" cannot set this',
		},
		{ message: 'HelmValues.volumes: key "HelmValues.volumes" of Secret "keys" cannot set this' },
	]);
	const whole = parseHelmValues(new SecretValue("HelmValues", "keys", "HelmValues"), SETTINGS);
	test.match(whole.report.errors, [{ message: 'HelmValues: key "HelmValues" of Secret "keys" cannot set this' }]);
});

t.test("installations that allow privileges", async (test) => {
	const allowed =
		"securityContext: {privileged: true, allowPrivilegeEscalation: true, capabilities: {add: [CAP_SYS_ADMIN]}}\nvolumes: [{name: a, hostPath: {path: /data, type: Directory}}]\nvolumeMounts: [{name: a, mountPath: /x, mountPropagation: Bidirectional}]";
	test.same(messages(allowed, PRIVILEGED), []);
	test.same(messages("securityContext: {capabilities: {add: [NET_ADMIN]}}", PRIVILEGED), []);
	const needed =
		"HelmValues.securityContext.allowPrivilegeEscalation: must be true for a privileged container or CAP_SYS_ADMIN";
	test.same(messages("securityContext: {privileged: true}", PRIVILEGED), [needed]);
	test.same(messages("securityContext: {capabilities: {add: [CAP_SYS_ADMIN]}}", PRIVILEGED), [needed]);
	test.same(messages("volumes: [{name: a, hostPath: {path: /a/../b}}]", PRIVILEGED), [
		"HelmValues.volumes[0].hostPath.path: must not contain `..`",
	]);
	test.same(messages("volumes: [{name: a, hostPath: {path: /a, type: Dir}}]", PRIVILEGED), [
		'HelmValues.volumes[0].hostPath.type: must be one of "", DirectoryOrCreate, Directory, FileOrCreate, File, Socket, CharDevice, BlockDevice',
	]);
	test.same(messages("volumes: [{name: a, hostPath: {}}]", PRIVILEGED), [
		"HelmValues.volumes[0].hostPath.path: is required",
	]);
});

t.test("what is wrong is left out, the rest stays", async (test) => {
	const { values } = parseHelmValues(
		read("envFrom: [{secretRef: {name: a}}]\nvolumes: 1\nimage: x\nnope: 1\nenv: {A: a, BMC_B: b}"),
		SETTINGS,
	);
	test.same(values, { envFrom: [{ secretRef: { name: "a" } }], image: "x", env: { A: "a" } });
});
