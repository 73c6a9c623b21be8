// What Argo CD and Flux show of our objects, said by the Lua that Argo CD embeds and by kstatus. The statuses come from the
// functions that the controller writes them with, so the shipped health checks cannot drift away from them.
import { readFileSync } from "node:fs";
import { load } from "js-yaml";
import t from "tap";
import { applyDefaults } from "../../src/api/defaults.ts";
import type { KubernetesObject } from "../../src/api/kubernetes.ts";
import type { RequestedBackupAction, ScheduledBackup } from "../../src/api/types.ts";
import { type ActionProgress, actionStatus } from "../../src/domain/status/action.ts";
import type { Standing } from "../../src/domain/status/conditions.ts";
import type { KeysVerdict } from "../../src/domain/status/keys.ts";
import { type ScheduledBackupObservation, scheduledBackupStatus } from "../../src/domain/status/scheduledbackup.ts";
import { ago, NOW, scheduledBackup } from "../domain/status/samples.ts";
import { type Shown, startJudge } from "./judge/judge.ts";

const KINDS = ["ScheduledBackup", "RequestedBackupAction", "ClusterBackupProcedureTemplate"];
const scripts = new Map(KINDS.map((kind) => [kind, readFileSync(`gitops/argocd/health/${kind}.lua`, "utf8")]));

const judge = await startJudge();
t.teardown(judge.end);

const shown = (object: object): Promise<Shown> =>
	judge.ask(object, scripts.get((object as KubernetesObject).kind ?? "") ?? "");

const deleted = <T extends { metadata: object }>(object: T): T => ({
	...object,
	metadata: { ...object.metadata, deletionTimestamp: ago(1) },
});

const READY: ScheduledBackupObservation["verdict"] = {
	standing: "ready",
	reason: "Installed",
	message: "The objects are installed",
};
const said = (status: "True" | "False" | "Unknown", reason: string, message: string) => ({
	active: [],
	health: [],
	condition: { type: "LastRunSucceeded", status, reason, message },
});
const NO_RUN = said("Unknown", "NoRunYet", "No scheduled run has ended yet");
const FAILED = said("False", "ContainerFailed", 'Job "app1-1" failed');
const LOST: KeysVerdict = { type: "unusable", reason: "KeysLost", message: "the key is gone" };

/** A ScheduledBackup with the status that the controller writes for these findings. */
const observed = (more: Partial<ScheduledBackupObservation> = {}, spec: object = {}): ScheduledBackup => {
	const object = scheduledBackup(undefined, spec);
	const found = {
		object,
		verdict: READY,
		keys: { type: "none" as const },
		owned: [],
		runs: NO_RUN,
		nextScheduleTime: undefined,
		now: NOW,
	};
	return { ...object, status: scheduledBackupStatus({ ...found, ...more }) };
};

const backups: readonly [name: string, object: object, expected: Shown][] = [
	["installed", observed(), { health: "Healthy", message: READY.message, kstatus: "Current" }],
	[
		"without a schedule",
		observed({}, { cronJob: undefined }),
		{ health: "Healthy", message: READY.message, kstatus: "Current" },
	],
	[
		"just created",
		applyDefaults({ ...scheduledBackup(), metadata: { name: "app1", generation: 1 } }),
		{ health: "Progressing", message: "the controller has not seen this version yet", kstatus: "InProgress" },
	],
	[
		"no status at all",
		scheduledBackup(),
		{ health: "Progressing", message: "the controller has not seen this version yet" },
	],
	[
		"edited after it was looked at",
		{ ...observed(), metadata: { ...scheduledBackup().metadata, generation: 4 } },
		{ health: "Progressing", message: "the controller has not seen this version yet", kstatus: "InProgress" },
	],
	[
		"waiting for a Secret",
		observed({ verdict: { standing: "progressing", reason: "WaitingForReferences", message: "Secret is missing" } }),
		{ health: "Progressing", message: "Secret is missing", kstatus: "InProgress" },
	],
	[
		"invalid",
		observed({ verdict: { standing: "stalled", reason: "Invalid", message: "spec.vars: wrong" } }),
		{ health: "Degraded", message: "spec.vars: wrong", kstatus: "Failed" },
	],
	["its key is lost", observed({ keys: LOST }), { health: "Degraded", message: LOST.message, kstatus: "Failed" }],
	[
		"the last run failed",
		observed({ runs: FAILED }),
		{ health: "Degraded", message: FAILED.condition.message, kstatus: "Current" },
	],
	[
		"suspended",
		observed({}, { cronJob: { suspend: true } }),
		{ health: "Suspended", message: "no schedule runs: spec.cronJob.suspend is true", kstatus: "Current" },
	],
	[
		"disabled",
		observed({}, { cronJob: { enabled: false } }),
		{ health: "Suspended", message: "no schedule runs: spec.cronJob.enabled is false", kstatus: "Current" },
	],
	[
		"suspended after a run that failed",
		observed({ runs: FAILED }, { cronJob: { suspend: true } }),
		{ health: "Degraded", message: FAILED.condition.message, kstatus: "Current" },
	],
	[
		"being deleted",
		deleted(observed({ runs: FAILED })),
		{ health: "Progressing", message: "is being deleted", kstatus: "Terminating" },
	],
];

for (const [name, object, expected] of backups)
	t.test(`ScheduledBackup: ${name}`, async (t) => {
		t.match(await shown(object), expected);
	});

t.test("a ScheduledBackup looks well exactly where its status says healthy, whatever was found", async (t) => {
	const standings: Standing[] = ["ready", "progressing", "stalled"];
	const keys: KeysVerdict[] = [
		{ type: "none" },
		{ type: "unknown" },
		{ type: "create" },
		{ type: "usable", key: { fingerprint: "AB" }, message: "Key AB never expires" },
		LOST,
	];
	const runs = [NO_RUN, FAILED, said("True", "Succeeded", 'Job "app1-1" succeeded')];
	const schedules = [undefined, {}, { suspend: true }, { enabled: false }];
	for (const standing of standings)
		for (const key of keys)
			for (const run of runs)
				for (const cronJob of schedules) {
					const verdict = { standing, reason: "Word", message: "text" };
					const object = observed({ verdict, keys: key, runs: run }, { cronJob });
					const { health, error } = await shown(object);
					const what = `${standing}, keys ${key.type}, run ${run.condition.status}, ${JSON.stringify(cronJob)}`;
					t.equal(error, undefined, what);
					const { healthy, conditions = [] } = object.status ?? {};
					// Where there never was a schedule, status has no condition of runs to read.
					const runsAreTold = conditions.some(({ type }) => type === "LastRunSucceeded");
					const isReady = conditions.some(({ type, status }) => type === "Ready" && status === "True");
					const isWell = health === "Healthy" || health === "Suspended";
					t.equal(isWell, runsAreTold ? healthy : isReady, what);
					t.equal(health === "Suspended", isWell && (cronJob?.suspend === true || cronJob?.enabled === false), what);
				}
});

const action = (progress?: ActionProgress): RequestedBackupAction => {
	const object: RequestedBackupAction = {
		apiVersion: "riotkit.org/v1alpha1",
		kind: "RequestedBackupAction",
		metadata: { name: "a", namespace: "default", uid: "a-uid", generation: 1 },
		spec: { action: "restore", scheduledBackupRef: { name: "app1" } },
	};
	return progress === undefined ? object : { ...object, status: actionStatus(object, progress, NOW) };
};
const job = { name: "a-1", uid: "job-uid" };

const actions: readonly [name: string, object: object, expected: Shown][] = [
	[
		"just created",
		applyDefaults(action() as unknown as KubernetesObject),
		{ health: "Progressing", message: "the controller has not seen it yet", kstatus: "InProgress" },
	],
	["no status at all", action(), { health: "Progressing", message: "the controller has not seen it yet" }],
	[
		"waiting",
		action({ phase: "Pending", reason: "Queued", message: "waits for another" }),
		{ health: "Progressing", message: "waits for another", kstatus: "InProgress" },
	],
	[
		"running",
		action({ phase: "Running", reason: "Running", message: "runs", job }),
		{ health: "Progressing", message: "runs", kstatus: "InProgress" },
	],
	[
		"hanging, which it may recover from",
		action({ phase: "Running", reason: "ImagePullBackOff", message: "no image", job, troubled: true }),
		{ health: "Progressing", message: "no image", kstatus: "InProgress" },
	],
	[
		"suspended by somebody",
		action({ phase: "Running", reason: "Suspended", message: "was suspended", job, troubled: true }),
		{ health: "Suspended", message: "was suspended", kstatus: "InProgress" },
	],
	[
		"succeeded",
		action({ phase: "Succeeded", reason: "Succeeded", message: "done", job }),
		{ health: "Healthy", message: "done", kstatus: "Current" },
	],
	[
		"failed",
		action({ phase: "Failed", reason: "JobDeleted", message: "the outcome is unknown", job }),
		{ health: "Degraded", message: "the outcome is unknown", kstatus: "Failed" },
	],
	[
		"being deleted",
		deleted(action({ phase: "Failed", reason: "OOMKilled", message: "m", job })),
		{ health: "Progressing", message: "is being deleted", kstatus: "Terminating" },
	],
];

for (const [name, object, expected] of actions)
	t.test(`RequestedBackupAction: ${name}`, async (t) => {
		t.match(await shown(object), expected);
	});

t.test("ClusterBackupProcedureTemplate", async (t) => {
	const template = load(readFileSync("examples/template-pg13.yaml", "utf8")) as KubernetesObject & { metadata: object };
	t.match(await shown(template), { health: "Healthy", kstatus: "Current" });
	t.match(await shown(deleted(template)), {
		health: "Progressing",
		message: "is being deleted",
		kstatus: "Terminating",
	});
});

t.test("a check that needs a library which Argo CD does not open fails here too", async (t) => {
	t.match(await judge.ask(action(), "return {status = string.upper('healthy'), message = ''}"), { error: /^lua: / });
});

t.test("argocd-cm.yaml holds the same checks", async (t) => {
	const { data } = load(readFileSync("gitops/argocd/argocd-cm.yaml", "utf8")) as { data: Record<string, string> };
	for (const kind of KINDS)
		t.equal(data[`resource.customizations.health.riotkit.org_${kind}`], scripts.get(kind), kind);
});
