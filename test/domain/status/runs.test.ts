import t from "tap";
import type { CronJob } from "../../../src/api/kubernetes.ts";
import type { Condition, ScheduledBackupStatus } from "../../../src/api/types.ts";
import { cronJobFacts, type EventFacts, type JobFacts, type PodFacts } from "../../../src/domain/status/facts.ts";
import { summariseRuns } from "../../../src/domain/status/runs.ts";
import { ago, complete, container, event, failed, job, NOW, pod, scheduled } from "./samples.ts";

const cron = (status: object = {}, concurrencyPolicy = "Forbid") =>
	cronJobFacts({
		metadata: { namespace: "default", name: "app1", uid: "cron-uid" },
		spec: { schedule: "@daily", concurrencyPolicy },
		status,
	} as unknown as CronJob);

const summarise = (input: {
	cronJob?: ReturnType<typeof cron>;
	jobs?: JobFacts[];
	pods?: PodFacts[];
	events?: EventFacts[];
	previous?: ScheduledBackupStatus;
	gone?: JobFacts[];
	operation?: string;
}) => summariseRuns({ cronJob: cron(), jobs: [], pods: [], events: [], previous: undefined, now: NOW, ...input });

const remembered = (status: Condition["status"], reason: string, message: string): Condition => ({
	type: "LastRunSucceeded",
	status,
	reason,
	message,
	lastTransitionTime: ago(100),
});

t.test("nothing has run yet", async (t) => {
	t.strictSame(summarise({}), {
		active: [],
		condition: {
			type: "LastRunSucceeded",
			status: "Unknown",
			reason: "NoRunYet",
			message: "No scheduled run has ended yet",
		},
		health: [],
	});
});

t.test("Jobs of actions and of an earlier CronJob are no runs", async (t) => {
	const action = job({ name: "a", owner: ["RequestedBackupAction", "a", "a-uid"], conditions: [failed()] });
	const earlier = job({ name: "e", owner: ["CronJob", "app1", "other-uid"], conditions: [complete()] });
	t.match(summarise({ jobs: [action, earlier] }), { active: [], health: [], condition: { reason: "NoRunYet" } });
	const { cronJob: _, ...rest } = { cronJob: undefined, jobs: [job()] };
	t.strictSame(
		summariseRuns({ ...rest, cronJob: undefined, pods: [], events: [], previous: undefined, now: NOW }).health,
		[],
	);
});

t.test("the newest run that ended decides; times come from all of them", async (t) => {
	const ok = job({ name: "ok", created: ago(60), conditions: [complete(ago(50))] });
	const bad = job({ name: "bad", created: ago(30), conditions: [failed("BackoffLimitExceeded", ago(20))] });
	const running = job({ name: "running", created: ago(5) });
	const found = summarise({
		cronJob: cron({ lastScheduleTime: ago(5), lastSuccessfulTime: ago(50) }),
		jobs: [bad, running, ok],
	});
	t.match(found, {
		lastScheduleTime: ago(5),
		lastSuccessfulTime: ago(50),
		lastFailedTime: ago(20),
		active: [{ name: "running", uid: "running-uid" }],
		condition: { status: "False", reason: "BackoffLimitExceeded", message: /Job "bad" failed/ },
		health: [
			{ name: "running", running: true, failed: false },
			{ name: "bad", running: false, failed: true, message: /Job "bad" failed/ },
			{ name: "ok", running: false, failed: false },
		],
	});
	t.match(summarise({ jobs: [ok] }).condition, { status: "True", message: 'Job "ok" succeeded' });
	const later = job({ name: "later", created: ago(10), conditions: [complete(ago(1))] });
	t.match(summarise({ jobs: [bad, later] }).condition, { status: "True", message: 'Job "later" succeeded' });
});

t.test("a failed run tells what its pod said", async (t) => {
	const oom = pod({ phase: "Failed", ...container({ terminated: { exitCode: 137, reason: "OOMKilled" } }) });
	const other = pod({ phase: "Failed", ...container({ terminated: { exitCode: 1 } }) }, { name: "pod2", job: "job2" });
	t.match(summarise({ jobs: [job({ conditions: [failed()] })], pods: [other, oom] }).condition, {
		reason: "OOMKilled",
	});
});

t.test("results are remembered when their Jobs are gone", async (t) => {
	const success = ago(50);
	const failure = ago(20);
	const cases: [string, ScheduledBackupStatus, Partial<Condition>][] = [
		[
			"success",
			{ lastSuccessfulTime: success, conditions: [remembered("True", "Succeeded", 'Job "x" succeeded')] },
			{ status: "True", message: 'Job "x" succeeded' },
		],
		[
			"success after a run that hung",
			{ lastSuccessfulTime: success, conditions: [remembered("False", "ImagePullBackOff", "A run hangs")] },
			{ status: "True", message: "The last run succeeded" },
		],
		[
			"failure",
			{ lastFailedTime: failure, conditions: [remembered("False", "OOMKilled", 'Job "x" failed: …')] },
			{ status: "False", reason: "OOMKilled" },
		],
		[
			"failure after a run that hung",
			{
				lastSuccessfulTime: success,
				lastFailedTime: failure,
				conditions: [remembered("False", "ImagePullBackOff", "A run hangs")],
			},
			{ status: "False", reason: "JobFailed" },
		],
		["failure, then success", { lastSuccessfulTime: ago(1), lastFailedTime: failure }, { status: "True" }],
		["failure of which nothing was said", { lastFailedTime: failure }, { status: "False", reason: "JobFailed" }],
	];
	for (const [name, previous, expected] of cases) t.match(summarise({ previous }).condition, expected, name);
	t.match(summarise({ previous: { lastScheduleTime: ago(9) } }).lastScheduleTime, ago(9));
});

t.test("an older Job does not undo what is remembered", async (t) => {
	const old = job({ conditions: [failed("BackoffLimitExceeded", ago(50))] });
	t.match(summarise({ jobs: [old], previous: { lastSuccessfulTime: ago(10) } }).condition, { status: "True" });
});

t.test("a run that hangs goes before what ended, says what it stops, and clears", async (t) => {
	const ok = job({ name: "ok", created: ago(60), conditions: [complete(ago(50))] });
	const stuck = pod({ ...scheduled, ...container({ waiting: { reason: "ImagePullBackOff" } }) });
	const found = summarise({ jobs: [ok, job()], pods: [stuck] });
	t.match(found.condition, {
		status: "False",
		reason: "ImagePullBackOff",
		message: /^A run hangs: .* No later run starts until this one ends\.$/,
	});
	t.match(found.health[0], { name: "job1", message: /ImagePullBackOff/ });
	t.notMatch(summarise({ cronJob: cron({}, "Allow"), jobs: [job()], pods: [stuck] }).condition.message, /No later run/);
	const fine = pod({ ...scheduled, ...container({ running: {} }) });
	t.match(summarise({ jobs: [ok, job()], pods: [fine] }), { condition: { status: "True" } });
});

t.test("what may yet hang is looked at again", async (t) => {
	const creating = pod(scheduled, { created: ago(1) });
	t.match(summarise({ jobs: [job()], pods: [creating] }).lookAgainAt, new Date(NOW.getTime() + 4 * 60_000));
});

t.test("a run whose Job is gone already is told once, while nothing newer is remembered", async (t) => {
	const gone = [job({ name: "gone", conditions: [failed("BackoffLimitExceeded", ago(5))] })];
	const found = summarise({ gone });
	t.match(found, {
		lastFailedTime: ago(5),
		active: [],
		health: [],
		condition: { status: "False", reason: "BackoffLimitExceeded", message: /Job "gone" failed/ },
	});
	const oom = remembered("False", "OOMKilled", 'Job "gone" failed: …');
	t.match(summarise({ gone, previous: { lastFailedTime: ago(5), conditions: [oom] } }).condition, {
		reason: "OOMKilled",
	});
	t.match(summarise({ gone, previous: { lastSuccessfulTime: ago(1) } }).condition, { status: "True" });
});

t.test("of several times to look again the earliest counts", async (t) => {
	const pods = [pod(scheduled, { created: ago(1) }), pod(scheduled, { name: "pod2", job: "job2", created: ago(3) })];
	const { lookAgainAt } = summarise({ jobs: [job(), job({ name: "job2", created: ago(20) })], pods });
	t.match(lookAgainAt, new Date(NOW.getTime() + 2 * 60_000));
});

t.test("a restore that hangs says that it holds up the schedule, and whose it is", async (t) => {
	const labels = { "riotkit.org/operation": "restore" };
	const restore = job({ name: "r", created: ago(7), owner: ["RequestedBackupAction", "r1", "r1-uid"], labels });
	const stuck = pod(
		{ ...scheduled, ...container({ waiting: { reason: "ImagePullBackOff" } }) },
		{ name: "r-pod", job: "r", labels },
	);
	const found = summarise({ jobs: [restore], pods: [stuck] });
	t.match(found, { active: [], health: [] });
	t.equal(found.condition.status, "False");
	t.equal(found.condition.reason, "ImagePullBackOff");
	t.match(
		found.condition.message,
		`A restore hangs (RequestedBackupAction "r1", since ${ago(7)}): Pod "r-pod" of Job "r"`,
	);
	t.match(found.condition.message, /\. No scheduled run starts until it ends\.$/);
	const none = { jobs: [restore], pods: [stuck], events: [], previous: undefined, now: NOW, cronJob: undefined };
	t.match(summariseRuns(none).condition, { reason: "NoRunYet" }, "without a schedule it holds up nothing");
	const running = pod({ ...scheduled, ...container({ running: {} }) }, { name: "r-pod", job: "r", labels });
	t.match(summarise({ jobs: [restore], pods: [running] }).condition, { reason: "NoRunYet" });
	const run = pod({ ...scheduled, ...container({ waiting: { reason: "InvalidImageName" } }) });
	t.match(summarise({ jobs: [job(), restore], pods: [run, stuck] }).condition.message, /^A run hangs/);
});

t.test("where the schedule restores, a backup of an action that hangs holds it up", async (t) => {
	const labels = { "riotkit.org/operation": "backup", "riotkit.org/requested-backup-action": "b1" };
	const backup = job({ name: "b", created: ago(7), owner: ["RequestedBackupAction", "b1", "b1-uid"], labels });
	const waiting = { ...scheduled, ...container({ waiting: { reason: "InvalidImageName" } }) };
	const seen = { jobs: [backup], pods: [pod(waiting, { name: "b-pod", job: "b", labels })] };
	t.match(summarise({ ...seen, operation: "restore" }).condition, {
		status: "False",
		message: /^A backup hangs \(RequestedBackupAction "b1", since .*No scheduled run starts until it ends\.$/,
	});
	t.match(summarise({ ...seen, operation: "backup" }).condition, { reason: "NoRunYet" });
	const own = job({ name: "own", labels: { "riotkit.org/operation": "backup" } });
	t.match(summarise({ jobs: [own], operation: "restore" }).condition, { reason: "NoRunYet" });
});

t.test("a pod of a restore whose Job is gone holds up the schedule too", async (t) => {
	const labels = { "riotkit.org/operation": "restore" };
	const left = (name: string, deleted: string) => pod({ phase: "Running" }, { name, job: "gone", deleted, labels });
	const orphan = { ...pod({}), metadata: { labels } };
	const found = summarise({ pods: [left("one", ago(6)), left("two", ago(6)), orphan] });
	t.match(found.condition, { status: "False", reason: "Terminating" });
	t.match(
		found.condition.message,
		/^A restore hangs \(Job "gone", which is gone\): Pod "one" of Job "gone" does not end/,
	);
	t.ok(summarise({ pods: [left("one", ago(1))] }).lookAgainAt);
});

t.test("a CronJob that cannot make its Job says so until it can", async (t) => {
	const refused = event("FailedCreate", "cron-uid", ago(5), "exceeded quota");
	t.match(summarise({ events: [refused] }).condition, {
		reason: "FailedCreate",
		message: /CronJob "app1" cannot create its Job: exceeded quota/,
	});
	t.match(summarise({ cronJob: cron({ lastScheduleTime: ago(1) }), events: [refused] }).condition, {
		reason: "NoRunYet",
	});
	const made = job({ name: "made", created: ago(3), active: 1 });
	const tried = { cronJob: cron({ lastScheduleTime: ago(8) }), jobs: [made] };
	t.match(
		summarise({ ...tried, events: [refused] }).condition,
		{ reason: "NoRunYet" },
		"made at last, for the time at which it was refused",
	);
	const again = event("FailedCreate", "cron-uid", ago(1), "forbidden");
	t.match(summarise({ ...tried, events: [refused, again] }).condition, {
		reason: "FailedCreate",
		message: /forbidden/,
	});
	const none = { jobs: [], pods: [], events: [refused], previous: undefined, now: NOW, cronJob: undefined };
	t.match(summariseRuns(none).condition, { reason: "NoRunYet" });
});

t.test("a run that waits for a restore is active, and says why it does not go on", async (t) => {
	const annotations = { "riotkit.org/held-for-restore": "true" };
	const held = job({ name: "held", suspend: true, annotations });
	const stopped = job({ name: "stopped", suspend: true });
	t.match(summarise({ jobs: [held, stopped] }), {
		active: [{ name: "held" }, { name: "stopped" }],
		condition: { status: "Unknown" },
		health: [
			{ name: "held", running: false, message: /^Suspended: it was started while a restore runs/ },
			{ name: "stopped" },
		],
	});
	t.strictSame(summarise({ jobs: [stopped] }).health, [
		{ kind: "Job", name: "stopped", running: false, failed: false },
	]);
});
