// While a restore runs, the schedule stands still: the CronJob is suspended, its active Jobs are awaited, and it goes on
// afterwards, whatever became of the restore; unless the user had suspended it.
import t from "tap";
import { eventually } from "../cluster/wait.ts";
import { scheduledJob } from "./support/cronjob.ts";
import { endedStatus } from "./support/run.ts";
import { bindToNode, endRun, jobOf, letGo, podOfAction, podOfJob, said, setStatus } from "./support/runs.ts";
import { conditionIn } from "./support/status.ts";
import { startWorld } from "./support/world.ts";

const world = await startWorld(t);
const { session } = world;

const isSuspended = (space: string): boolean | undefined => world.cronJobs.get(space, "app")?.spec?.suspend;
const untilSuspended = (space: string, wanted: boolean): Promise<boolean> =>
	eventually(() => isSuspended(space) === wanted, { what: `the CronJob of ${space} has suspend: ${wanted}` });

interface Versioned {
	metadata?: { resourceVersion?: string };
}
/** Versions count up over all kinds, so they tell what was first. */
const isBefore = (one: Versioned | undefined, other: Versioned | undefined): boolean =>
	Number(one?.metadata?.resourceVersion) < Number(other?.metadata?.resourceVersion);

/** Each value that the CronJob's suspend had, in order, with the object. */
const suspensions = (space: string) =>
	world.cronJobs.changes
		.filter(({ object }) => object.metadata?.namespace === space)
		.map(({ object }) => object)
		.filter((object, index, all) => object.spec?.suspend !== all[index - 1]?.spec?.suspend);

const merge = async (space: string, kind: string, name: string, patch: object): Promise<void> => {
	const body = JSON.stringify(patch);
	const { code, stderr } = await session.kubectl(["patch", kind, name, "-n", space, "--type=merge", "-p", body]);
	if (code !== 0) throw new Error(stderr);
};

for (const [space, exitCode, phase] of [
	["succeeds", 0, "Succeeded"],
	["fails", 1, "Failed"],
] as const)
	await t.test(`a restore that ${space}`, async (t) => {
		await world.withBackup(space);
		await world.request(space, "run", { action: "restore" });
		await world.untilPhase(space, "run", "Running");
		const { stdout } = await session.kubectl(`get cronjob app -n ${space} --no-headers`);
		t.match(stdout, /^app +0 2 \* \* \* +Etc\/UTC +True +0 +<none> +\d+s\n$/);
		const { stdout: wide } = await session.kubectl(`get scheduledbackup app -n ${space} -o wide`);
		t.match(wide, "The objects are installed; the CronJob is suspended while a restore runs");
		await endRun(world, space, "run", exitCode);
		await world.untilPhase(space, "run", phase);
		await untilSuspended(space, false);
		const [, stopped, resumed, ...more] = suspensions(space);
		const released = world.jobs.changes.find(
			({ object }) => object.metadata?.namespace === space && object.spec?.suspend === false,
		)?.object;
		const told = world.actions.get(space, "run");
		t.ok(isBefore(stopped, released), "suspended before the Job was released");
		t.ok(isBefore(told, resumed), "resumed after the outcome was stored");
		t.same(more, []);
		const saysSo = (): boolean | undefined =>
			conditionIn(world.backups.get(space, "app"), "Ready")?.message?.endsWith("The objects are installed");
		await eventually(saysSo, { what: "the ScheduledBackup says that the schedule goes on" });
		t.ok((await session.kubectl(`get bmsb app -n ${space} -o wide`)).stdout.includes("The objects are installed\n"));
	});

await t.test("active Jobs of the CronJob are awaited", async (t) => {
	const space = "active";
	await world.withBackup(space);
	await scheduledJob(world, space, "app-1");
	await world.request(space, "run", { action: "restore" });
	await untilSuspended(space, true);
	const action = await world.until(space, "run", "waits", (action) => said(action).includes("WaitingForJob"));
	t.equal(
		said(action),
		'Pending WaitingForJob: Waits until Job "app-1" has ended; delete that Job to go on without it',
	);
	t.equal((await jobOf(world, space, "run")).spec?.suspend, true);
	await setStatus(world, await podOfJob(world, space, "app-1"), endedStatus(0));
	await world.untilPhase(space, "run", "Running");
});

await t.test("a backup does not wait for the schedule, nor stop it", async (t) => {
	const space = "backup";
	await world.withBackup(space);
	await scheduledJob(world, space, "app-1");
	await world.request(space, "run");
	await endRun(world, space, "run", 0);
	await world.untilPhase(space, "run", "Succeeded");
	t.equal(suspensions(space).length, 1, "it was never suspended");
});

await t.test("the user's own suspend: true stays, also where it is set while a restore runs", async (t) => {
	for (const [space, suspend] of [
		["suspended", true],
		["suspended-later", false],
	] as const) {
		await world.withBackup(space, { cronJob: { scheduleEvery: "0 2 * * *", suspend } });
		await world.request(space, "run", { action: "restore" });
		await world.untilPhase(space, "run", "Running");
		await merge(space, "scheduledbackup", "app", { spec: { cronJob: { suspend: true } } });
		await endRun(world, space, "run", 0);
		await world.untilPhase(space, "run", "Succeeded");
		await eventually(
			() =>
				world.backups
					.get(space, "app")
					?.status?.conditions?.some(({ message }) => message === "The objects are installed"),
			{ what: "the ScheduledBackup is as before" },
		);
		t.ok(isSuspended(space));
		t.equal(suspensions(space).length, suspend ? 1 : 2, "it never ran in between");
	}
});

await t.test("resumed by hand, or deleted, while a restore runs: it is suspended again", async (t) => {
	const space = "by-hand";
	await world.withBackup(space);
	await world.request(space, "run", { action: "restore" });
	await world.untilPhase(space, "run", "Running");
	await merge(space, "cronjob", "app", { spec: { suspend: false } });
	await eventually(() => suspensions(space).length === 4 && isSuspended(space), { what: "it is suspended again" });
	const { uid } = world.cronJobs.get(space, "app")?.metadata ?? {};
	await session.kubectl(`delete cronjob app -n ${space}`);
	await eventually(() => ![undefined, uid].includes(world.cronJobs.get(space, "app")?.metadata?.uid), {
		what: "it is made again",
	});
	t.ok(isSuspended(space), "and is suspended from the start");
	await endRun(world, space, "run", 0);
	await untilSuspended(space, false);
});

await t.test(
	"a run that begins over a restore, as one by a stale CronJob controller does, waits until it has ended",
	async (t) => {
		const space = "late";
		await world.withBackup(space);
		await world.request(space, "run", { action: "restore" });
		await world.untilPhase(space, "run", "Running");
		const { code, stderr } = await session.kubectl(`create job app-late --from=cronjob/app -n ${space}`);
		t.equal(code, 0, stderr);
		const isHeld = (): boolean | undefined => world.jobs.get(space, "app-late")?.spec?.suspend;
		await eventually(() => isHeld() === true, { what: "it is suspended" });
		const living = () =>
			world.pods
				.list(space)
				.filter(({ metadata }) => metadata?.labels?.["batch.kubernetes.io/job-name"] === "app-late");
		await eventually(() => living().length === 0, { what: "it has no pod" });
		const isTold = async (): Promise<boolean> =>
			(await session.json(`get events -n ${space}`)).items.some(
				({ reason }: { reason: string }) => reason === "RunHeld",
			);
		await eventually(isTold, { what: "an Event says so" });
		await eventually(
			() =>
				world.backups
					.get(space, "app")
					?.status?.childrenResourcesHealth?.some(({ message = "" }) =>
						message.startsWith("Suspended: it was started"),
					),
			{ what: "status says so" },
		);
		await endRun(world, space, "run", 0);
		await world.untilPhase(space, "run", "Succeeded");
		await setStatus(world, await podOfJob(world, space, "app-late"), endedStatus(0));
		await eventually(
			() =>
				world.jobs
					.get(space, "app-late")
					?.status?.conditions?.some(({ type, status }) => type === "Complete" && status === "True"),
			{ what: "it goes on, and ends" },
		);
		t.equal(world.jobs.get(space, "app-late")?.metadata?.annotations?.["riotkit.org/held-for-restore"], undefined);
	},
);

await t.test("an action that is deleted while it runs: the schedule goes on once the pod is gone", async (t) => {
	const space = "deleted";
	await world.withBackup(space);
	await world.request(space, "run", { action: "restore" });
	const pod = await podOfAction(world, space, "run");
	await bindToNode(world, pod);
	await session.kubectl(`delete requestedbackupaction run -n ${space}`);
	const isLeaving = () => world.pods.get(space, pod.metadata?.name ?? "")?.metadata?.deletionTimestamp !== undefined;
	await eventually(isLeaving, { timeout: 60, what: "the pod is being deleted" });
	await eventually(() => world.jobs.list(space).length === 0, { what: "the Job is gone" });
	await letGo(world, pod);
	await untilSuspended(space, false);
	const gone = world.pods.changes.find(
		({ type, object }) => type === "DELETED" && object.metadata?.namespace === space,
	);
	t.ok(isBefore(gone?.object, suspensions(space)[2]), "resumed after the pod was gone");
	t.equal(suspensions(space).length, 3, "and not before");
});

await t.test("an action that is deleted before its Job was released: the schedule goes on", async (t) => {
	const space = "never-run";
	await world.withBackup(space);
	await scheduledJob(world, space, "app-1");
	await world.request(space, "run", { action: "restore" });
	await untilSuspended(space, true);
	await session.kubectl(`delete requestedbackupaction run -n ${space}`);
	await untilSuspended(space, false);
	t.equal(world.pods.list(space).length, 1, "the scheduled Job's alone");
});
