// What a ScheduledBackup says of its scheduled runs: the last result and its time, what runs now, and what it remembers when
// the Jobs are gone.
import t from "tap";
import type { Job } from "../../src/api/kubernetes.ts";
import type { ScheduledBackup } from "../../src/api/types.ts";
import { eventually } from "../cluster/wait.ts";
import { scheduledJob } from "./support/cronjob.ts";
import { endedStatus } from "./support/run.ts";
import { endRun, podOfJob, setStatus } from "./support/runs.ts";
import { startWorld } from "./support/world.ts";

const world = await startWorld(t);
const { session } = world;
const VARS =
	"Params: {host: db.example.org}\nRepository: {url: https://backups.example.org}\nHelmValues: {backoffLimit: 0}\n";

const statusOf = (space: string): NonNullable<ScheduledBackup["status"]> =>
	world.backups.get(space, "app")?.status ?? {};

const lastRun = (space: string): string => {
	const found = statusOf(space).conditions?.find(({ type }) => type === "LastRunSucceeded");
	return `${found?.status} ${found?.reason}: ${found?.message}`;
};

const untilLastRun = (space: string, line: string): Promise<boolean> =>
	eventually(() => lastRun(space) === line, { what: `${space} says ${line}` }).catch((error) => {
		throw new Error(`${error.message}; it says ${lastRun(space)}`);
	});

/** Runs a scheduled Job to its end; answers the time at which it ended. */
const run = async (space: string, name: string, exitCode: number): Promise<string | undefined> => {
	await scheduledJob(world, space, name);
	const pod = await podOfJob(world, space, name);
	await setStatus(world, pod, endedStatus(exitCode));
	const timeOf = ({ status }: Job): string | undefined =>
		exitCode === 0
			? status?.completionTime
			: status?.conditions?.find(({ type }) => type === "Failed")?.lastTransitionTime;
	const ended = await eventually(() => timeOf(world.jobs.get(space, name) ?? {}), { what: `Job ${name} has ended` });
	const message =
		exitCode === 0
			? `True Succeeded: Job "${name}" succeeded`
			: `False ContainerFailed: Job "${name}" failed: Container "backup-maker" of pod "${pod.metadata?.name}" ended with exit code ${exitCode}: see \`kubectl logs -n ${space} ${pod.metadata?.name}\` while the pod is kept`;
	await untilLastRun(space, message);
	return ended;
};

// Runs by itself when the minute is over: the last test looks at that.
await world.withBackup("minute", { cronJob: { scheduleEvery: "* * * * *" }, vars: VARS });
const { nextScheduleTime } = statusOf("minute");

await t.test("success, failure, success: result, times and children", async (t) => {
	const space = "results";
	await world.withBackup(space, { vars: VARS });
	t.match(statusOf(space), { healthy: true, active: [], childrenResourcesHealth: [] });
	const first = await run(space, "app-1", 0);
	t.match(statusOf(space), { healthy: true, active: [], lastSuccessfulTime: first });
	t.notOk("lastFailedTime" in statusOf(space));

	const failed = await run(space, "app-2", 7);
	t.match(statusOf(space), { healthy: false, active: [], lastSuccessfulTime: first, lastFailedTime: failed });
	t.match(statusOf(space).childrenResourcesHealth, [
		{ kind: "Job", name: "app-2", running: false, failed: true, message: /exit code 7/ },
		{ kind: "Job", name: "app-1", running: false, failed: false },
	]);
	const { stdout } = await session.kubectl(`get scheduledbackup app -n ${space} -o wide`);
	t.match(stdout, /\napp +True +0 2 \* \* \* +backup +\d+s .* False +The objects are installed\n$/);
	const ready = await session.kubectl(`wait --for=condition=LastRunSucceeded=False bmsb/app -n ${space} --timeout=5s`);
	t.equal(ready.stdout, "scheduledbackup.riotkit.org/app condition met\n");

	const third = await run(space, "app-3", 0);
	t.match(statusOf(space), { healthy: true, lastSuccessfulTime: third, lastFailedTime: failed });
});

await t.test("results are remembered when the Jobs are gone, across controllers too", async (t) => {
	const space = "gone";
	await world.withBackup(space, { vars: VARS });
	const succeeded = await run(space, "app-1", 0);
	const failed = await run(space, "app-2", 1);
	const told = lastRun(space);
	await session.kubectl(`delete job app-1 app-2 -n ${space}`);
	await eventually(() => statusOf(space).childrenResourcesHealth?.length === 0, { what: "no Job is listed" });
	await world.controller().kill();
	await world.start();
	await run("results", "app-4", 0);
	t.equal(lastRun(space), told);
	t.match(statusOf(space), { healthy: false, lastSuccessfulTime: succeeded, lastFailedTime: failed });
});

await t.test("a run that succeeds at its second try is a success", async (t) => {
	const space = "retried";
	await world.withBackup(space, { vars: VARS.replace("backoffLimit: 0", "backoffLimit: 1") });
	await scheduledJob(world, space, "app-1");
	const first = await podOfJob(world, space, "app-1");
	await setStatus(world, first, endedStatus(1));
	await eventually(() => world.pods.list(space).length === 2, { what: "it is tried again" });
	t.match(statusOf(space), { healthy: true, active: [{ name: "app-1" }] });
	await setStatus(world, await podOfJob(world, space, "app-1"), endedStatus(0));
	await untilLastRun(space, 'True Succeeded: Job "app-1" succeeded');
	t.notOk("lastFailedTime" in statusOf(space));
	t.equal(statusOf(space).healthy, true);
});

await t.test("runs of actions, and Jobs of others, are not scheduled runs", async (t) => {
	const space = "actions";
	await world.withBackup(space, { vars: VARS });
	await world.request(space, "failing");
	await endRun(world, space, "failing", 1);
	await world.untilPhase(space, "failing", "Failed");
	await session.kubectl(`create job by-hand -n ${space} --from=cronjob/app`);
	const pod = await podOfJob(world, space, "by-hand");
	await setStatus(world, pod, endedStatus(0));
	await untilLastRun(space, 'True Succeeded: Job "by-hand" succeeded');
	t.notOk("lastFailedTime" in statusOf(space), "the action's failure is the action's");
	t.same(
		statusOf(space).childrenResourcesHealth?.map(({ name }) => name),
		["by-hand"],
		"a Job that kubectl makes from the CronJob is a run of it",
	);
});

await t.test("the CronJob controller's own run", async (t) => {
	const space = "minute";
	t.match(nextScheduleTime, /:00Z$/);
	const job = await eventually(() => world.jobs.list(space)[0], { timeout: 90, what: "the minute is over" });
	await eventually(() => statusOf(space).active?.length === 1, { what: "it is listed as active" });
	t.same(statusOf(space).active, [{ name: job.metadata?.name, uid: job.metadata?.uid }]);
	await eventually(() => statusOf(space).lastScheduleTime === nextScheduleTime, { what: "lastScheduleTime is told" });
	t.ok(`${statusOf(space).nextScheduleTime}` > `${nextScheduleTime}`, "the next one is told");
	await setStatus(world, await podOfJob(world, space, job.metadata?.name ?? ""), endedStatus(0));
	await untilLastRun(space, `True Succeeded: Job "${job.metadata?.name}" succeeded`);
});
