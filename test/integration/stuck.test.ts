// Scheduled runs that hang: with concurrencyPolicy Forbid one of them would silently stop every later backup, so the
// ScheduledBackup tells it within seconds, and no longer once the run goes on.
import t from "tap";
import type { ScheduledBackup } from "../../src/api/types.ts";
import { eventually } from "../cluster/wait.ts";
import { scheduledJob } from "./support/cronjob.ts";
import { endedStatus } from "./support/run.ts";
import { podOfJob, runningStatus, setStatus } from "./support/runs.ts";
import { STUCK_PODS, tellEvent } from "./support/stuck.ts";
import { startWorld } from "./support/world.ts";

const world = await startWorld(t);
const { session } = world;

const lastRun = (space: string): string => {
	const conditions = world.backups.get(space, "app")?.status?.conditions;
	const found = conditions?.find(({ type }) => type === "LastRunSucceeded");
	return `${found?.status} ${found?.reason}: ${found?.message}`;
};

/** Waits until LastRunSucceeded says so, and answers the status. */
const untilTold = async (space: string, line: string | RegExp): Promise<ScheduledBackup["status"]> => {
	const holds = (): boolean => (typeof line === "string" ? lastRun(space) === line : line.test(lastRun(space)));
	await eventually(holds, { what: `${space} says ${line}` }).catch((error) => {
		throw new Error(`${error.message}; it says ${lastRun(space)}`);
	});
	return world.backups.get(space, "app")?.status;
};

await world.withBackup("pods");

// Runs every minute, without the right to make Jobs: the last test looks at what became of it.
await t.test("a quota that lets no Job be made", async (t) => {
	const space = "no-jobs";
	await world.withBackup(space, { cronJob: { scheduleEvery: "* * * * *", suspend: true } });
	await session.kubectl(`create quota none --hard=count/jobs.batch=0 -n ${space}`);
	await eventually(async () => (await session.json(`get quota none -n ${space}`)).status?.hard !== undefined, {
		what: "the quota is counted",
	});
	const resume = '{"spec":{"cronJob":{"suspend":false}}}';
	const resumed = await session.kubectl(["patch", "scheduledbackup", "app", "-n", space, "--type=merge", "-p", resume]);
	t.equal(resumed.code, 0, resumed.stderr);
});

for (const [index, { reason, status, event, told }] of STUCK_PODS.entries())
	await t.test(reason, async (t) => {
		const name = `app-${index}`;
		const before = index === 0 ? "Unknown NoRunYet: No scheduled run has ended yet" : /^True Succeeded/;
		await untilTold("pods", before);
		const { metadata } = await scheduledJob(world, "pods", name);
		const pod = await podOfJob(world, "pods", name);
		await setStatus(world, pod, status);
		if (event !== undefined) await tellEvent(world, pod, reason, event);
		const message = `Pod "${pod.metadata?.name}" of Job "${name}" ${told}`;
		const stuck = await untilTold(
			"pods",
			`False ${reason}: A run hangs: ${message}. No later run starts until this one ends.`,
		);
		t.match(stuck, { healthy: false, active: [{ name, uid: metadata?.uid }] });
		t.match(stuck?.childrenResourcesHealth?.[0], { kind: "Job", name, running: true, failed: false, message });
		const ready = stuck?.conditions?.find(({ type }) => type === "Ready");
		t.match(ready, { status: "True" }, "it is installed all the same");
		await setStatus(world, pod, runningStatus());
		const recovered = await untilTold("pods", before);
		t.match(recovered, { healthy: true, active: [{ name }] });
		t.same(recovered?.childrenResourcesHealth?.[0], { kind: "Job", name, running: true, failed: false });
		await setStatus(world, pod, endedStatus(0));
		const ended = await untilTold("pods", `True Succeeded: Job "${name}" succeeded`);
		t.match(ended, { healthy: true, active: [], lastSuccessfulTime: /Z$/ });
		t.same(ended?.childrenResourcesHealth?.[0], { kind: "Job", name, running: false, failed: false });
	});

await t.test("FailedCreate: a quota, told by Events alone", async (t) => {
	const space = "quota";
	await world.withBackup(space);
	await session.kubectl(`create quota none --hard=pods=0 -n ${space}`);
	await eventually(async () => (await session.json(`get quota none -n ${space}`)).status?.hard !== undefined, {
		what: "the quota is counted",
	});
	await scheduledJob(world, space, "app-1");
	const { healthy } = (await untilTold(space, /^False FailedCreate: A run hangs: Job "app-1" has no pod/)) ?? {};
	t.equal(healthy, false);
	t.match(
		lastRun(space),
		/exceeded quota: none, .*; pods are refused; check .* No later run starts until this one ends\.$/,
	);
	const { stdout } = await session.kubectl(`get scheduledbackup app -n ${space} -o wide`);
	t.match(stdout, /^NAME .* LAST RUN +STATUS\napp +True .* False +The objects are installed\n$/);
	await session.kubectl(`delete quota none -n ${space}`);
	await untilTold(space, "Unknown NoRunYet: No scheduled run has ended yet");
	await setStatus(world, await podOfJob(world, space, "app-1"), endedStatus(0));
	await untilTold(space, 'True Succeeded: Job "app-1" succeeded');
});

await t.test("FailedCreate: not even the Job can be made", async (t) => {
	const space = "no-jobs";
	const line = /^False FailedCreate: A run hangs: CronJob "app" cannot create its Job: .*exceeded quota: none/;
	await eventually(() => line.test(lastRun(space)), { timeout: 90, what: "the next full minute's run is refused" });
	t.match(lastRun(space), "check the namespace's quota and admission policies");
	await session.kubectl(`delete quota none -n ${space}`);
	await eventually(() => world.jobs.list(space).length > 0, { timeout: 90, what: "a Job is made" });
	await untilTold(space, "Unknown NoRunYet: No scheduled run has ended yet");
});
