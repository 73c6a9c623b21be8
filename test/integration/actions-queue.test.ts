// Actions of one ScheduledBackup run one at a time, the oldest first; those of different ones do not wait for each other.
import t from "tap";
import { startKubelet } from "./support/kubelet.ts";
import { manifest, namespace, scheduledBackup, secret } from "./support/objects.ts";
import { overlaps } from "./support/overlap.ts";
import { endRun, jobOf, said } from "./support/runs.ts";
import { startWorld } from "./support/world.ts";

const world = await startWorld(t);
const { session } = world;

await t.test("many pairs at the same moment: never two at a time", async (t) => {
	const space = "pairs";
	const inside = { namespace: space };
	const names = Array.from({ length: 16 }, (_, index) => `app-${index}`);
	const variables = secret("vars", { "Params.password": "not-a-real-password" }, inside);
	const backups = names.map((name) => scheduledBackup(name, { cronJob: undefined }, inside));
	await session.apply(manifest(namespace(space), variables, ...backups));
	for (const name of names) await world.untilReady(space, name);
	const kubelet = await startKubelet(
		session.plane,
		({ metadata }) => (metadata?.namespace === space ? 0 : undefined),
		200,
	);
	t.teardown(() => kubelet.stop());
	const ordered = (name: string) => ["b", "a", "c"].map((letter) => ({ name: `${letter}-${name}`, target: name }));
	await Promise.all(
		names
			.flatMap(ordered)
			.map(({ name, target }, index) =>
				world.request(space, name, { action: index % 2 ? "restore" : "backup", scheduledBackupRef: { name: target } }),
			),
	);
	for (const { name } of names.flatMap(ordered)) await world.untilPhase(space, name, "Succeeded");
	t.same(overlaps(world.jobs, space), [], "no two Jobs of a ScheduledBackup ran at the same time");
	t.equal(world.jobs.ever(space).length, 48, "one Job for each action");
	t.equal(world.pods.ever(space).length, 48, "one pod for each action");
});

await t.test("the oldest runs alone, the others are Queued and go on in order", async (t) => {
	const space = "queue";
	await world.withBackup(space);
	const names = ["first", "second", "third"];
	for (const name of names) {
		await world.request(space, name, { action: name === "third" ? "backup" : "restore" });
		await world.until(space, name, "is seen", ({ status }) => status?.phase !== undefined);
	}
	for (const [index, name] of names.entries()) {
		await world.untilPhase(space, name, "Running");
		t.equal(world.jobs.list(space).length, index + 1, `only Jobs up to that of ${name} were made`);
		for (const later of names.slice(index + 1)) {
			const waiting = world.actions.get(space, later);
			t.equal(waiting && said(waiting), 'Pending Queued: An earlier action of ScheduledBackup "app" runs first');
			t.match(waiting?.status, { processed: false, healthy: true, ownedReferences: [] });
		}
		await endRun(world, space, name, index === 0 ? 1 : 0);
	}
	await world.untilPhase(space, "third", "Succeeded");
	t.equal(world.actions.get(space, "first")?.status?.phase, "Failed", "a failed one lets the next go on");
	t.same(overlaps(world.jobs, space), []);
	const { stdout } = await session.kubectl(`get requestedbackupactions -n ${space}`);
	t.match(
		stdout,
		/^NAME +ACTION +TARGET +PHASE +AGE\nfirst +restore +latest +Failed +\d+s\nsecond +restore +latest +Succeeded +\d+s\nthird +backup +Succeeded +\d+s\n$/,
	);
});

await t.test("a deleted action makes way: one that waits, and one that runs", async (t) => {
	const space = "deleted";
	await world.withBackup(space, { cronJob: undefined });
	for (const name of ["first", "second", "third"]) {
		await world.request(space, name);
		await world.until(space, name, "is seen", ({ status }) => status?.phase !== undefined);
	}
	await world.untilPhase(space, "first", "Running");
	const { metadata } = await jobOf(world, space, "first");
	await session.kubectl(`delete requestedbackupaction -n ${space} second`);
	await session.kubectl(`delete requestedbackupaction -n ${space} first`);
	await world.untilPhase(space, "third", "Running");
	t.notOk(world.jobs.get(space, metadata?.name ?? ""), "its Job went with it");
	t.equal(world.jobs.ever(space).length, 2, "the second never had a Job");
	t.same(overlaps(world.jobs, space), []);
});

await t.test("an action of another ScheduledBackup does not wait", async (t) => {
	const space = "others";
	await world.withBackup(space);
	await session.apply(manifest(scheduledBackup("other", {}, { namespace: space })));
	await world.untilReady(space, "other");
	await world.request(space, "mine", { action: "restore" });
	await world.request(space, "theirs", { action: "restore", scheduledBackupRef: { name: "other" } });
	await world.untilPhase(space, "mine", "Running");
	await world.untilPhase(space, "theirs", "Running");
	t.ok(world.cronJobs.get(space, "app")?.spec?.suspend && world.cronJobs.get(space, "other")?.spec?.suspend);
});
