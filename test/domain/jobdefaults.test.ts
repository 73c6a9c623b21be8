// The installation's defaults for pods: what their file may hold, how they lie under a user's options, and who is told what.

import t from "tap";
import { evaluateScheduledBackup } from "../../src/domain/evaluate.ts";
import { HELM_VALUES_KEYS } from "../../src/domain/helmvalues/schema.ts";
import type { HelmValues } from "../../src/domain/helmvalues.ts";
import {
	clashProblems,
	JOB_DEFAULTS_KEYS,
	type JobDefaults,
	parseJobDefaults,
	withJobDefaults,
} from "../../src/domain/jobdefaults.ts";
import { podSpec } from "../../src/domain/objects/pod.ts";
import type { BackupPlan } from "../../src/domain/plan.ts";
import { errorsOf, facts, plainBackup, settings, template } from "../fixtures/seed.ts";
import fc from "../property.ts";

const FILE = `
image: registry.example.org/backup-maker:v1
imagePullPolicy: IfNotPresent
imagePullSecrets: [{name: registry}]
resources: {limits: {memory: 1Gi}, requests: {cpu: 1, memory: 256Mi}}
nodeSelector: {disk: ssd}
tolerations: [{key: backups, operator: Exists}]
affinity: {nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms: [{matchExpressions: [{key: a, operator: Exists}]}]}}}
priorityClassName: low
serviceAccountName: backups
podLabels: {team: platform}
podAnnotations: {example.org/scrape: "true"}
podSecurityContext: {runAsNonRoot: true, fsGroup: 1000}
securityContext: {readOnlyRootFilesystem: true, capabilities: {drop: [ALL]}}
`;

t.test("the file", async (t) => {
	const { defaults, mistakes } = parseJobDefaults(FILE);
	t.same(mistakes, []);
	t.same(Object.keys(defaults).sort(), [...JOB_DEFAULTS_KEYS]);
	t.same(defaults.resources, { limits: { memory: "1Gi" }, requests: { cpu: "1", memory: "256Mi" } });
	t.same(parseJobDefaults(JSON.stringify(defaults)), { defaults, mistakes: [] }, "JSON is YAML");
	t.same(parseJobDefaults(""), { defaults: {}, mistakes: [] });
	t.ok(JOB_DEFAULTS_KEYS.every((key) => HELM_VALUES_KEYS.includes(key)));
});

t.test("privileges are the administrator's to give", async (t) => {
	const given = parseJobDefaults("securityContext: {privileged: true, allowPrivilegeEscalation: true}");
	t.same(given.mistakes, []);
});

const wrong: [name: string, text: string, mistakes: string[]][] = [
	["a list", "[a]", ["not a map of pod options; write names such as `resources:` at the beginning of the line"]],
	["no YAML", "a: [", [/^not valid YAML at line 1, column \d+: /.source]],
	["a key twice", "image: a:1\nimage: b:1", ["image (line 2, column 1): the key is there twice"]],
	["a mistyped key", "imge: x:1", ["imge: unknown key; did you mean image?"]],
	["an unknown key", "nothingLikeIt: 1", [`nothingLikeIt: unknown key; there are ${JOB_DEFAULTS_KEYS.join(", ")}`]],
	["an option of backups", "env: {A: b}", ["env: has no default: it is for each backup to say, in HelmValues"]],
	[
		"everything at once",
		[
			"volumes: []",
			"tolerations: x",
			"podLabels: {app.kubernetes.io/name: x, version: 1.10}",
			"resources: {limits: {memory: 1Gi}, requests: {memory: 2Gi}}",
			"securityContext: {privileged: true}",
		].join("\n"),
		[
			"volumes: has no default: it is for each backup to say, in HelmValues",
			"podLabels.version: must be text; put it in quotes",
			"tolerations: must be a list",
			"resources.requests.memory: must not be more than the limit",
			"securityContext.allowPrivilegeEscalation: must be true for a privileged container or CAP_SYS_ADMIN",
		],
	],
	["a reserved label", "podLabels: {app.kubernetes.io/name: x}", ['podLabels["app.kubernetes.io/name"]: is reserved']],
	[
		"an unknown part",
		"podSecurityContext: {hostNetwork: true}",
		["podSecurityContext.hostNetwork: is not allowed; the pod of a backup never uses the node's namespaces"],
	],
];
for (const [name, text, mistakes] of wrong) {
	t.test(`wrong: ${name}`, async (t) => {
		const found = parseJobDefaults(text).mistakes;
		t.equal(found.length, mistakes.length, found.join("\n"));
		for (const [index, mistake] of mistakes.entries()) {
			if (mistake.startsWith("^")) t.match(found[index], new RegExp(mistake));
			else t.equal(found[index], mistake);
		}
		t.notMatch(found.join(), /HelmValues\./);
	});
}

const merged: [name: string, own: HelmValues, defaults: JobDefaults, wanted: HelmValues][] = [
	["nothing written", {}, { priorityClassName: "low" }, { priorityClassName: "low" }],
	["a scalar is replaced", { priorityClassName: "high" }, { priorityClassName: "low" }, { priorityClassName: "high" }],
	["what has no default stays", { backoffLimit: 3 }, { nodeSelector: {} }, { backoffLimit: 3, nodeSelector: {} }],
	[
		"maps are put together by key",
		{ nodeSelector: { a: "mine", c: "mine" }, podLabels: { a: "mine" }, podAnnotations: {} },
		{ nodeSelector: { a: "theirs", b: "theirs" }, podLabels: { b: "theirs" }, podAnnotations: { b: "theirs" } },
		{
			nodeSelector: { a: "mine", b: "theirs", c: "mine" },
			podLabels: { a: "mine", b: "theirs" },
			podAnnotations: { b: "theirs" },
		},
	],
	[
		"lists are replaced, also by an empty one",
		{ tolerations: [], imagePullSecrets: [{ name: "mine" }] },
		{ tolerations: [{ operator: "Exists" }], imagePullSecrets: [{ name: "theirs" }] },
		{ tolerations: [], imagePullSecrets: [{ name: "mine" }] },
	],
	[
		"resources, by each request and limit",
		{ resources: { limits: { memory: "2Gi" }, requests: { memory: "1Gi" } } },
		{ resources: { limits: { memory: "1Gi", cpu: "1" } } },
		{ resources: { limits: { memory: "2Gi", cpu: "1" }, requests: { memory: "1Gi" } } },
	],
	[
		"requests that nobody gives stay away",
		{ resources: { limits: { memory: "2Gi" } } },
		{ resources: { limits: { cpu: "1" } } },
		{ resources: { limits: { memory: "2Gi", cpu: "1" } } },
	],
	["resources that only one has", { resources: {} }, {}, { resources: {} }],
	["resources that the other has", {}, { resources: { limits: {} } }, { resources: { limits: {} } }],
	[
		"of a security context each field as a whole",
		{ securityContext: { capabilities: { add: ["CHOWN"] } }, podSecurityContext: { runAsUser: 5 } },
		{ securityContext: { capabilities: { drop: ["ALL"] }, runAsNonRoot: true } },
		{
			securityContext: { capabilities: { add: ["CHOWN"] }, runAsNonRoot: true },
			podSecurityContext: { runAsUser: 5 },
		},
	],
	["the image is the procedure's", {}, { image: "a:1" }, {}],
];
for (const [name, own, defaults, wanted] of merged) {
	t.test(`merged: ${name}`, async (t) => t.strictSame(withJobDefaults(own, defaults), wanted));
}

const labels = fc.dictionary(fc.constantFrom("a", "b", "c"), fc.constantFrom("1", "2"), { noNullPrototype: true });
const options = fc.record(
	{
		nodeSelector: labels,
		podLabels: labels,
		priorityClassName: fc.constantFrom("low", "high"),
		resources: fc.record({ limits: labels, requests: labels }, { requiredKeys: [], noNullPrototype: true }),
	},
	{ requiredKeys: [], noNullPrototype: true },
);

t.test("what a user wrote is always in it, whatever the defaults; without defaults nothing changes", async (t) => {
	fc.assert(
		fc.property(options, options, (own, defaults) => {
			t.match(withJobDefaults(own as HelmValues, defaults as JobDefaults), own);
			t.strictSame(withJobDefaults(own as HelmValues, {}), own);
			t.strictSame(withJobDefaults({}, defaults as JobDefaults), defaults);
		}),
	);
	const own = {};
	t.equal(withJobDefaults(own, undefined), own);
});

const evaluate = (vars: string, jobDefaults: JobDefaults, world = facts()) =>
	evaluateScheduledBackup(plainBackup({ vars }), world, { ...settings, jobDefaults });

const podOf = (plan: BackupPlan | undefined) => podSpec(plan as BackupPlan, { operation: "backup" });

t.test("a value that does not go with a default is told as such", async (t) => {
	const defaults = { resources: { limits: { memory: "1Gi" } } };
	const { report, plan } = evaluate("HelmValues: {resources: {requests: {memory: 2Gi}}}", defaults);
	t.same(errorsOf(report), ["spec.vars: HelmValues.resources.requests.memory: must not be more than the limit"]);
	t.equal(report.errors[0]?.hint, "one of the two is a default of this installation: write both in HelmValues");
	t.equal(plan, undefined);
	const own = evaluate("HelmValues: {resources: {limits: {memory: 3Gi}, requests: {memory: 4Gi}}}", defaults);
	t.equal(own.report.errors.length, 1, "a user's own mistake is told once");
	t.notMatch(own.report.errors[0]?.hint ?? "", /default/);
	t.same(clashProblems({}, { securityContext: { privileged: true, allowPrivilegeEscalation: true } }), []);
});

t.test("an administrator's choices are nobody's mistake", async (t) => {
	const defaults: JobDefaults = {
		securityContext: { privileged: true, allowPrivilegeEscalation: true },
		imagePullSecrets: [{ name: "registry" }],
		serviceAccountName: "backups",
	};
	const { report, plan } = evaluate("", defaults);
	t.same(report, { errors: [], warnings: [] }, "not refused, and the Secret is not looked for");
	const pod = podOf(plan);
	t.match(pod, { serviceAccountName: "backups", imagePullSecrets: [{ name: "registry" }] });
	t.equal(pod.automountServiceAccountToken, false, "its token is for those who may have it");
	t.match(pod.containers[0]?.securityContext, { privileged: true });
	const asked = evaluate("HelmValues: {serviceAccountName: backups, securityContext: {privileged: true}}", defaults);
	t.same(errorsOf(asked.report), [
		"spec.vars: HelmValues.securityContext.privileged: is not allowed in this installation",
	]);
	const named = evaluate("HelmValues: {serviceAccountName: backups}", defaults);
	t.equal(podOf(named.plan).automountServiceAccountToken, true, "who names it was asked for the right");
});

t.test("pod security is judged over both, and says whose it is", async (t) => {
	const restricted = facts({ namespaceLabels: { "pod-security.kubernetes.io/enforce": "restricted" } });
	const good: JobDefaults = {
		podSecurityContext: { runAsNonRoot: true },
		securityContext: { capabilities: { drop: ["ALL"] } },
	};
	t.same(evaluate("", good, restricted).report.warnings, []);
	t.same(evaluate("HelmValues: {podSecurityContext: {runAsUser: 0}}", good, restricted).report.warnings, [
		'pod security "restricted" of the namespace would refuse: runAsUser',
	]);
	const bad = { ...good, podSecurityContext: { runAsNonRoot: true, runAsUser: 0 } };
	t.same(evaluate("", bad, restricted).report.warnings, [
		'pod security "restricted" of the namespace would refuse, of the job defaults: runAsUser',
	]);
	const both = evaluate("HelmValues: {securityContext: {capabilities: {}}}", bad, restricted).report.warnings;
	t.same(both, [
		'pod security "restricted" of the namespace would refuse: capabilities.drop',
		'pod security "restricted" of the namespace would refuse, of the job defaults: runAsUser',
	]);
});

t.test("the image, from the most to the least particular", async (t) => {
	const internal = { templateRef: { kind: "internal", name: "tar" }, gpgKeySecretRef: undefined };
	const vars = "Params: {path: /x}\nRepository: {url: x, token: t}\n";
	const imageOf = (changes: object, jobDefaults: JobDefaults) =>
		evaluateScheduledBackup(plainBackup({ vars, ...changes }), facts({ template: template("a") }), {
			...settings,
			jobDefaults,
		}).plan?.image;
	const defaults = { image: "registry.example.org/backup-maker:v1" };
	t.equal(imageOf({ ...internal, vars: `${vars}HelmValues: {image: "mine:1"}\n` }, defaults), "mine:1");
	t.equal(imageOf({}, defaults), "registry.example.org/tools:v1", "the template's");
	t.equal(imageOf(internal, defaults), defaults.image);
	t.equal(imageOf(internal, {}), settings.backupMakerImage);
});
