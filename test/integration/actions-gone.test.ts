// A Job that is gone, or is not the one that status names: we say that we do not know, and run nothing a second time.
import t, { type Test } from "tap";
import type { Job } from "../../src/api/kubernetes.ts";
import { eventually } from "../cluster/wait.ts";
import { scheduledJob } from "./support/cronjob.ts";
import { endRun, jobOf, podOfAction, said } from "./support/runs.ts";
import { awaitEvent } from "./support/status.ts";
import { startWorld, type World } from "./support/world.ts";

const world = await startWorld(t);
const { session } = world;

const unknown = (job: string, action: string): string =>
	`Failed JobDeleted: Job "${job}" was deleted before its outcome was known: the ${action} may have run wholly, in part or not at all. It is not run again; create a new action to do so`;

/** The action failed since its Job is gone, nobody makes another, and the next action goes on. */
const isUnknown = async (t: Test, { untilPhase, request, jobs }: World, space: string, job: Job): Promise<void> => {
	const action = await untilPhase(space, "run", "Failed");
	const name = job.metadata?.name ?? "";
	t.equal(said(action), unknown(name, action.spec.action));
	t.match(action.status, {
		processed: true,
		healthy: false,
		failureReason: "JobDeleted",
		jobName: name,
		completionTime: /Z$/,
		childrenResourcesHealth: [{ kind: "Job", name, running: false, failed: true, message: /was deleted before/ }],
	});
	const { stdout } = await session.kubectl(`get requestedbackupaction run -n ${space} -o wide --no-headers`);
	t.match(stdout, new RegExp(`^run +${action.spec.action} .*Failed .* ${name} +\\d+s +JobDeleted `));
	t.ok(stdout.endsWith(` ${action.status?.message}\n`), "the last column says why");
	await awaitEvent(session, { namespace: space, name: "run" }, "JobDeleted");
	t.match((await session.kubectl(`events -n ${space} --for requestedbackupaction/run`)).stdout, "JobDeleted");
	await request(space, "next");
	await untilPhase(space, "next", "Running");
	const ofAction = jobs.ever(space).filter(({ metadata }) => metadata?.name === name);
	t.same(
		ofAction.map(({ metadata }) => metadata?.uid),
		[job.metadata?.uid],
		"no other Job was ever made for it",
	);
};

const deleteJob = async (space: string, job: Job, ...flags: string[]): Promise<void> => {
	const { code, stderr } = await session.kubectl(["delete", "job", "-n", space, job.metadata?.name ?? "", ...flags]);
	if (code !== 0) throw new Error(stderr);
};

for (const [space, flags] of [
	["running", []],
	["foreground", ["--cascade=foreground"]],
	["orphaned", ["--cascade=orphan"]],
] as const)
	await t.test(`a Job is deleted by hand while it runs (${space})`, async (t) => {
		await world.withBackup(space);
		await world.request(space, "run", { action: "restore", targetVersion: "v1" });
		await world.untilPhase(space, "run", "Running");
		const pod = await podOfAction(world, space, "run");
		const job = await jobOf(world, space, "run");
		await deleteJob(space, job, ...flags);
		await world.untilPhase(space, "run", "Failed");
		if (space === "orphaned") {
			t.notOk(world.pods.get(space, pod.metadata?.name ?? "")?.metadata?.deletionTimestamp, "its pod goes on");
			await world.request(space, "backup");
			const waiting = await world.until(space, "backup", "waits", (action) => said(action).includes("WaitingForPod"));
			t.equal(
				said(waiting),
				`Pending WaitingForPod: Waits until pod "${pod.metadata?.name}" of an earlier run has ended`,
			);
			t.ok(world.cronJobs.get(space, "app")?.spec?.suspend, "the schedule waits too");
			await session.kubectl(`delete pod -n ${space} ${pod.metadata?.name}`);
			await endRun(world, space, "backup", 0);
		}
		await isUnknown(t, world, space, job);
		await eventually(() => world.cronJobs.get(space, "app")?.spec?.suspend === false, { what: "the schedule goes on" });
	});

await t.test("a Job is deleted before it was released", async (t) => {
	const space = "suspended";
	await world.withBackup(space);
	const obstacle = await scheduledJob(world, space, "app-1");
	await world.request(space, "run", { action: "restore" });
	const job = await jobOf(world, space, "run");
	await world.until(space, "run", "waits for a Job", (action) => said(action).startsWith("Pending WaitingForJob"));
	await deleteJob(space, job);
	await world.untilPhase(space, "run", "Failed");
	await deleteJob(space, obstacle);
	await isUnknown(t, world, space, job);
	t.notOk(
		world.pods
			.ever(space)
			.some(({ metadata }) => metadata?.labels?.["batch.kubernetes.io/job-name"] === job.metadata?.name),
		"it never had a pod",
	);
});

await t.test("a Job is deleted, or ends, while no controller runs", async (t) => {
	for (const space of ["down-deleted", "down-succeeded", "down-failed"]) await world.withBackup(space);
	for (const space of ["down-deleted", "down-succeeded", "down-failed"]) {
		await world.request(space, "run", { action: "restore" });
		await world.untilPhase(space, "run", "Running");
	}
	const job = await jobOf(world, "down-deleted", "run");
	await world.controller().kill();
	await deleteJob("down-deleted", job);
	await endRun(world, "down-succeeded", "run", 0);
	await endRun(world, "down-failed", "run", 3);
	const isOver = ({ status }: Job): boolean =>
		status?.conditions?.some(({ type }) => type === "Complete" || type === "Failed") === true;
	for (const space of ["down-succeeded", "down-failed"])
		await eventually(() => world.jobs.list(space).every(isOver), { what: `the Job of ${space} is over` });
	await world.start();
	await isUnknown(t, world, "down-deleted", job);
	await world.untilPhase("down-succeeded", "run", "Succeeded");
	t.match((await world.untilPhase("down-failed", "run", "Failed")).status, { failureReason: "ContainerFailed" });
	for (const space of ["down-succeeded", "down-failed"])
		t.equal(world.jobs.ever(space).length, 1, `one Job in ${space}`);
});

await t.test("a Job of a finished action is deleted by hand: the outcome stays", async (t) => {
	const space = "finished";
	await world.withBackup(space);
	await world.request(space, "run", { action: "restore" });
	await endRun(world, space, "run", 0);
	const { status } = await world.untilPhase(space, "run", "Succeeded");
	await deleteJob(space, await jobOf(world, space, "run"));
	await world.request(space, "next");
	await world.untilPhase(space, "next", "Running");
	t.same(world.actions.get(space, "run")?.status, status);
	t.equal(world.jobs.ever(space).length, 2);
});

await t.test("status names another UID: the Job that is there is not run, but deleted", async (t) => {
	const space = "other-uid";
	await world.withBackup(space);
	const obstacle = await scheduledJob(world, space, "app-1");
	await world.request(space, "run", { action: "restore" });
	const job = await jobOf(world, space, "run");
	await world.until(space, "run", "waits for a Job", (action) => said(action).startsWith("Pending WaitingForJob"));
	const patch = JSON.stringify({ status: { jobUID: "00000000-0000-0000-0000-000000000000" } });
	await session.kubectl(["patch", "rba", "run", "-n", space, "--subresource=status", "--type=merge", "-p", patch]);
	const action = await world.untilPhase(space, "run", "Failed");
	t.equal(said(action), unknown(job.metadata?.name ?? "", "restore"));
	await eventually(() => world.jobs.get(space, job.metadata?.name ?? "") === undefined, { what: "ours is deleted" });
	await deleteJob(space, obstacle);
	t.ok(world.jobs.ever(space).find(({ metadata }) => metadata?.uid === job.metadata?.uid)?.spec?.suspend);
	t.equal(world.jobs.ever(space).length, 2);
});

await t.test("a pod of a restore that is deleted is not replaced", async (t) => {
	const space = "pod-deleted";
	await world.withBackup(space);
	await world.request(space, "run", { action: "restore" });
	const pod = await podOfAction(world, space, "run");
	await session.kubectl(`delete pod -n ${space} ${pod.metadata?.name}`);
	const { status } = await world.untilPhase(space, "run", "Failed");
	t.equal(status?.failureReason, "BackoffLimitExceeded");
	t.equal(world.pods.ever(space).length, 1);
});
