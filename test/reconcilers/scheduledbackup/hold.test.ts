// Scheduled runs that begin over a restore are suspended, and resumed when it has ended; nobody else's Jobs are touched.
import t from "tap";
import { holdRuns } from "../../../reconcilers/scheduledbackup/hold.ts";
import type { Context } from "../../../reconcilers/shared/context.ts";
import { JOB } from "../../../src/api/kinds.ts";
import type { CronJob, Job } from "../../../src/api/kubernetes.ts";
import type { RequestedBackupAction } from "../../../src/api/types.ts";
import { ACTION_LABEL, OPERATION_LABEL } from "../../../src/domain/objects/labels.ts";
import {
	cronJobFacts,
	HELD_ANNOTATION,
	type JobFacts,
	jobFacts,
	type PodFacts,
} from "../../../src/domain/status/facts.ts";
import { complete, type JobSample, job, pod, scheduledBackup } from "../../domain/status/samples.ts";
import { createWorld } from "../world.ts";

const cronJob = cronJobFacts({ metadata: { name: "app1", uid: "cron-uid" } } as CronJob);
const HELD = { annotations: { [HELD_ANNOTATION]: "true" }, suspend: true };
const restore = (more: JobSample = {}): JobSample => ({
	name: "restore",
	owner: ["RequestedBackupAction", "r1", "r1-uid"],
	labels: { [OPERATION_LABEL]: "restore" },
	...more,
});
const restorePod = pod(
	{ phase: "Running" },
	{ job: "gone", labels: { [OPERATION_LABEL]: "restore", [ACTION_LABEL]: "r1" } },
);

const setUp = (samples: JobSample[], seen: { pods?: PodFacts[]; actions?: RequestedBackupAction[] } = {}) => {
	const world = createWorld();
	const jobs = samples.map((sample) => {
		const { metadata, suspended } = job(sample);
		const stored = world.put(JOB, { metadata, spec: { template: {}, suspend: suspended } } as Job);
		return { ...job(sample), metadata: stored.metadata as JobFacts["metadata"] };
	});
	const wrote: JobFacts[] = [];
	const context = {
		kube: world.kube,
		watches: {
			jobs: { byIndex: () => jobs, wrote: (facts: JobFacts) => wrote.push(facts) },
			pods: { byIndex: () => seen.pods ?? [] },
			actions: { byIndex: () => seen.actions ?? [] },
		},
	} as unknown as Context;
	const hold = (schedule: typeof cronJob | undefined = cronJob) => holdRuns(context, scheduledBackup(), schedule);
	return { world, hold, wrote, jobOf: (name: string) => jobFacts(world.get(JOB, name) as Job) };
};

t.test("a run that begins over a restore is suspended, and marked", async (t) => {
	const { world, hold, wrote, jobOf } = setUp([restore(), { name: "late" }]);
	t.same(await hold(), ["late"]);
	t.same(world.writes, ["patch jobs late"]);
	t.match(jobOf("late"), { suspended: true, metadata: { annotations: { [HELD_ANNOTATION]: "true" } } });
	t.same(wrote, [jobOf("late")], "the watch need not tell");
});

t.test("a pod that outlives its restore counts", async (t) => {
	t.same(await setUp([{ name: "late" }], { pods: [restorePod] }).hold(), ["late"]);
});

t.test("what is left alone", async (t) => {
	const rows: Record<string, JobSample[]> = {
		"no restore runs": [{ name: "run" }],
		"the restore was not let go yet: it waits for the run": [restore({ suspend: true }), { name: "run" }],
		"the restore has ended": [restore({ conditions: [complete()] }), { name: "run" }],
		"a backup of an action": [restore(), { name: "own", owner: ["RequestedBackupAction", "b", "b-uid"] }],
		"a run of another CronJob": [restore(), { name: "other", owner: ["CronJob", "app1", "old-uid"] }],
		"a run that has ended": [restore(), { name: "run", conditions: [complete()] }],
		"a run that somebody suspended": [{ name: "run", suspend: true }],
		"one that is held already": [restore(), { name: "run", ...HELD }],
	};
	for (const [name, samples] of Object.entries(rows)) {
		const { world, hold } = setUp(samples);
		t.same(await hold(), [], name);
		t.same(world.writes, [], name);
	}
	const { world, hold } = setUp([restore(), { name: "run" }]);
	t.same(await holdRuns({} as Context, scheduledBackup(), undefined), []);
	t.same([await hold(), world.writes.length], [["run"], 1]);
});

const RESTORES = { labels: { [OPERATION_LABEL]: "restore" } };
const backup = (more: JobSample = {}): JobSample => ({
	name: "own",
	owner: ["RequestedBackupAction", "b", "b-uid"],
	labels: { [OPERATION_LABEL]: "backup" },
	...more,
});

t.test("a run that restores meets no action at all", async (t) => {
	t.same(await setUp([backup(), { name: "run", ...RESTORES }]).hold(), ["run"]);
	const labels = { [OPERATION_LABEL]: "backup", [ACTION_LABEL]: "b" };
	const outlives = pod({ phase: "Running" }, { job: "gone", labels });
	t.same(await setUp([{ name: "run", ...RESTORES }], { pods: [outlives] }).hold(), ["run"]);
	t.same(await setUp([{ name: "run" }], { pods: [outlives] }).hold(), []);
	const { hold, world } = setUp([backup(), { name: "run", ...RESTORES, ...HELD }]);
	t.same([await hold(), world.writes], [[], []], "it stays held");
	const next = { spec: { action: "backup" }, status: { jobUID: "x", phase: "Pending" } } as RequestedBackupAction;
	const waiting = setUp([{ name: "run", ...RESTORES, ...HELD }], { actions: [next] });
	t.same([await waiting.hold(), waiting.world.writes], [[], []], "also for the next one");
	const over = setUp([backup({ conditions: [complete()] }), { name: "run", ...RESTORES, ...HELD }]);
	await over.hold();
	t.same(over.world.writes, ["patch jobs run"]);
});

t.test("a held run goes on when no restore is under way any more", async (t) => {
	const { world, hold, jobOf } = setUp([restore({ conditions: [complete()] }), { name: "run", ...HELD }]);
	t.same(await hold(), []);
	t.same(world.writes, ["patch jobs run"]);
	t.match(jobOf("run"), { suspended: false });
	t.equal(jobOf("run").metadata.annotations?.[HELD_ANNOTATION], undefined);
});

t.test("between two restores it stays", async (t) => {
	const next = { spec: { action: "restore" }, status: { jobUID: "x", phase: "Pending" } } as RequestedBackupAction;
	const { world, hold } = setUp([restore({ suspend: true }), { name: "run", ...HELD }], { actions: [next] });
	t.same(await hold(), []);
	t.same(world.writes, []);
});
