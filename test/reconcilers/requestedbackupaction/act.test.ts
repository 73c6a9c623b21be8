// Each step's one write: what it stores, and that it is refused where the object changed since it was looked at.
import t from "tap";
import {
	createJob,
	deleteStray,
	jobKey,
	setTimeToLive,
	startJob,
	storedJob,
	storeJob,
	storeProgress,
} from "../../../reconcilers/requestedbackupaction/act.ts";
import { JOB, REQUESTED_BACKUP_ACTION } from "../../../src/api/kinds.ts";
import type { Job } from "../../../src/api/kubernetes.ts";
import type { RequestedBackupAction } from "../../../src/api/types.ts";
import { jobFacts } from "../../../src/domain/status/facts.ts";
import { ConflictError, ForbiddenError } from "../../../src/kube/errors.ts";
import { HELD, setUp, TIME, touch } from "./acting.ts";
import { requested } from "./context.ts";

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
