// The objects that a plan comes to.
import t from "tap";
import type { ScheduledBackup } from "../../src/api/types.ts";
import { actionJob } from "../../src/domain/action.ts";
import { desiredObjects } from "../../src/domain/desired.ts";
import { evaluateScheduledBackup } from "../../src/domain/evaluate.ts";
import type { ScheduledBackupFacts } from "../../src/domain/facts.ts";
import type { BackupPlan } from "../../src/domain/plan.ts";
import {
	facts,
	gpgKeys,
	plainBackup,
	secretMap,
	secretWith,
	seedAction,
	settings,
	template,
} from "../fixtures/seed.ts";

const planned = (object: ScheduledBackup, world: ScheduledBackupFacts = facts()): BackupPlan => {
	const { plan, report } = evaluateScheduledBackup(object, world, settings);
	if (plan === undefined) throw new Error(report.errors.map(({ message }) => message).join("\n"));
	return plan;
};

const restore = () => {
	const action = seedAction();
	return { ...action, spec: { ...action.spec, action: "restore" as const, targetVersion: "v3" } };
};

t.test("a CronJob only where one is wanted", async (t) => {
	const none = plainBackup();
	t.equal(desiredObjects(planned(none), none).cronJob, undefined);
	const disabled = plainBackup({ cronJob: { enabled: false } });
	t.equal(desiredObjects(planned(disabled), disabled).cronJob, undefined);
	const enabled = plainBackup({ cronJob: {} });
	t.match(desiredObjects(planned(enabled), enabled).cronJob?.spec, {
		schedule: "00 02 * * *",
		timeZone: "Etc/UTC",
		suspend: false,
		concurrencyPolicy: "Forbid",
		successfulJobsHistoryLimit: 3,
		failedJobsHistoryLimit: 1,
		startingDeadlineSeconds: undefined,
	});
});

t.test("what the schedule says is passed on", async (t) => {
	const cronJob = {
		scheduleEvery: "@daily",
		timeZone: "Europe/Warsaw",
		suspend: true,
		concurrencyPolicy: "Replace",
		startingDeadlineSeconds: 60,
		successfulJobsHistoryLimit: 0,
		failedJobsHistoryLimit: 7,
	};
	const object = plainBackup({ cronJob });
	const { scheduleEvery: schedule, ...rest } = cronJob;
	t.match(desiredObjects(planned(object), object).cronJob?.spec, { schedule, ...rest });
});

t.test("a plan without defaults still states every field", async (t) => {
	const object = plainBackup({ cronJob: {} });
	const plan = planned(object);
	const bare = { ...plan, scheduledBackup: { ...plan.scheduledBackup, metadata: {}, spec: object.spec } };
	const { cronJob, configMaps } = desiredObjects(bare, { ...object, metadata: {} });
	t.match(cronJob?.spec, { schedule: "00 02 * * *", timeZone: "Etc/UTC", suspend: false, concurrencyPolicy: "Forbid" });
	t.match(configMaps[0]?.metadata, { namespace: "", ownerReferences: [{ name: "", uid: "" }] });
	const nameless = { ...seedAction(), metadata: {} };
	t.match(actionJob(bare, nameless).metadata, { namespace: "", ownerReferences: [{ name: "", uid: "" }] });
	const withEnv = planned(plainBackup({ vars: "HelmValues: {env: {A: b}}" }));
	const bareEnv = { ...withEnv, scheduledBackup: { ...withEnv.scheduledBackup, metadata: {} } };
	t.match(desiredObjects(bareEnv, object).envSecret?.metadata, { namespace: "" });
});

t.test("only scripts that there are", async (t) => {
	const object = plainBackup();
	const { configMaps } = desiredObjects(planned(object, facts({ template: template("echo", " ") })), object);
	t.same(
		configMaps.map(({ data }) => data),
		[{ "backup.sh": "echo" }],
	);
});

t.test("names follow the content, and fit", async (t) => {
	const name = `${"very-long-name-".repeat(8)}end`;
	const object = {
		...plainBackup({ cronJob: {}, vars: "HelmValues: {env: {A: b}}" }),
		metadata: { name, namespace: "n", uid: "u" },
	};
	const plan = planned(object);
	const { configMaps, cronJob, envSecret } = desiredObjects(plan, object);
	t.equal(cronJob?.metadata?.name?.length, 52);
	t.match(envSecret?.metadata?.name, /-env$/);
	t.ok((configMaps[0]?.metadata?.name?.length ?? 999) <= 253);
	t.equal(configMaps[0]?.metadata?.labels?.["riotkit.org/scheduled-backup"]?.length, 63);
	const other = desiredObjects(planned(object, facts({ template: template("echo other") })), object);
	t.equal(other.configMaps.length, configMaps.length);
	t.not(other.configMaps[0]?.metadata?.name, configMaps[0]?.metadata?.name);
	t.equal(other.configMaps[1]?.metadata?.name, configMaps[1]?.metadata?.name);
	const action = { ...seedAction(), metadata: { name, namespace: "n", uid: "u" } };
	const job = actionJob(plan, action);
	t.equal(job.metadata?.name?.length, 63);
	const again = actionJob(plan, { ...action, metadata: { ...action.metadata, uid: "u2" } });
	t.not(again.metadata?.name, job.metadata?.name);
});

t.test("a restore: once, never two at a time, with the private key and the version", async (t) => {
	const plan = planned(plainBackup({ vars: "HelmValues: {backoffLimit: 5, ttlSecondsAfterFinished: 60}" }));
	const { spec } = actionJob(plan, restore());
	t.match(spec, { suspend: true, backoffLimit: 0, podReplacementPolicy: "Failed", activeDeadlineSeconds: undefined });
	t.equal(spec?.ttlSecondsAfterFinished, undefined);
	const pod = spec?.template.spec;
	t.match(pod?.volumes?.find(({ name }) => name === "gpg-key")?.secret?.items, [{ key: "key", path: "gpg-key" }]);
	t.match(pod?.containers[0]?.env, [{ name: "RESTORE_VERSION", value: "v3" }]);
	const { targetVersion: _version, ...latest } = restore().spec;
	t.same(actionJob(plan, { ...restore(), spec: latest }).spec?.template.spec?.containers[0]?.env, []);
});

t.test("a backup on request", async (t) => {
	const { spec, metadata } = actionJob(planned(plainBackup()), seedAction());
	t.match(spec, { suspend: true, backoffLimit: 2, podReplacementPolicy: "Failed", activeDeadlineSeconds: 86_400 });
	t.match(spec?.template.spec?.volumes?.find(({ name }) => name === "gpg-key")?.secret?.items, [{ key: "key.pub" }]);
	t.match(metadata?.ownerReferences, [{ kind: "RequestedBackupAction", controller: true, blockOwnerDeletion: true }]);
	t.match(spec?.template.metadata?.labels, {
		"riotkit.org/scheduled-backup": "app1",
		"riotkit.org/requested-backup-action": "app1-backup-x7x2f",
		"riotkit.org/job-tracking-id": seedAction().metadata.uid,
		"riotkit.org/operation": "backup",
	});
});

t.test("a scheduled restore", async (t) => {
	const object = plainBackup({ operation: "restore", cronJob: {} });
	const spec = desiredObjects(planned(object), object).cronJob?.spec?.jobTemplate.spec;
	t.match(spec, { suspend: false, backoffLimit: 0, podReplacementPolicy: "Failed", activeDeadlineSeconds: undefined });
});

t.test("without a key nothing is mounted", async (t) => {
	const plan = planned(plainBackup({ gpgKeySecretRef: undefined }), facts({ secrets: new Map() }));
	const pod = actionJob(plan, restore()).spec?.template.spec;
	t.same(
		pod?.volumes?.map(({ name }) => name),
		["script"],
	);
	t.same(
		pod?.containers[0]?.volumeMounts?.map(({ name }) => name),
		["script"],
	);
});

const OPTIONS = `
HelmValues:
  env: {LITERAL: "text", NUMBER: 5432}
  envFrom: [{secretRef: {name: sealed}}]
  image: registry.example.org/own:v2
  imagePullPolicy: Always
  imagePullSecrets: [{name: pull}]
  resources: {limits: {memory: 1Gi}}
  nodeSelector: {disk: ssd}
  tolerations: [{key: backup, operator: Exists}]
  affinity: {nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms: [{matchExpressions: [{key: a, operator: Exists}]}]}}}
  priorityClassName: low
  serviceAccountName: robot
  podLabels: {team: a}
  podAnnotations: {note: b}
  podSecurityContext: {fsGroup: 5}
  securityContext: {runAsNonRoot: true}
  volumes: [{name: scratch, emptyDir: {}}]
  volumeMounts: [{name: scratch, mountPath: /scratch}]
  activeDeadlineSeconds: 100
  backoffLimit: 1
  ttlSecondsAfterFinished: 60
`;

t.test("pod options", async (t) => {
	const object = plainBackup({
		cronJob: {},
		vars: OPTIONS,
		varsSecretRef: { secretName: "vars", importOnlyKeys: ["HelmValues.env.PGPASSWORD"] },
	});
	const secrets = secretMap(
		secretWith("keys", gpgKeys),
		secretWith("vars", { "HelmValues.env.PGPASSWORD": 5 }),
		secretWith("sealed", {}),
		secretWith("pull", {}),
	);
	const plan = planned(object, facts({ secrets }));
	const { cronJob, envSecret } = desiredObjects(plan, object);
	t.same(envSecret?.data, {
		LITERAL: Buffer.from("text").toString("base64"),
		NUMBER: Buffer.from("5432").toString("base64"),
	});
	const job = cronJob?.spec?.jobTemplate.spec;
	t.match(job, { activeDeadlineSeconds: 100, backoffLimit: 1, ttlSecondsAfterFinished: 60 });
	t.match(job?.template.metadata, {
		labels: { team: "a", "app.kubernetes.io/name": "backup-maker" },
		annotations: { note: "b" },
	});
	const pod = job?.template.spec;
	t.match(pod, {
		automountServiceAccountToken: true,
		serviceAccountName: "robot",
		imagePullSecrets: [{ name: "pull" }],
		nodeSelector: { disk: "ssd" },
		tolerations: [{ key: "backup", operator: "Exists" }],
		affinity: { nodeAffinity: {} },
		priorityClassName: "low",
		securityContext: { seccompProfile: { type: "RuntimeDefault" }, fsGroup: 5 },
		restartPolicy: "Never",
	});
	const container = pod?.containers[0];
	t.match(container, {
		name: "backup-maker",
		image: "registry.example.org/own:v2",
		imagePullPolicy: "Always",
		resources: { limits: { memory: "1Gi" } },
		securityContext: { allowPrivilegeEscalation: false, runAsNonRoot: true },
		env: [
			{
				name: "PGPASSWORD",
				valueFrom: { secretKeyRef: { name: "vars", key: "HelmValues.env.PGPASSWORD", optional: false } },
			},
		],
		envFrom: [{ secretRef: { name: "sealed" } }, { secretRef: { name: "app1-env", optional: false } }],
	});
	t.ok(container?.volumeMounts?.some(({ name }) => name === "scratch"));
	t.ok(pod?.volumes?.some(({ name }) => name === "scratch"));
});
