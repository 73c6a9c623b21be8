// The installation's defaults for pods, as they arrive in the CronJob: under what the user wrote, without a right asked for
// them; and a wrong file, which nothing starts with.
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import t from "tap";
import { startSession } from "../cluster/session.ts";
import { eventually } from "../cluster/wait.ts";
import { manifest, namespace, scheduledBackup, template } from "./support/objects.ts";
import { awaitReady } from "./support/status.ts";

t.setTimeout(300_000);

const session = await startSession(t);
const file = join(session.folder, "job-defaults.yaml");
const flags = [`--job-defaults=${file}`];

const DEFAULTS = `
image: registry.example.org/backup-maker:v1
imagePullSecrets: [{name: registry}]
serviceAccountName: shared
nodeSelector: {disk: ssd, zone: a}
podAnnotations: {example.org/a: b}
resources: {limits: {memory: 256Mi, cpu: 1}}
securityContext: {capabilities: {add: [CHOWN]}}
`;

const VARS = `Params: {host: x}
HelmValues:
  nodeSelector: {zone: b}
  resources: {limits: {memory: 512Mi}, requests: {memory: 128Mi}}
`;

const podOf = async (name: string) =>
	(await session.json(`get cronjob -n team ${name}`))?.spec.jobTemplate.spec.template;

const RULES = {
	apiGroups: ["riotkit.org"],
	resources: ["scheduledbackups"],
	verbs: ["get", "create", "patch", "update"],
};

t.test("defaults lie under what is written", async (t) => {
	await writeFile(file, DEFAULTS);
	const controller = await session.controller({ flags });
	await session.apply(
		manifest(
			namespace("team"),
			template("plain", { backup: "echo backup\n", restore: "echo restore\n" }),
			{ apiVersion: "rbac.authorization.k8s.io/v1", kind: "ClusterRole", metadata: { name: "w" }, rules: [RULES] },
			{
				apiVersion: "rbac.authorization.k8s.io/v1",
				kind: "ClusterRoleBinding",
				metadata: { name: "w" },
				roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "w" },
				subjects: [{ apiGroup: "rbac.authorization.k8s.io", kind: "User", name: "writer" }],
			},
		),
	);
	const spec = { templateRef: { name: "plain" }, varsSecretRef: undefined };
	const internal = {
		templateRef: { kind: "internal", name: "tar" },
		varsSecretRef: undefined,
		vars: "Params: {path: /x}\nRepository: {url: x, token: t}\n",
	};
	const objects = manifest(
		scheduledBackup("alone", spec, { namespace: "team" }),
		scheduledBackup("under", { ...spec, vars: VARS }, { namespace: "team" }),
		scheduledBackup("internal", internal, { namespace: "team" }),
	);
	const { code, stderr } = await session.kubectl("apply --as=writer -f -", objects);
	t.equal(code, 0, "a user without any right to Secrets or service accounts");
	t.notMatch(stderr, /registry|shared|capabilities/, "nobody is told of what others decided");
	for (const name of ["alone", "under", "internal"]) await awaitReady(session, { namespace: "team", name });
	const alone = await podOf("alone");
	t.match(alone, {
		metadata: { annotations: { "example.org/a": "b" } },
		spec: {
			imagePullSecrets: [{ name: "registry" }],
			serviceAccountName: "shared",
			automountServiceAccountToken: false,
			nodeSelector: { disk: "ssd", zone: "a" },
		},
	});
	t.match(alone.spec.containers[0], {
		image: "example.org/tool:1.0",
		resources: { limits: { memory: "256Mi", cpu: "1" } },
		securityContext: { capabilities: { add: ["CHOWN"] } },
	});
	const under = await podOf("under");
	t.same(under.spec.nodeSelector, { disk: "ssd", zone: "b" });
	t.same(under.spec.containers[0].resources, { limits: { memory: "512Mi", cpu: "1" }, requests: { memory: "128Mi" } });
	t.equal((await podOf("internal")).spec.containers[0].image, "registry.example.org/backup-maker:v1");

	const clash = { ...spec, vars: "Params: {host: x}\nHelmValues: {resources: {requests: {memory: 1Gi}}}\n" };
	const refused = await session.kubectl(
		"create --dry-run=server -f -",
		manifest(scheduledBackup("clash", clash, { namespace: "team" })),
	);
	t.match(
		refused.stderr,
		"spec.vars: HelmValues.resources.requests.memory: must not be more than the limit; one of the two is a default of this installation: write both in HelmValues",
	);
	await controller.terminate();
});

t.test("what is taken out of the file leaves the pods", async (t) => {
	await writeFile(file, "nodeSelector: {disk: hdd}\n");
	await session.controller({ flags });
	const pod = await eventually(
		async () => {
			const found = await podOf("alone");
			return found.spec.nodeSelector?.disk === "hdd" ? found : undefined;
		},
		{ what: "the CronJob follows" },
	);
	t.same(pod.spec.nodeSelector, { disk: "hdd" });
	t.equal(pod.spec.serviceAccountName, undefined);
	t.equal(pod.spec.imagePullSecrets, undefined);
	t.same(pod.spec.containers[0].resources, {});
	t.same(pod.spec.containers[0].securityContext, { allowPrivilegeEscalation: false, privileged: false });
});

t.test("nothing starts with a wrong file", async (t) => {
	for (const [text, mistakes] of [
		["imge: x\nenv: {A: b}\nresources: {limits: {memory: 1GB}}\n", [/imge: unknown key/, /env: /, /memory/]],
		[undefined, [/--job-defaults: Invalid value: .*: file or folder not found \(ENOENT\)/]],
	] as const) {
		if (text !== undefined) await writeFile(file, text);
		const wrong = text === undefined ? [`--job-defaults=${file}.missing`] : flags;
		const controller = await session.controller({ flags: wrong, waitUntilReady: false });
		await eventually(() => controller.ended(), { what: "it ends" });
		t.equal(controller.exitCode(), 1);
		const log = await controller.log();
		t.match(log, "could not start");
		for (const mistake of mistakes) t.match(log, mistake);
	}
});
