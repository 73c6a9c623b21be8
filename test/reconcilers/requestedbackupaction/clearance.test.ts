// What is looked at before a Job is released, each as the API server has it then and whatever the watches showed.
import t from "tap";
import { clearToStart } from "../../../reconcilers/requestedbackupaction/clearance.ts";
import { prepareJob } from "../../../reconcilers/requestedbackupaction/prepare.ts";
import {
	CONFIG_MAP,
	CRON_JOB,
	JOB,
	POD,
	REQUESTED_BACKUP_ACTION,
	SCHEDULED_BACKUP,
	SECRET,
} from "../../../src/api/kinds.ts";
import type { CronJob, Job, Pod } from "../../../src/api/kubernetes.ts";
import type { RequestedBackupActionStatus } from "../../../src/api/types.ts";
import { jobFacts } from "../../../src/domain/status/facts.ts";
import type { World } from "../world.ts";
import { contextOf, NOW, putScript, readyBackup, readyWorld, requested } from "./context.ts";

const ENVIRONMENT = {
	cronJob: undefined,
	vars: "Params: {host: a}\nRepository: {url: https://b}\nHelmValues: {env: {PGPORT: '5432'}}\n",
};

/** A world in which the Job of a restore is made and stored, and nothing is in its way. */
const held = async (spec: object = { cronJob: undefined }, operation: "backup" | "restore" = "restore") => {
	const world = readyWorld(readyBackup(spec as Record<string, unknown>));
	const context = contextOf(world);
	for (let preparation = await prepareJob(context, requested(operation)); ; ) {
		if ("job" in preparation) {
			const job = world.put(JOB, { ...preparation.job, metadata: { ...preparation.job.metadata, uid: "job-uid" } });
			const status: RequestedBackupActionStatus = { jobUID: "job-uid", phase: "Pending" };
			const action = world.put(REQUESTED_BACKUP_ACTION, { ...requested(operation), status });
			return { world, context, job, action, clearance: () => clearToStart(context, action, jobFacts(job)) };
		}
		const [, kind, name] =
			/^(ConfigMap|Secret) "(.*?)"/.exec("wait" in preparation ? preparation.wait.message : "") ?? [];
		if (kind === undefined || name === undefined) throw new Error(JSON.stringify(preparation));
		if (kind === "Secret") world.put(SECRET, { metadata: { name, namespace: "default" } });
		else putScript(world, name);
		preparation = await prepareJob(context, requested(operation));
	}
};

const drop = (world: World, kind: typeof CONFIG_MAP | typeof SECRET, job: Job): Promise<boolean> => {
	const { volumes = [], containers = [] } = job.spec?.template.spec ?? {};
	const name =
		kind === CONFIG_MAP
			? volumes.find(({ configMap }) => configMap !== undefined)?.configMap?.name
			: containers[0]?.envFrom?.[0]?.secretRef?.name;
	const uid = world.get<object>(kind as never, name ?? "") as { metadata: { uid: string } };
	return world.kube.delete(kind, { name: name ?? "" }, { uid: uid.metadata.uid });
};

t.test("all is well: the Job may be released in the version that was looked at", async (t) => {
	const { clearance, job } = await held();
	t.match(await clearance(), { job: { metadata: { uid: "job-uid", resourceVersion: job.metadata?.resourceVersion } } });
});

t.test("the script is not there", async (t) => {
	const { world, job, clearance } = await held();
	await drop(world, CONFIG_MAP, job);
	t.match(await clearance(), {
		wait: { reason: "WaitingForScript", message: /^ConfigMap "app-restore-.*" does not exist/ },
	});
});

t.test("the author's variables are not there", async (t) => {
	const { world, job, clearance } = await held(ENVIRONMENT);
	t.match(await clearance(), { job: {} });
	await drop(world, SECRET, job);
	t.match(await clearance(), { wait: { reason: "WaitingForScript", message: /^Secret "app-env" does not exist/ } });
});

t.test("the ScheduledBackup is gone, or goes", async (t) => {
	const { world, clearance } = await held();
	world.put(SCHEDULED_BACKUP, readyBackup({}, { deletionTimestamp: "x" }));
	t.match(await clearance(), { wait: { message: /is being deleted/ } });
	await world.kube.delete(SCHEDULED_BACKUP, { name: "app" }, { uid: "app-uid" });
	t.match(await clearance(), { wait: { message: /does not exist/ } });
});

t.test("the ScheduledBackup was made anew, or edited, since the Job was made", async (t) => {
	const { world, job, clearance } = await held();
	world.put(SCHEDULED_BACKUP, readyBackup({ cronJob: { scheduleEvery: "@daily", suspend: true } }));
	world.put(CRON_JOB, cronJob("@daily", 60));
	t.match(await clearance(), { job: {} }, "its schedule does not matter");
	world.put(SCHEDULED_BACKUP, readyBackup({ cronJob: undefined }, { uid: "other-uid" }));
	t.match(await clearance(), {
		failure: { reason: "NeverStarted", message: /created anew/ },
		job: { metadata: { uid: "job-uid", resourceVersion: job.metadata?.resourceVersion } },
	});
	world.put(SCHEDULED_BACKUP, readyBackup({ cronJob: undefined, collectionId: "collection-2" }));
	t.match(await clearance(), { failure: { reason: "NeverStarted", message: /was edited/ } });
});

const withdrawn: Record<string, { metadata?: object; status?: RequestedBackupActionStatus }> = {
	"is being deleted": { metadata: { deletionTimestamp: "x" } },
	"is another one of its name": { metadata: { uid: "other-uid" } },
	"is over": { status: { phase: "Failed", jobUID: "job-uid" } },
	"has another Job stored": { status: { phase: "Pending", jobUID: "other-uid" } },
};
for (const [name, { metadata, status }] of Object.entries(withdrawn))
	t.test(`the action ${name}, which the watch does not show yet`, async (t) => {
		const { world, action, clearance } = await held();
		world.put(REQUESTED_BACKUP_ACTION, {
			...action,
			metadata: { ...action.metadata, ...metadata },
			status: status ?? action.status ?? {},
		});
		t.same(await clearance(), { outdated: true });
	});

t.test("the action is gone", async (t) => {
	const { world, clearance } = await held();
	await world.kube.delete(REQUESTED_BACKUP_ACTION, { name: "run" }, { uid: "run-uid" });
	t.same(await clearance(), { outdated: true });
});

t.test("the Job is no longer the action's", async (t) => {
	const { world, job, clearance } = await held();
	world.put(JOB, { ...job, metadata: { ...job.metadata, ownerReferences: [] } });
	t.strictSame(await clearance(), {
		wait: {
			reason: "Conflict",
			troubled: true,
			message: `Job "${job.metadata?.name}" is no longer controlled by this action, so it is not started; delete the action and create another`,
		},
	});
});

t.test("the Job was released by another controller, was replaced, or is gone", async (t) => {
	const { world, job, clearance } = await held();
	const spec = job.spec as NonNullable<Job["spec"]>;
	world.put(JOB, { ...job, spec: { ...spec, suspend: false } });
	t.same(await clearance(), { outdated: true });
	world.put(JOB, { ...job, metadata: { ...job.metadata, annotations: { "riotkit.org/started": "t" } } });
	t.same(await clearance(), { outdated: true });
	world.put(JOB, { ...job, metadata: { ...job.metadata, uid: "other-uid" } });
	t.same(await clearance(), { outdated: true });
	await world.kube.delete(JOB, { name: job.metadata?.name ?? "" }, { uid: "other-uid" });
	t.same(await clearance(), { outdated: true });
});

const at = (seconds: number): string => new Date(NOW.getTime() + seconds * 1000).toISOString();

/** Suspended by us so many seconds ago. */
const cronJob = (schedule: string, suspendedAgo: number, lastScheduleTime?: string): CronJob =>
	({
		metadata: {
			name: "app",
			namespace: "default",
			creationTimestamp: at(-3600),
			managedFields: [
				{ manager: "kube-controller-manager", subresource: "status", time: at(0) },
				{ manager: "backup-maker-controller", time: at(-suspendedAgo) },
			],
			ownerReferences: [{ kind: "ScheduledBackup", name: "app", uid: "app-uid", controller: true }],
		},
		spec: { schedule, suspend: true },
		...(lastScheduleTime === undefined ? {} : { status: { lastScheduleTime } }),
	}) as unknown as CronJob;

// It is 12:00:00.
const schedules: { name: string; found: CronJob; waits: number | undefined }[] = [
	{ name: "a run is due now", found: cronJob("0 12 * * *", 1), waits: 10 },
	{ name: "a run is due now, and it was suspended long ago", found: cronJob("0 12 * * *", 20), waits: undefined },
	{ name: "a run was missed", found: cronJob("30 11 * * *", 3), waits: 8 },
	{ name: "the last run is recorded", found: cronJob("30 11 * * *", 3, at(-1800)), waits: undefined },
	{ name: "no run is near", found: cronJob("30 12 * * *", 0), waits: undefined },
	{ name: "an interval ends", found: cronJob("@every 1h", 0), waits: 11 },
	{ name: "a schedule that we cannot read", found: cronJob("TZ=UTC 0 0 1 1 *", 1), waits: 10 },
];
for (const { name, found, waits } of schedules)
	t.test(`suspended, and ${name}`, async (t) => {
		const { world, clearance } = await held({});
		world.put(CRON_JOB, found);
		const reason = "WaitingForCronJob";
		t.match(await clearance(), waits === undefined ? { job: {} } : { wait: { reason, after: waits } });
	});

const scheduled = (name: string, operation: string): Job => ({
	metadata: {
		name,
		namespace: "default",
		uid: `${name}-uid`,
		labels: { "riotkit.org/scheduled-backup": "app", "riotkit.org/operation": operation },
		ownerReferences: [{ apiVersion: "batch/v1", kind: "CronJob", name: "app", uid: "cron-uid", controller: true }],
	},
	spec: { template: {}, suspend: false },
});

t.test("a backup waits for a scheduled restore that has no pod yet, and for no scheduled backup", async (t) => {
	const { world, clearance } = await held({ cronJob: undefined }, "backup");
	world.put(JOB, scheduled("backup-1", "backup"));
	t.match(await clearance(), { job: {} });
	world.put(JOB, scheduled("restore-1", "restore"));
	t.match(await clearance(), { wait: { reason: "WaitingForJob", message: /^Waits until Job "restore-1" has ended/ } });
	world.put(JOB, { ...scheduled("restore-1", "restore"), spec: { template: {}, suspend: true } });
	t.match(await clearance(), { job: {} }, "one that is held waits for us");
});

t.test("a backup of what a schedule restores waits until that schedule stands still", async (t) => {
	const { world, clearance } = await held({ operation: "restore" }, "backup");
	const running = cronJob("@daily", 60);
	world.put(CRON_JOB, { ...running, spec: { ...running.spec, suspend: false } } as CronJob);
	t.match(await clearance(), { wait: { reason: "WaitingForCronJob", message: /being suspended; the backup waits/ } });
	world.put(CRON_JOB, running);
	t.match(await clearance(), { job: {} });
	const ordinary = await held({}, "backup");
	ordinary.world.put(CRON_JOB, { ...running, spec: { ...running.spec, suspend: false } } as CronJob);
	t.match(await ordinary.clearance(), { job: {} }, "no other schedule is waited for");
});

/** A pod of a run of `app`. */
const podOf = (operation: string, phase: string, owner = "earlier-uid") =>
	({
		metadata: {
			name: "pod",
			namespace: "default",
			labels: { "riotkit.org/scheduled-backup": "app", "riotkit.org/operation": operation },
			ownerReferences: [{ apiVersion: "batch/v1", kind: "Job", name: "job", uid: owner, controller: true }],
		},
		status: { phase },
	}) as unknown as Pod;
const pods: [name: string, action: "backup" | "restore", pod: Pod, waits: boolean][] = [
	["a restore, and a backup still runs", "restore", podOf("backup", "Running"), true],
	["a restore, and a pod that has not begun", "restore", podOf("backup", "Pending"), true],
	["a restore, and a pod that has succeeded", "restore", podOf("backup", "Succeeded"), false],
	["a restore, and a pod that has failed", "restore", podOf("restore", "Failed"), false],
	["a restore, and a pod of its own Job", "restore", podOf("restore", "Running", "job-uid"), false],
	["a backup, and a backup still runs", "backup", podOf("backup", "Running"), false],
	["a backup, and a restore still runs", "backup", podOf("restore", "Running"), true],
];
for (const [name, operation, pod, waits] of pods)
	t.test(`pods that outlive their Job: ${name}`, async (t) => {
		const { world, clearance } = await held({ cronJob: undefined }, operation);
		const asked: unknown[] = [];
		const { list } = world.kube;
		world.kube.list = (kind, options) => {
			asked.push(options);
			return list(kind, options);
		};
		world.put(POD, pod);
		const message = 'Waits until pod "pod" of an earlier run has ended';
		t.match(await clearance(), waits ? { wait: { reason: "WaitingForPod", message } } : { job: {} });
		const options = { namespace: "default", labelSelector: "riotkit.org/scheduled-backup=app" };
		t.strictSame(asked, [options, options]);
	});

const runs: [name: string, action: "backup" | "restore", job: object, waits: boolean][] = [
	["a restore, and a backup runs", "restore", scheduled("run", "backup"), true],
	[
		"a restore, and a backup that has ended",
		"restore",
		{ ...scheduled("run", "backup"), status: { conditions: [{ type: "Complete", status: "True" }] } },
		false,
	],
	[
		"a restore, and a backup that is held",
		"restore",
		{ ...scheduled("run", "backup"), spec: { template: {}, suspend: true } },
		false,
	],
	["a backup, and a scheduled backup runs", "backup", scheduled("run", "backup"), false],
	[
		"a backup, and the backup of another action runs",
		"backup",
		{
			...scheduled("run", "backup"),
			metadata: {
				...scheduled("run", "backup").metadata,
				ownerReferences: [{ apiVersion: "x", kind: "RequestedBackupAction", name: "o", uid: "o", controller: true }],
			},
		},
		true,
	],
];
for (const [name, operation, job, waits] of runs)
	t.test(`Jobs in the way: ${name}`, async (t) => {
		const { world, clearance } = await held({ cronJob: undefined }, operation);
		world.put(JOB, job as Job);
		const message = 'Waits until Job "run" has ended; delete that Job to go on without it';
		t.match(await clearance(), waits ? { wait: { reason: "WaitingForJob", message } } : { job: {} });
	});
