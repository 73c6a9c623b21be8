// Warnings about images and pod security, and what is said about the Secrets that the pod options name.
import t from "tap";
import { evaluateScheduledBackup } from "../../../src/domain/evaluate.ts";
import { imageReport } from "../../../src/domain/validate/image.ts";
import { podSecretsReport } from "../../../src/domain/validate/podsecrets.ts";
import { podSecurityReport } from "../../../src/domain/validate/podsecurity.ts";
import { downgradeMissing } from "../../../src/domain/warnings.ts";
import { errorsOf, facts, gpgKeys, plainBackup, secretMap, secretWith, settings } from "../../fixtures/seed.ts";
import { podSecurityRows } from "./podsecurityrows.ts";

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

t.test("pod security", async (t) => {
	for (const [level, pod, expected] of podSecurityRows) {
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
