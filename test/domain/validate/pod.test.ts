// Warnings about images and pod security, and what is said about the Secrets that the pod options name.
import t from "tap";
import type { PodSpec } from "../../../src/api/kubernetes.ts";
import { evaluateScheduledBackup } from "../../../src/domain/evaluate.ts";
import { imageReport } from "../../../src/domain/validate/image.ts";
import { podSecretsReport } from "../../../src/domain/validate/podsecrets.ts";
import { podSecurityReport } from "../../../src/domain/validate/podsecurity.ts";
import { downgradeMissing } from "../../../src/domain/warnings.ts";
import { errorsOf, facts, gpgKeys, plainBackup, secretMap, secretWith, settings } from "../../fixtures/seed.ts";

t.test("images", async (t) => {
	const rows: [string, RegExp | undefined][] = [
		["registry.example.org:5000/tools:v1", undefined],
		["registry.example.org:5000/tools", /has no tag/],
		["tools", /has no tag/],
		["tools:latest", /is tagged latest/],
		["tools@sha256:abc", undefined],
		["tools:latest@sha256:abc", undefined],
		["", undefined],
	];
	for (const [image, expected] of rows) {
		const { warnings } = imageReport("spec.image", image);
		if (expected === undefined) t.same(warnings, [], image);
		else t.match(warnings[0], expected, image);
	}
});

type Security = NonNullable<PodSpec["containers"][number]["securityContext"]>;

const podWith = (security: Security | undefined, pod: Partial<PodSpec> = {}): PodSpec => ({
	securityContext: { seccompProfile: { type: "RuntimeDefault" } },
	containers: [{ name: "backup-maker", ...(security === undefined ? {} : { securityContext: security }) }],
	...pod,
});

const restricted: Security = { allowPrivilegeEscalation: false, runAsNonRoot: true, capabilities: { drop: ["ALL"] } };

t.test("pod security", async (t) => {
	const rows: [string | undefined, PodSpec, string][] = [
		[undefined, podWith({ privileged: true }), ""],
		["privileged", podWith({ privileged: true }), ""],
		["baseline", podWith(undefined), ""],
		["baseline", podWith({ privileged: true }), "privileged"],
		["baseline", podWith({ capabilities: { add: ["CHOWN"] } }), ""],
		["baseline", podWith({ capabilities: { add: ["SYS_ADMIN"] } }), "capabilities.add"],
		["baseline", podWith({ seccompProfile: { type: "Unconfined" } }), "seccompProfile"],
		["baseline", podWith({}, { securityContext: { seccompProfile: { type: "Unconfined" } } }), "seccompProfile"],
		[
			"baseline",
			podWith(
				{ seccompProfile: { type: "RuntimeDefault" } },
				{ securityContext: { seccompProfile: { type: "Unconfined" } } },
			),
			"seccompProfile",
		],
		["baseline", podWith({ appArmorProfile: { type: "Unconfined" } }), "appArmorProfile"],
		["baseline", podWith({}, { securityContext: { appArmorProfile: { type: "Unconfined" } } }), "appArmorProfile"],
		["baseline", podWith({ appArmorProfile: { type: "Localhost", localhostProfile: "a" } }), ""],
		["baseline", podWith({ seLinuxOptions: { type: "spc_t" } }), "seLinuxOptions"],
		["baseline", podWith({ seLinuxOptions: { user: "a" } }), "seLinuxOptions"],
		["baseline", podWith({}, { securityContext: { seLinuxOptions: { role: "a" } } }), "seLinuxOptions"],
		["baseline", podWith({ seLinuxOptions: { type: "container_t", level: "s0" } }), ""],
		["baseline", podWith({}, { securityContext: { sysctls: [{ name: "kernel.msgmax", value: "1" }] } }), "sysctls"],
		["baseline", podWith({}, { securityContext: { sysctls: [{ name: "net.ipv4.tcp_rmem", value: "1 2 3" }] } }), ""],
		["baseline", podWith({}, { volumes: [{ name: "a", hostPath: { path: "/" } }, { name: "b" }] }), "hostPath"],
		["restricted", podWith(restricted), ""],
		["restricted", podWith({ ...restricted, runAsUser: 0 }), "runAsUser"],
		["restricted", podWith(restricted, { securityContext: { runAsUser: 0 } }), "runAsUser"],
		["restricted", podWith({ ...restricted, capabilities: { drop: ["ALL"], add: ["CHOWN"] } }), "capabilities.add"],
		["restricted", podWith({ ...restricted, capabilities: { drop: ["ALL"], add: ["NET_BIND_SERVICE"] } }), ""],
		["restricted", podWith(undefined), "allowPrivilegeEscalation, runAsNonRoot, capabilities.drop"],
		[
			"restricted",
			podWith(
				{ allowPrivilegeEscalation: false, capabilities: { drop: ["KILL"] } },
				{ securityContext: { runAsNonRoot: true } },
			),
			"capabilities.drop",
		],
	];
	for (const [level, pod, expected] of rows) {
		const labels = level === undefined ? {} : { "pod-security.kubernetes.io/enforce": level };
		const { warnings } = podSecurityReport(pod, labels);
		const text = `pod security "${level}" of the namespace would refuse: ${expected}`;
		t.same(warnings, expected === "" ? [] : [text]);
	}
});

t.test("Secrets of the pod options", async (t) => {
	const pod = {
		envFrom: [
			{ secretRef: { name: "a" } },
			{ secretRef: { name: "b", optional: true } },
			{ configMapRef: { name: "c" } },
		],
		imagePullSecrets: [{}, { name: "pull" }, { name: "d" }],
		volumes: [
			{
				name: "one",
				secret: {
					secretName: "d",
					items: [
						{ key: "x", path: "x" },
						{ key: "y", path: "y" },
					],
				},
			},
			{ name: "two", secret: { secretName: "e", optional: true, items: [{ key: "x", path: "x" }] } },
			{
				name: "three",
				projected: {
					sources: [{ secret: { name: "d", items: [{ key: "z", path: "z" }] } }, { configMap: { name: "c" } }],
				},
			},
			{ name: "four", emptyDir: {} },
			{ name: "five", projected: {} },
			{ name: "six", secret: {} },
			{ name: "seven", secret: { secretName: "d" } },
		],
	};
	const world = facts({ secrets: secretMap("a", "b", "pull", secretWith("d", { y: 1 }), "e") });
	const report = podSecretsReport(pod, world);
	t.same(errorsOf(report), [
		'spec.vars: HelmValues.envFrom[0]: Secret "a" does not exist',
		'spec.vars: HelmValues.volumes[0]: Secret "d" has no key "x"',
		'spec.vars: HelmValues.volumes[2].projected.sources[0]: Secret "d" has no key "z"',
	]);
	t.same(report.warnings, ['HelmValues.imagePullSecrets[1]: Secret "pull" does not exist']);
	t.same(podSecretsReport({}, world), { errors: [], warnings: [] });
});

t.test("through the whole evaluation", async (t) => {
	const vars = "HelmValues: {envFrom: [{secretRef: {name: absent}}]}";
	const world = facts({ secrets: secretMap("absent", secretWith("keys", gpgKeys)) });
	const { report } = evaluateScheduledBackup(plainBackup({ vars }), world, settings);
	t.equal(report.errors.length, 1);
	t.same(downgradeMissing(report).errors, []);
	t.match(downgradeMissing(report).warnings, [/Secret "absent" does not exist$/]);
});
