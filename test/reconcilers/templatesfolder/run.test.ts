// A folder of templates applied to a world: whose objects are changed, what happens to those that left the folder, and what
// is tried again.
import t from "tap";
import { CLUSTER_BACKUP_PROCEDURE_TEMPLATE, SCHEDULED_BACKUP } from "../../../src/api/kinds.ts";
import type { ClusterBackupProcedureTemplate, ScheduledBackup } from "../../../src/api/types.ts";
import { AlreadyExistsError, ConflictError, InvalidObjectError, UnavailableError } from "../../../src/kube/errors.ts";
import { plainBackup } from "../../fixtures/seed.ts";
import { createWorld, type World } from "../world.ts";
import { folderOf, startFolder, templateText } from "./folder.ts";

const TEMPLATE = CLUSTER_BACKUP_PROCEDURE_TEMPLATE;
const OURS = { "app.kubernetes.io/managed-by": "backup-maker-controller", "riotkit.org/installation": "backups" };
const NOTHING = { applied: 0, wrong: 0, conflict: 0, refused: 0, failed: 0, kept: 0 };

const existing = (name: string, metadata: object = {}): ClusterBackupProcedureTemplate => ({
	apiVersion: "riotkit.org/v1alpha1",
	kind: "ClusterBackupProcedureTemplate",
	metadata: { name, ...metadata },
	spec: { image: "old:1", backup: "echo old", restore: "", templateLanguage: "GoTemplate" },
});

const user = (name: string, template: string, kind = "ClusterBackupProcedureTemplate"): ScheduledBackup => ({
	...plainBackup({ templateRef: { kind, name: template } }),
	metadata: { name, namespace: "team" },
});

const apply = async (world: World, files: Record<string, string>, changes = {}) => {
	world.writes.length = 0;
	const ran = startFolder(world.kube, files, changes);
	await ran.folder.done;
	return { ...ran, counts: ran.counts.at(-1), writes: world.writes.slice() };
};

t.test("made, left alone, changed", async (t) => {
	const world = createWorld();
	const files = { "pg.yaml": templateText("pg", { metadata: ", annotations: {a: b}" }) };
	const first = await apply(world, files);
	t.same(first.writes, ["create clusterbackupproceduretemplates pg", "apply clusterbackupproceduretemplates pg"]);
	t.same(first.counts, { ...NOTHING, applied: 1 });
	t.same(first.log, ["info template pg (/templates/pg.yaml:1): created"]);
	t.match(world.get(TEMPLATE, "pg")?.metadata, { labels: OURS, annotations: { a: "b" } });
	const again = await apply(world, files);
	t.same([again.writes, again.log, again.counts], [[], [], { ...NOTHING, applied: 1 }], "nothing to do");
	const edited = await apply(world, { "pg.yaml": templateText("pg").replace("echo a", "echo b") });
	t.same(edited.log, ["info template pg (/templates/pg.yaml:1): changed"]);
	t.equal(world.get(TEMPLATE, "pg")?.spec.backup, "echo b");
});

t.test("somebody else's template of the name is left as it is", async (t) => {
	const others = {
		unmarked: {},
		"another tool's": { labels: { ...OURS, "app.kubernetes.io/managed-by": "Helm" } },
		"another installation's": { labels: { ...OURS, "riotkit.org/installation": "other" } },
	};
	for (const [name, metadata] of Object.entries(others)) {
		const world = createWorld();
		const before = world.put(TEMPLATE, existing("pg", metadata));
		const { counts, log, writes } = await apply(world, { "a.yaml": templateText("pg"), "b.yaml": templateText("b") });
		t.same(counts, { ...NOTHING, applied: 1, conflict: 1 }, name);
		t.match(log[0], /^warn template pg .*exists and is not of this installation: .*kubectl label .* pg --overwrite/);
		t.ok(writes.every((write) => write.endsWith(" b")));
		t.strictSame(world.get(TEMPLATE, "pg"), before);
		t.same((await apply(world, {})).writes, ["delete clusterbackupproceduretemplates b"], "nor is it deleted");
	}
});

t.test("what left the folder goes when nobody uses it", async (t) => {
	const world = createWorld();
	for (const name of ["used", "free", "shadowed"]) world.put(TEMPLATE, existing(name, { labels: OURS }));
	world.put(TEMPLATE, existing("dying", { labels: OURS, deletionTimestamp: "2026-01-01T00:00:00Z" }));
	for (let count = 1; count <= 12; count += 1) world.put(SCHEDULED_BACKUP, user(`app${count}`, "used"));
	world.put(SCHEDULED_BACKUP, user("internal", "shadowed", "internal"));
	const { counts, log, writes } = await apply(world, {});
	t.same(writes.sort(), [
		"delete clusterbackupproceduretemplates free",
		"delete clusterbackupproceduretemplates shadowed",
	]);
	t.same(counts, { ...NOTHING, kept: 1 });
	t.equal(
		log[0],
		'warn ClusterBackupProcedureTemplate "used" is not in the folder any more and stays, since it is used by ScheduledBackup team/app1, team/app10, team/app11, team/app12, team/app2, team/app3, team/app4, team/app5, team/app6, team/app7 and 2 more',
	);
	t.same(log.slice(1), [
		"info template free is not in the folder any more: deleted",
		"info template shadowed is not in the folder any more: deleted",
	]);
});

t.test("users are looked for where we watch", async (t) => {
	const world = createWorld();
	world.put(TEMPLATE, existing("used", { labels: OURS }));
	world.put(SCHEDULED_BACKUP, user("app", "used"));
	const asked: (string | undefined)[] = [];
	const kube: World["kube"] = {
		...world.kube,
		list: async (kind, options = {}) => {
			if (kind.kind === "ScheduledBackup") asked.push(options.namespace);
			return world.kube.list(kind, options);
		},
	};
	const { folder, log } = startFolder(kube, {}, { watchNamespaces: ["a", "b"] });
	await folder.done;
	t.same(asked, ["a", "b"]);
	t.match(log, [/used by ScheduledBackup team\/app, team\/app$/]);
});

t.test("where something cannot be read, nothing is deleted", async (t) => {
	const world = createWorld();
	world.put(TEMPLATE, existing("old", { labels: OURS }));
	const { counts, log, writes } = await apply(world, { "a.yaml": "a: [", "b.yaml": templateText("b") });
	t.same(counts, { ...NOTHING, wrong: 1, applied: 1 });
	t.notOk(writes.some((write) => write.startsWith("delete")));
	t.match(log, [/^warn \/templates\/a\.yaml:1: not valid YAML/, /created$/, /no template is deleted$/]);
});

const failing = (world: World, method: "create" | "apply" | "delete" | "list", errors: unknown[]): World["kube"] => ({
	...world.kube,
	[method]: async (...args: unknown[]) => {
		const error = errors.shift();
		if (error !== undefined) throw error;
		return (world.kube[method] as (...args: unknown[]) => Promise<unknown>)(...args);
	},
});
const details = { operation: "create clusterbackupproceduretemplates pg" };

t.test("a failure of the world is tried again, with back-off and as late as the server wants", async (t) => {
	const world = createWorld();
	const down = (retryAfter?: number) =>
		new UnavailableError("down", retryAfter === undefined ? details : { ...details, retryAfter });
	const kube = failing(world, "create", [down(), down(7), new Error("odd")]);
	const files = { "a.yaml": templateText("pg"), "b.yaml": templateText("b", { spec: ", imge: y" }) };
	const { folder, clock, counts, log } = startFolder(kube, files);
	for (const wait of [750, 7_000, 3_000]) {
		t.equal(await clock.untilTimer(() => true), wait);
		clock.advance(wait);
	}
	await folder.done;
	t.same(
		counts.map(({ failed, applied, wrong }) => [failed, applied, wrong]),
		[
			[1, 0, 1],
			[1, 0, 1],
			[1, 0, 1],
			[0, 1, 1],
		],
	);
	t.equal(log.filter((line) => line.includes("imge")).length, 1, "a mistake is told once");
	t.equal(log.filter((line) => line.includes("could not be applied; it is tried again")).length, 3);
});

t.test("a folder that is not there is a failure of the world", async (t) => {
	const world = createWorld();
	world.put(TEMPLATE, existing("old", { labels: OURS }));
	let there = false;
	const system = folderOf({ "a.yaml": templateText("pg") });
	const { folder, clock, log, counts } = startFolder(
		world.kube,
		{},
		{
			system: { ...system, isFolder: (path) => (there ? system.isFolder(path) : Promise.reject({ code: "ENOENT" })) },
		},
	);
	await clock.untilTimer(() => true);
	t.same(world.writes, [], "nothing is deleted meanwhile");
	t.same(log, [
		'warn the folder of templates could not be applied: --templates-dir: Invalid value: "/templates": file or folder not found (ENOENT); give the path of a readable folder; it is tried again',
	]);
	there = true;
	clock.advance(60_000);
	await folder.done;
	t.same(counts.at(-1), { ...NOTHING, applied: 1 });
});

t.test("what changes under our hands is looked at again", async (t) => {
	const world = createWorld();
	const kube = failing(world, "create", [
		new AlreadyExistsError("taken", details),
		new ConflictError("changed", details),
	]);
	const { folder, counts } = startFolder(kube, { "a.yaml": templateText("pg") });
	await folder.done;
	t.same(counts, [{ ...NOTHING, applied: 1 }]);
	const racing = Array.from({ length: 5 }, () => new ConflictError("changed", details));
	const never = startFolder(failing(world, "apply", racing), { "a.yaml": templateText("pg") });
	await never.clock.untilTimer(() => true);
	t.same(never.counts, [{ ...NOTHING, failed: 1 }], "and then later");
	await never.folder.stop();
});

t.test("one that is being deleted is made again when it is gone", async (t) => {
	const world = createWorld();
	const dying = { labels: OURS, deletionTimestamp: "2026-01-01T00:00:00Z" };
	const { uid = "" } = world.put(TEMPLATE, existing("pg", dying)).metadata;
	const errors: unknown[] = [];
	const nothing = () => undefined;
	const logger = {
		debug: nothing,
		info: nothing,
		warn: (fields: object) => void errors.push((fields as { err?: unknown }).err),
		error: nothing,
	};
	const { folder, clock, counts } = startFolder(world.kube, { "a.yaml": templateText("pg") }, { logger });
	await clock.untilTimer(() => true);
	t.same(world.writes, []);
	t.match(errors, [
		{
			message: 'ClusterBackupProcedureTemplate "pg" is being deleted',
			operation: "apply clusterbackupproceduretemplates",
		},
	]);
	await world.kube.delete(TEMPLATE, { name: "pg" }, { uid });
	clock.advance(60_000);
	await folder.done;
	t.same(counts.at(-1), { ...NOTHING, applied: 1 });
});

t.test("what admission refuses is told and not tried again", async (t) => {
	const world = createWorld();
	world.put(TEMPLATE, existing("old", { labels: OURS }));
	const refused = () =>
		new InvalidObjectError("invalid", { ...details, status: 422, causes: ["spec FieldValueForbidden"] });
	const { folder, log, counts } = startFolder(failing(world, "create", [refused()]), { "a.yaml": templateText("pg") });
	await folder.done;
	t.same(counts, [{ ...NOTHING, refused: 1 }]);
	t.match(log[0], /refuses to create .* pg \(422 spec FieldValueForbidden\): it breaks ScheduledBackups that use it/);
	world.put(TEMPLATE, existing("old", { labels: OURS }));
	const kept = startFolder(failing(world, "delete", [refused()]), {});
	await kept.folder.done;
	t.same(kept.counts, [{ ...NOTHING, kept: 1 }]);
	t.match(kept.log, [/"old" .* stays, since its deletion is refused$/]);
	const broken = startFolder(failing(world, "delete", [new UnavailableError("down", details)]), {});
	await broken.clock.untilTimer(() => true);
	await broken.folder.stop();
	t.same(broken.log, ["warn the folder of templates could not be applied; it is tried again"]);
});

t.test("stopped, it starts no other call", async (t) => {
	const world = createWorld();
	const files = { "a.yaml": templateText("a"), "b.yaml": templateText("b") };
	let stop: () => Promise<void> = async () => undefined;
	const kube: World["kube"] = {
		...world.kube,
		apply: async (kind, object) => {
			void stop();
			return world.kube.apply(kind, object);
		},
	};
	const { folder } = startFolder(kube, files);
	stop = folder.stop;
	await folder.done;
	t.same(world.writes, ["create clusterbackupproceduretemplates a"]);
	await folder.stop();
});

t.test("nothing is done before admission is served, nor once this replica may not write any more", async (t) => {
	const world = createWorld();
	const served = Promise.withResolvers<void>();
	const files = { "a.yaml": templateText("a") };
	const waiting = startFolder(world.kube, files, { served: served.promise });
	t.same(world.writes, []);
	served.resolve();
	await waiting.folder.done;
	t.same(waiting.counts, [{ ...NOTHING, applied: 1 }]);
	const term = new AbortController();
	const ended = startFolder(world.kube, {}, { served: Promise.race([]), signal: term.signal });
	term.abort();
	await ended.folder.done;
	await startFolder(world.kube, {}, { signal: term.signal }).folder.done;
	t.ok(world.get(TEMPLATE, "a"));
	t.same(ended.counts, []);
});
