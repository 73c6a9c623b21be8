// The Job of an action: what it is like, in which order it comes to life, and how long it stays.
import t from "tap";
import type { Job } from "../../src/api/kubernetes.ts";
import { eventually } from "../cluster/wait.ts";
import { endRun, jobOf, said } from "./support/runs.ts";
import { startWorld } from "./support/world.ts";

const world = await startWorld(t);
const { session } = world;
const VARS = "Params: {host: db.example.org}\nRepository: {url: https://backups.example.org}\n";

/** `riotkit.org/started` holds a time. */
const withoutTimes = (annotations: Record<string, string> = {}): string[] => Object.keys(annotations).sort();

const environmentOf = (job: Job): Map<string, string | undefined> =>
	new Map(job.spec?.template.spec?.containers[0]?.env?.map(({ name, value }) => [name, value]));

await t.test("a restore's Job", async (t) => {
	const space = "restore";
	await world.withBackup(space, { vars: `${VARS}HelmValues: {backoffLimit: 5}\n` });
	await world.request(space, "to-v3", { action: "restore", targetVersion: "v3" });
	await world.untilPhase(space, "to-v3", "Running");
	const action = world.actions.get(space, "to-v3");
	const [created, ...changes] = world.jobs.changes.filter(({ object }) => object.metadata?.namespace === space);
	const job = created?.object as Job;

	t.equal(created?.type, "ADDED");
	t.match(job.metadata?.name, /^to-v3-[0-9a-f]{10}$/, "named after the action and its UID");
	t.match(job.metadata?.ownerReferences, [
		{ kind: "RequestedBackupAction", name: "to-v3", uid: action?.metadata.uid, controller: true },
	]);
	t.match(job.spec, { suspend: true, backoffLimit: 0, podReplacementPolicy: "Failed", parallelism: 1, completions: 1 });
	t.notOk("ttlSecondsAfterFinished" in (job.spec ?? {}), "no time to live");
	t.notOk("activeDeadlineSeconds" in (job.spec ?? {}), "a restore is never cut off");
	t.equal(job.spec?.template.spec?.restartPolicy, "Never");
	t.equal(environmentOf(job).get("RESTORE_VERSION"), "v3");

	const stored = world.actions.changes.find(
		({ object }) => object.metadata.namespace === space && object.status?.jobUID !== undefined,
	)?.object;
	const released = changes.find(({ object }) => object.spec?.suspend !== true)?.object;
	t.equal(stored?.status?.jobUID, job.metadata?.uid, "its UID is stored");
	t.equal(released?.metadata?.uid, job.metadata?.uid, "exactly that one is released");
	const [storedAt, releasedAt] = [stored, released].map((object) => Number(object?.metadata?.resourceVersion));
	t.ok((storedAt ?? 0) < (releasedAt ?? 0), "after its UID was stored");
	t.same(withoutTimes(released?.metadata?.annotations), [
		"riotkit.org/scheduled-backup-spec",
		"riotkit.org/scheduled-backup-uid",
		"riotkit.org/started",
	]);

	t.match(action?.status, {
		phase: "Running",
		processed: true,
		healthy: true,
		targetVersion: "v3",
		jobName: job.metadata?.name,
		jobUID: job.metadata?.uid,
		ownedReferences: [{ apiVersion: "batch/v1", kind: "Job", name: job.metadata?.name, uid: job.metadata?.uid }],
		childrenResourcesHealth: [{ kind: "Job", name: job.metadata?.name, running: true, failed: false }],
	});
	await endRun(world, space, "to-v3", 0);
	await world.untilPhase(space, "to-v3", "Succeeded");
	const { stdout } = await session.kubectl(`get requestedbackupactions -n ${space} -o wide`);
	t.match(
		stdout,
		/^NAME +ACTION +TARGET +PHASE +AGE +BACKUP +JOB +COMPLETED +REASON +MESSAGE\nto-v3 +restore +v3 +Succeeded +\d+s +app +to-v3-[0-9a-f]{10} +\d+s +Job "to-v3-[0-9a-f]{10}" succeeded\n$/,
	);
});

await t.test("a backup's Job may be tried again, and a success that took two tries is a success", async (t) => {
	const space = "backup";
	await world.withBackup(space);
	await world.request(space, "now");
	const job = await jobOf(world, space, "now");
	t.match(job.spec, { backoffLimit: 2, podReplacementPolicy: "Failed", activeDeadlineSeconds: 86_400 });
	t.notOk(environmentOf(job).has("RESTORE_VERSION"));
	const first = await endRun(world, space, "now", 1);
	const second = await endRun(world, space, "now", 0);
	t.ok(first.metadata?.uid);
	t.ok(second.metadata?.uid);
	t.not(first.metadata?.uid, second.metadata?.uid);
	const action = await world.untilPhase(space, "now", "Succeeded");
	t.equal(said(action), `Succeeded Succeeded: Job "${job.metadata?.name}" succeeded`);
	t.notOk("failureReason" in (action.status ?? {}));
	t.match(action.status, { healthy: true, childrenResourcesHealth: [{ running: false, failed: false }] });
});

await t.test("the time to live is set after the outcome was stored, and the outcome outlives the Job", async (t) => {
	const space = "ttl";
	await world.withBackup(space, { vars: `${VARS}HelmValues: {ttlSecondsAfterFinished: 1}\n` });
	await world.request(space, "now", { action: "restore" });
	const created = await jobOf(world, space, "now");
	t.notOk("ttlSecondsAfterFinished" in (created.spec ?? {}), "not before");
	await endRun(world, space, "now", 0);
	const { status } = await world.untilPhase(space, "now", "Succeeded");
	await eventually(() => world.jobs.list(space).length === 0, { what: "the Job is gone" });
	const limited = world.jobs.changes.find(
		({ object }) => object.metadata?.namespace === space && object.spec?.ttlSecondsAfterFinished === 1,
	);
	const told = world.actions.changes.find(
		({ object }) => object.metadata.namespace === space && object.status?.phase === "Succeeded",
	);
	t.ok(Number(told?.object.metadata.resourceVersion) < Number(limited?.object.metadata?.resourceVersion));
	await world.request(space, "next");
	await world.untilPhase(space, "next", "Running");
	t.same(world.actions.get(space, "now")?.status, status, "status stays as it was");
	t.equal(world.jobs.ever(space).length, 2, "no Job was made in its place");
});

await t.test("deleting an action deletes its Job and pod", async (t) => {
	const space = "deletion";
	await world.withBackup(space, { cronJob: undefined });
	await world.request(space, "now");
	await world.untilPhase(space, "now", "Running");
	await eventually(() => world.pods.list(space).length === 1, { what: "the Job has its pod" });
	const { stdout } = await session.kubectl(`delete requestedbackupaction -n ${space} now`);
	t.equal(stdout, 'requestedbackupaction.riotkit.org "now" deleted from deletion namespace\n');
	await eventually(() => world.jobs.list(space).length + world.pods.list(space).length === 0, {
		timeout: 60,
		what: "Job and pod are gone",
	});
	t.equal(world.jobs.ever(space).length, 1, "nothing was made in its place");
});

await t.test(
	"an action that is created again under its old name is a new action, with a Job of another name",
	async (t) => {
		const space = "again";
		await world.withBackup(space);
		const names: (string | undefined)[] = [];
		for (const _ of [1, 2]) {
			await world.request(space, "now");
			names.push((await jobOf(world, space, "now")).metadata?.name);
			await endRun(world, space, "now", 0);
			await world.untilPhase(space, "now", "Succeeded");
			await session.kubectl(`delete requestedbackupaction -n ${space} now --cascade=orphan`);
		}
		t.equal(new Set(names).size, 2);
	},
);
