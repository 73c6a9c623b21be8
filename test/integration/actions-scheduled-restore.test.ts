// A ScheduledBackup whose schedule restores: its runs and requested actions never run at the same time, whichever comes first.
import t from "tap";
import { eventually } from "../cluster/wait.ts";
import { scheduledJob } from "./support/cronjob.ts";
import { endRun, jobOf, said } from "./support/runs.ts";
import { startWorld } from "./support/world.ts";

const world = await startWorld(t);
const SPEC = { operation: "restore", cronJob: { scheduleEvery: "0 2 * * *" } };

const untilSuspended = (space: string, wanted: boolean): Promise<boolean> =>
	eventually(() => world.cronJobs.get(space, "app")?.spec?.suspend === wanted, {
		what: `the CronJob of ${space} has suspend: ${wanted}`,
	});

await t.test("a requested backup waits for the scheduled restore, also for one that has no pod", async (t) => {
	const space = "waits";
	await world.withBackup(space, SPEC);
	await world.session.kubectl(`create quota none -n ${space} --hard=pods=0`);
	await eventually(async () => (await world.session.json(`get quota none -n ${space}`)).status?.hard !== undefined, {
		what: "the quota is counted",
	});
	await scheduledJob(world, space, "app-1");
	await world.request(space, "run");
	await untilSuspended(space, true);
	const action = await world.until(space, "run", "waits", (action) => said(action).includes("WaitingForJob"));
	t.match(said(action), /^Pending WaitingForJob: Waits until Job "app-1" has ended/);
	t.equal(world.pods.list(space).length, 0, "there is no pod at all");
	t.equal((await jobOf(world, space, "run")).spec?.suspend, true);
	await world.session.kubectl(`delete quota none -n ${space}`);
	await world.session.kubectl(`delete job app-1 -n ${space}`);
	await world.untilPhase(space, "run", "Running");
});

await t.test("a scheduled restore that begins over a requested backup is held until that has ended", async (t) => {
	const space = "held";
	await world.withBackup(space, SPEC);
	await world.request(space, "run");
	await world.untilPhase(space, "run", "Running");
	t.equal(world.cronJobs.get(space, "app")?.spec?.suspend, true, "the schedule stands still");
	await scheduledJob(world, space, "app-1");
	await eventually(() => world.jobs.get(space, "app-1")?.spec?.suspend === true, { what: "the Job is held" });
	await endRun(world, space, "run", 0);
	await world.untilPhase(space, "run", "Succeeded");
	await untilSuspended(space, false);
	await eventually(() => world.jobs.get(space, "app-1")?.spec?.suspend === false, { what: "the Job goes on" });
});
