import t from "tap";
import { ensureChild, holderOf } from "../../../reconcilers/scheduledbackup/children.ts";
import { configMapChild, cronJobChild } from "../../../reconcilers/scheduledbackup/kinds.ts";
import type { Watches } from "../../../reconcilers/shared/context.ts";
import { createFresh } from "../../../reconcilers/shared/fresh.ts";
import { CONFIG_MAP, CRON_JOB } from "../../../src/api/kinds.ts";
import type { ConfigMap, CronJob, OwnerReference } from "../../../src/api/kubernetes.ts";
import { type CronJobFacts, cronJobFacts, type DataFacts, dataFacts } from "../../../src/domain/status/facts.ts";
import { createStore } from "../../../src/kube/reflector/store.ts";
import { scheduledBackup } from "../../domain/status/samples.ts";
import { createWorld } from "../world.ts";

const owner = scheduledBackup();
const reference = (uid = "sb-uid", more: Partial<OwnerReference> = {}): OwnerReference => ({
	apiVersion: "riotkit.org/v1alpha1",
	kind: "ScheduledBackup",
	name: "app1",
	uid,
	controller: true,
	...more,
});
const cronJob = (spec: object = {}, owners: OwnerReference[] = [reference()]): CronJob =>
	({
		metadata: { namespace: "default", name: "app1", labels: { ours: "yes" }, ownerReferences: owners },
		spec: { schedule: "@daily", suspend: false, ...spec },
	}) as unknown as CronJob;
const script = (text: string): ConfigMap => ({
	metadata: { namespace: "default", name: "app1-backup-1", labels: {}, ownerReferences: [reference()] },
	immutable: true,
	data: { backup: text },
});

/** A world with its watches; `sync` lets the watches catch up with it. */
const setUp = () => {
	const world = createWorld();
	const stores = { cronJobs: createStore<CronJobFacts>(), configMaps: createStore<DataFacts>() };
	const watches = {
		cronJobs: createFresh(
			() => stores.cronJobs,
			() => 0,
		),
		configMaps: createFresh(
			() => stores.configMaps,
			() => 0,
		),
	} as unknown as Watches;
	const sync = (): void => {
		const [job, map] = [world.get(CRON_JOB, "app1"), world.get(CONFIG_MAP, "app1-backup-1")];
		if (job !== undefined) stores.cronJobs.put(cronJobFacts(job));
		if (map !== undefined) stores.configMaps.put(dataFacts(map as Parameters<typeof dataFacts>[0]));
	};
	return {
		world,
		sync,
		cronJob: (wanted: CronJob) => ensureChild(world.kube, cronJobChild(watches), owner, wanted),
		script: (wanted: ConfigMap) => ensureChild(world.kube, configMapChild(watches), owner, wanted),
	};
};

t.test("who holds a name", async (t) => {
	const held = (owners: OwnerReference[], metadata: object = {}) =>
		holderOf({ metadata: { ownerReferences: owners, ...metadata } }, owner);
	t.equal(holderOf(undefined, owner), "nobody");
	t.equal(held([reference()]), "ours");
	t.equal(held([reference()], { deletionTimestamp: "x" }), "dying");
	t.equal(held([reference("dead-uid")]), "dying", "a predecessor of the same name");
	t.equal(held([reference("x", { name: "app2" })]), "foreign");
	t.equal(held([reference("sb-uid", { controller: false })]), "foreign", "it does not control it");
	t.equal(held([]), "foreign");
});

t.test("made once, then nothing is written, before and after the watch shows it", async (t) => {
	const { world, sync, ...ensure } = setUp();
	t.match(await ensure.cronJob(cronJob()), { type: "created" });
	t.match(await ensure.cronJob(cronJob()), { type: "unchanged" });
	sync();
	t.match(await ensure.cronJob(cronJob()), { type: "unchanged" });
	t.strictSame(world.writes, ["create cronjobs app1"]);
});

t.test("one write for a wanted change; an edit by hand is undone, additions too", async (t) => {
	const { world, sync, ...ensure } = setUp();
	await ensure.cronJob(cronJob({ extra: 1 }));
	t.match(await ensure.cronJob(cronJob({ schedule: "@hourly" })), { type: "updated" });
	t.strictSame(world.writes, ["create cronjobs app1", "patch cronjobs app1"]);
	t.strictSame(world.get(CRON_JOB, "app1")?.spec, { schedule: "@hourly", suspend: false });
	const { uid = "" } = world.get(CRON_JOB, "app1")?.metadata ?? {};
	await world.kube.patch(CRON_JOB, { namespace: "default", name: "app1" }, { spec: { added: true } }, { uid });
	sync();
	t.match(await ensure.cronJob(cronJob({ schedule: "@hourly" })), { type: "updated" });
	t.strictSame(world.get(CRON_JOB, "app1")?.spec, { schedule: "@hourly", suspend: false });
	t.match(await ensure.cronJob(cronJob({ schedule: "@hourly" })), { type: "unchanged" });
});

t.test("a label that was taken off comes back, and then nothing is written again", async (t) => {
	const { world, ...ensure } = setUp();
	await ensure.cronJob(cronJob());
	const other = setUp();
	const live = world.get(CRON_JOB, "app1") as CronJob;
	other.world.put(CRON_JOB, { ...live, metadata: { ...live.metadata, labels: {} } });
	t.match(
		await other.cronJob(cronJob()),
		{ type: "updated" },
		"the watch does not show it: its POST tells that it is there",
	);
	t.match(await other.cronJob(cronJob()), { type: "unchanged" });
	t.strictSame(other.world.get(CRON_JOB, "app1")?.metadata?.labels, { ours: "yes" });
});

t.test("what is not ours is left alone, seen by the watch or met in a race", async (t) => {
	const { world, sync, ...ensure } = setUp();
	const theirs = world.put(CRON_JOB, cronJob({}, []));
	t.match(await ensure.cronJob(cronJob()), { type: "conflict", message: /CronJob|app1/ });
	sync();
	t.match(await ensure.cronJob(cronJob()), { type: "conflict" });
	t.strictSame(world.get(CRON_JOB, "app1"), theirs);
	t.strictSame(world.writes, ["create cronjobs app1"], "only the refused POST");
});

t.test("a predecessor's child is waited for", async (t) => {
	const { world, sync, ...ensure } = setUp();
	world.put(CRON_JOB, cronJob({}, [reference("dead-uid")]));
	sync();
	t.match(await ensure.cronJob(cronJob()), { type: "waiting", message: /garbage collection/ });
	t.strictSame(world.writes, []);
});

t.test("a script that only lost a label gets it back, and is not deleted", async (t) => {
	const { world, ...ensure } = setUp();
	const wanted = { ...script("ours"), metadata: { ...script("ours").metadata, labels: { ours: "yes" } } };
	world.put(CONFIG_MAP, script("ours"));
	t.match(await ensure.script(wanted), { type: "updated" });
	t.match(await ensure.script(wanted), { type: "unchanged" });
	t.strictSame(world.writes, ["create configmaps app1-backup-1", "patch configmaps app1-backup-1"]);
	t.strictSame(world.get(CONFIG_MAP, "app1-backup-1")?.metadata?.labels, { ours: "yes" });
});

t.test("owners that others added stay", async (t) => {
	const { world, ...ensure } = setUp();
	const theirs = reference("other-uid", { kind: "Application", controller: false });
	await ensure.cronJob(cronJob());
	const live = world.get(CRON_JOB, "app1") as CronJob;
	world.put(CRON_JOB, { ...live, metadata: { ...live.metadata, ownerReferences: [theirs, reference()] } });
	t.match(await ensure.cronJob(cronJob({ schedule: "@hourly" })), { type: "updated" });
	t.strictSame(world.get(CRON_JOB, "app1")?.metadata?.ownerReferences, [reference(), theirs]);
});

t.test("a script that somebody replaced is deleted, to be made again", async (t) => {
	const { world, sync, ...ensure } = setUp();
	world.put(CONFIG_MAP, script("theirs"));
	sync();
	t.match(await ensure.script(script("ours")), { type: "waiting" });
	t.strictSame(world.writes, ["delete configmaps app1-backup-1"]);
});
