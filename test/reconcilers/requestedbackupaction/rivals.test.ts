// Two actions whose Jobs wait to be released: one goes first, and the other cannot start from what it saw before.
import t from "tap";
import { startJob } from "../../../reconcilers/requestedbackupaction/act.ts";
import { precedingJob } from "../../../reconcilers/requestedbackupaction/rivals.ts";
import { JOB, REQUESTED_BACKUP_ACTION } from "../../../src/api/kinds.ts";
import type { Job } from "../../../src/api/kubernetes.ts";
import type { RequestedBackupAction } from "../../../src/api/types.ts";
import { type JobFacts, jobFacts } from "../../../src/domain/status/facts.ts";
import { ConflictError } from "../../../src/kube/errors.ts";
import { createWorld, type World } from "../world.ts";
import { contextOf, requested } from "./context.ts";

const putJob = (world: World, action: string, spec: object, status: object = {}): Job =>
	world.put(JOB, {
		metadata: {
			name: `job-of-${action}`,
			namespace: "default",
			uid: `job-of-${action}-uid`,
			ownerReferences: [{ kind: "RequestedBackupAction", name: action, uid: `${action}-uid`, controller: true }],
		},
		spec: { template: {}, ...spec },
		status,
	} as unknown as Job);

const putAction = (world: World, name: string, created: string, more: object = {}, status: object = {}) =>
	world.put(REQUESTED_BACKUP_ACTION, {
		...requested("restore", { name, uid: `${name}-uid`, creationTimestamp: created, ...more }),
		status: { jobUID: `job-of-${name}-uid`, phase: "Pending", ...status },
	} as RequestedBackupAction);

const EARLIER = "2026-03-01T11:58:59Z";
const SAME = "2026-03-01T11:59:00Z";
const LATER = "2026-03-01T11:59:01Z";

interface Row {
	name: string;
	/** The other action, whose Job is there; undefined where it is gone. */
	rival: [name: string, created: string, metadata?: object, status?: object] | undefined;
	job?: { spec: object; status?: object };
	/** Whether the other goes first. */
	precedes: boolean;
	/** Whether the other's release is taken out of its hands. */
	fenced: boolean;
}

const held = { suspend: true };
const rows: Row[] = [
	{ name: "an older one", rival: ["other", EARLIER], precedes: true, fenced: false },
	{ name: "a younger one", rival: ["other", LATER], precedes: false, fenced: true },
	{ name: "of the same second, by name before", rival: ["other", SAME], precedes: true, fenced: false },
	{ name: "of the same second, by name after", rival: ["zebra", SAME], precedes: false, fenced: true },
	{
		name: "an older one that has not stored its Job yet",
		rival: ["other", EARLIER, {}, { jobUID: undefined }],
		precedes: false,
		fenced: true,
	},
	{
		name: "an older one that is over",
		rival: ["other", EARLIER, {}, { phase: "Failed" }],
		precedes: false,
		fenced: false,
	},
	{
		name: "an older one that is being deleted",
		rival: ["other", EARLIER, { deletionTimestamp: SAME }],
		precedes: false,
		fenced: false,
	},
	{ name: "one made anew under its name", rival: ["other", EARLIER, { uid: "x" }], precedes: false, fenced: false },
	{ name: "one that is gone", rival: undefined, precedes: false, fenced: false },
	{ name: "an older one that runs", rival: ["other", EARLIER], job: { spec: {} }, precedes: false, fenced: false },
	{
		name: "an older one whose Job has failed while suspended",
		rival: ["other", EARLIER],
		job: { spec: held, status: { conditions: [{ type: "Failed", status: "True" }] } },
		precedes: false,
		fenced: false,
	},
];

for (const { name, rival, job = { spec: held }, precedes, fenced } of rows)
	t.test(name, async (t) => {
		const world = createWorld();
		const own = putAction(world, "run", SAME);
		if (rival !== undefined) putAction(world, ...rival);
		const jobs = [putJob(world, "run", held), putJob(world, rival?.[0] ?? "other", job.spec, job.status)].map(jobFacts);
		const found = await precedingJob(contextOf(world), own, jobs);
		t.equal(found?.metadata.name, precedes ? "job-of-other" : undefined);
		t.same(world.writes, fenced ? [`patch jobs job-of-${rival?.[0]}`] : []);
	});

t.test("a Job of the schedule is no rival", async (t) => {
	const world = createWorld();
	const own = putAction(world, "run", SAME);
	const ownerReferences = [{ kind: "CronJob", name: "app", uid: "u", controller: true }];
	const job = { metadata: { name: "app-1", ownerReferences }, spec: { template: {}, ...held } } as unknown as Job;
	t.equal(await precedingJob(contextOf(world), own, [jobFacts(job)]), undefined);
	t.same(world.writes, []);
});

t.test("whoever was released meanwhile is met as a conflict", async (t) => {
	const world = createWorld();
	const own = putAction(world, "run", SAME);
	putAction(world, "other", LATER);
	const seen = jobFacts(putJob(world, "other", held));
	putJob(world, "other", { suspend: false });
	await t.rejects(precedingJob(contextOf(world), own, [seen]), ConflictError);
});

t.test("two that look at the same time: exactly one can start from what it saw", async (t) => {
	const world = createWorld();
	const [first, second] = [putAction(world, "a", SAME), putAction(world, "b", SAME)];
	const seen = [putJob(world, "a", held), putJob(world, "b", held)].map(jobFacts);
	const context = contextOf(world);
	t.equal((await precedingJob(context, second, seen))?.metadata.name, "job-of-a");
	t.equal(await precedingJob(context, first, seen), undefined);
	const [ofFirst, ofSecond] = seen as [JobFacts, JobFacts];
	const isHeld = async (name: string) => (await world.kube.get(JOB, { namespace: "default", name }))?.spec?.suspend;
	await t.rejects(startJob(context, ofSecond), ConflictError);
	t.equal(await isHeld("job-of-b"), true, "the second is not released");
	await startJob(context, ofFirst);
	t.equal(await isHeld("job-of-a"), false);
});
