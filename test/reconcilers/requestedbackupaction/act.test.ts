// Each step's one write: what it stores, and that it is refused where the object changed since it was looked at.
import t from "tap";
import {
	createJob,
	deleteStray,
	fail,
	finish,
	follow,
	jobKey,
	setTimeToLive,
	startJob,
	storedJob,
	storeJob,
	storeProgress,
} from "../../../reconcilers/requestedbackupaction/act.ts";
import { INDEX } from "../../../reconcilers/shared/context.ts";
import { JOB, POD, REQUESTED_BACKUP_ACTION } from "../../../src/api/kinds.ts";
import type { Job, KubernetesObject, Pod } from "../../../src/api/kubernetes.ts";
import type { RequestedBackupAction } from "../../../src/api/types.ts";
import { jobFacts, type PodFacts, podFacts } from "../../../src/domain/status/facts.ts";
import { ConflictError, ForbiddenError } from "../../../src/kube/errors.ts";
import { createWorld } from "../world.ts";
import { contextOf, requested } from "./context.ts";

const TIME = "2026-03-01T12:00:00Z";
const EARLIER = "2026-03-01T11:58:00Z";
const HELD: Job = {
	metadata: {
		name: "job",
		namespace: "default",
		uid: "job-uid",
		labels: { "riotkit.org/scheduled-backup": "app" },
	},
	spec: { template: {}, suspend: true },
};
const LABEL = "default/app";

/** A world with the Job and the action; what the watches are told and what Events say is kept. */
const setUp = (status: RequestedBackupAction["status"] = {}, job: Job = HELD, pods: PodFacts[] = []) => {
	const world = createWorld();
	const told: KubernetesObject[] = [];
	const recorded: unknown[][] = [];
	const store = {
		get: () => undefined,
		byIndex: (index: string, value: string) => (index === INDEX.label && value === LABEL ? pods : []),
		wrote: (object: KubernetesObject) => void told.push(object),
	};
	const context = {
		...contextOf(world, { jobs: store, actions: store, pods: store }),
		events: { record: async (_object: unknown, ...said: unknown[]) => void recorded.push(said) },
	} as ReturnType<typeof contextOf>;
	const action = world.put(REQUESTED_BACKUP_ACTION, { ...requested("restore"), status });
	const seen = jobFacts(world.put(JOB, job));
	world.writes.length = 0;
	const stored = (): RequestedBackupAction["status"] => world.get(REQUESTED_BACKUP_ACTION, "run")?.status;
	return { world, context, action, seen, told, recorded, stored, job: () => world.get(JOB, "job") };
};

/** Somebody changes the Job after it was looked at. */
const touch = ({ world }: ReturnType<typeof setUp>): Job => world.put(JOB, HELD);

t.test("a Job is released in the version that was looked at, with the time of the release", async (t) => {
	const { context, seen, job, told } = setUp();
	await startJob(context, seen);
	t.match(job(), { spec: { suspend: false }, metadata: { annotations: { "riotkit.org/started": TIME } } });
	t.match(told, [{ metadata: { uid: "job-uid" }, suspended: false }]);
});

t.test("a Job that was changed since it was looked at is not released", async (t) => {
	const all = setUp();
	touch(all);
	await t.rejects(startJob(all.context, all.seen), ConflictError);
	t.equal(all.job()?.spec?.suspend, true);
	t.same(all.told, []);
});

t.test("another Job of the name is not released", async (t) => {
	const all = setUp();
	all.world.put(JOB, { ...HELD, metadata: { ...HELD.metadata, uid: "other-uid" } });
	await t.rejects(startJob(all.context, all.seen), ConflictError);
	t.equal(all.job()?.spec?.suspend, true);
});

t.test("a stray Job is deleted as it was seen to be, and no other", async (t) => {
	const all = setUp();
	touch(all);
	await t.rejects(deleteStray(all.context, all.seen), ConflictError);
	const current = jobFacts(all.job() as Job);
	t.equal(await deleteStray(all.context, current), true);
	t.equal(all.job(), undefined);
	t.equal(await deleteStray(all.context, current), false, "it was gone");
});

t.test("a Job's time to live is set whatever else was changed, but not on another Job of the name", async (t) => {
	const all = setUp();
	touch(all);
	await setTimeToLive(all.context, all.seen, 60);
	t.equal(all.job()?.spec?.ttlSecondsAfterFinished, 60);
	t.match(all.told, [{ timeToLive: 60 }]);
	all.world.put(JOB, { ...HELD, metadata: { ...HELD.metadata, uid: "other-uid" } });
	await t.rejects(setTimeToLive(all.context, all.seen, 60), ConflictError);
});

t.test("a Job's UID is stored", async (t) => {
	const { context, action, seen, stored, told } = setUp();
	await storeJob(context, action, seen);
	t.match(stored(), {
		phase: "Pending",
		jobName: "job",
		jobUID: "job-uid",
		processed: true,
		message: 'Job "job" is about to start',
		conditions: [{ reason: "Starting" }],
	});
	t.ok(told.length > 0, "the watches know");
});

const unstorable: Record<string, Partial<RequestedBackupAction>> = {
	"is being deleted": { metadata: { ...requested("restore").metadata, deletionTimestamp: "x" } },
	"has succeeded": { status: { phase: "Succeeded" } },
	"has failed": { status: { phase: "Failed" } },
	"has a Job already": { status: { phase: "Pending", jobUID: "other-uid" } },
	"is another one of its name": { metadata: { ...requested("restore").metadata, uid: "other-uid" } },
};
for (const [name, change] of Object.entries(unstorable))
	t.test(`no UID is stored where the action ${name}, which the watch does not show yet`, async (t) => {
		const { world, context, action, seen, stored, told } = setUp();
		world.put(REQUESTED_BACKUP_ACTION, { ...action, ...change });
		await storeJob(context, action, seen);
		t.same(world.writes, []);
		t.same(stored(), change.status ?? {});
		t.equal(told.length, name.includes("another") ? 0 : 1, "the watch is told of the action, unless it is another one");
	});

t.test("no UID is stored where the action is gone", async (t) => {
	const { world, context, action, seen } = setUp();
	await world.kube.delete(REQUESTED_BACKUP_ACTION, { name: "run" }, { uid: "run-uid" });
	world.writes.length = 0;
	await storeJob(context, action, seen);
	t.same(world.writes, []);
});

t.test(
	"progress is stored where it is new, over the version that was read, and told to the watch without its managers",
	async (t) => {
		const { world, context, action, told } = setUp();
		const progress = { phase: "Pending", reason: "Queued", message: "waits" } as const;
		const { replaceStatus } = world.kube;
		world.kube.replaceStatus = async (kind, object) => {
			const stored = await replaceStatus(kind, object);
			return { ...stored, metadata: { ...stored.metadata, managedFields: [{ manager: "x" }] } };
		};
		t.equal(await storeProgress(context, action, progress), true);
		t.match(told, [{ status: { phase: "Pending", message: "waits" }, metadata: { name: "run" } }]);
		t.notOk("managedFields" in (told[0]?.metadata ?? {}));
		const current = world.get(REQUESTED_BACKUP_ACTION, "run") as RequestedBackupAction;
		t.equal(await storeProgress(context, current, progress), false);
		t.equal(world.writes.length, 1, "the same is not written again");
		await t.rejects(storeProgress(context, action, { ...progress, message: "other" }), ConflictError);
	},
);

t.test("a Job is made, or the one that has its name is taken note of", async (t) => {
	const { world, context, action, told } = setUp();
	const { name } = jobKey(action);
	const made = { ...HELD, metadata: { ...HELD.metadata, name, uid: "first-uid" } };
	await createJob(context, action, made);
	t.equal(world.get(JOB, name)?.metadata?.uid, "first-uid");
	await createJob(context, action, { ...made, metadata: { ...made.metadata, uid: "second-uid" } });
	t.equal(world.get(JOB, name)?.metadata?.uid, "first-uid", "the first one stays");
	t.match(told, [{ metadata: { uid: "first-uid" } }, { metadata: { uid: "first-uid" } }]);
});

t.test("a Job that may not be made is told of", async (t) => {
	const { world, context, action, told } = setUp();
	world.kube.create = () => Promise.reject(new ForbiddenError("no", { operation: "create jobs" }));
	await t.rejects(createJob(context, action, HELD), ForbiddenError);
	t.same(told, []);
});

t.test("the Job that status names", async (t) => {
	t.strictSame(storedJob(requested("restore")), {});
	t.strictSame(storedJob({ ...requested("restore"), status: { jobUID: "u", jobName: "n" } }), {
		job: { name: "n", uid: "u" },
	});
});

const podOf = (name: string, owner: string, status: object): PodFacts =>
	podFacts({
		metadata: {
			name,
			namespace: "default",
			uid: `${name}-uid`,
			creationTimestamp: EARLIER,
			ownerReferences: [{ apiVersion: "batch/v1", kind: "Job", name: "job", uid: owner, controller: true }],
		},
		status,
	} as unknown as Pod);
const STUCK = {
	phase: "Pending",
	conditions: [{ type: "PodScheduled", status: "True" }],
	containerStatuses: [
		{ name: "backup", state: { waiting: { reason: "ImagePullBackOff", message: "no such image" } }, restartCount: 0 },
	],
};
const running: Job = { ...HELD, spec: { template: {} }, status: { startTime: EARLIER } };
const follows: {
	name: string;
	job: Job;
	before?: RequestedBackupAction["status"];
	pods?: PodFacts[];
	wanted: object;
}[] = [
	{
		name: "one that runs",
		job: running,
		wanted: { phase: "Running", healthy: true, startTime: EARLIER, message: 'Job "job" runs' },
	},
	{
		name: "one that is about to start",
		job: { ...HELD, spec: { template: {} } },
		wanted: { phase: "Pending", healthy: true, message: 'Job "job" is about to start' },
	},
	{
		name: "one that ran, and lost its start time",
		job: { ...HELD, spec: { template: {} } },
		before: { phase: "Running" },
		wanted: { phase: "Running", healthy: true },
	},
	{
		name: "one that was suspended",
		job: HELD,
		wanted: { healthy: false, message: 'Job "job" was suspended by somebody after it had started' },
	},
	{
		name: "one whose pod is stuck",
		job: running,
		pods: [podOf("pod", "job-uid", STUCK)],
		wanted: { phase: "Running", healthy: false, message: /no such image|ImagePullBackOff/ },
	},
	{
		name: "one beside a stuck pod of another Job",
		job: running,
		pods: [podOf("pod", "other-uid", STUCK)],
		wanted: { phase: "Running", healthy: true, message: 'Job "job" runs' },
	},
];
for (const { name, job, before, pods, wanted } of follows)
	t.test(`status follows ${name}`, async (t) => {
		const { context, action, seen, stored } = setUp(before, job, pods);
		const search = await follow(context, action, seen);
		t.match(stored(), { ...wanted, jobName: "job", jobUID: "job-uid" });
		t.equal(search.trouble !== undefined, name.includes("whose pod is stuck"));
		t.equal("startTime" in (stored() ?? {}), job === running);
	});

const ended = (type: string, more: object = {}): Job => ({
	...running,
	status: {
		...running.status,
		conditions: [
			{ type, status: "True", reason: "BackoffLimitExceeded", message: "", lastTransitionTime: TIME, ...more },
		],
	} as unknown as NonNullable<Job["status"]>,
});

t.test("a success is stored, and said", async (t) => {
	const { context, action, seen, stored, recorded } = setUp({}, ended("Complete"));
	await finish(context, action, seen);
	t.match(stored(), { phase: "Succeeded", startTime: EARLIER, completionTime: TIME, jobUID: "job-uid" });
	t.same(recorded, [["Normal", "Succeeded", 'Job "job" succeeded']]);
});

t.test("a failure is stored and said with what its pods tell, read for its own UID", async (t) => {
	const { world, context, action, seen, stored, recorded } = setUp(
		{},
		ended("Failed", { lastTransitionTime: undefined }),
	);
	const asked: unknown[] = [];
	const { list } = world.kube;
	world.kube.list = (kind, options) => {
		if ((kind as { plural: string }).plural === POD.plural) asked.push(options);
		return list(kind, options);
	};
	const terminated = { state: { terminated: { reason: "Error", exitCode: 3 } }, name: "backup", restartCount: 0 };
	world.put(POD, {
		metadata: {
			name: "pod",
			namespace: "default",
			ownerReferences: [{ apiVersion: "batch/v1", kind: "Job", name: "job", uid: "job-uid", controller: true }],
		},
		status: { phase: "Failed", containerStatuses: [terminated] },
	} as unknown as Pod);
	await finish(context, action, seen);
	t.same(asked, [{ namespace: "default", labelSelector: "batch.kubernetes.io/controller-uid=job-uid" }]);
	t.match(stored(), {
		phase: "Failed",
		completionTime: TIME,
		failureReason: "ContainerFailed",
		message: /exit code 3/,
	});
	t.match(recorded, [["Warning", "ContainerFailed", /exit code 3/]]);
});

t.test("a failure that no Job told keeps the Job that was stored", async (t) => {
	const { context, action, stored, recorded } = setUp({ phase: "Running", jobName: "job", jobUID: "job-uid" });
	await fail(context, action, "JobDeleted", "the Job was deleted");
	t.match(stored(), { phase: "Failed", failureReason: "JobDeleted", jobUID: "job-uid", completionTime: TIME });
	t.same(recorded, [["Warning", "JobDeleted", "the Job was deleted"]]);
});
