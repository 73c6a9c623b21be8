// Templates that an installation ships with: applied once the controller serves, through its own admission; edited, taken
// out, and never at the expense of what is somebody else's or in use.
import { mkdir, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import t from "tap";
import { startSession } from "../cluster/session.ts";
import { eventually } from "../cluster/wait.ts";
import { type Fields, manifest, namespace, scheduledBackup, template } from "./support/objects.ts";

t.setTimeout(300_000);

const session = await startSession(t);
const folder = join(session.folder, "templates");
const flags = [`--templates-dir=${folder}`, "--namespace=backups"];

/** As a mounted ConfigMap has its files: links into a hidden folder. */
const ship = async (files: Record<string, string>): Promise<void> => {
	await rm(folder, { recursive: true, force: true });
	await mkdir(join(folder, "..data"), { recursive: true });
	for (const [name, text] of Object.entries(files)) {
		await writeFile(join(folder, "..data", name), text);
		await symlink(join("..data", name), join(folder, name));
	}
};

const shipped = (name: string, spec: Fields = {}, metadata: Fields = {}) => {
	const made = template(name, { backup: "echo backup\n", restore: "echo restore\n", ...spec });
	return { ...made, metadata: { ...made.metadata, ...metadata } };
};

const states = async (metrics: () => Promise<string>): Promise<Record<string, number>> =>
	Object.fromEntries(
		[...(await metrics()).matchAll(/folder_templates\{state="(\w+)"\} (\d+)/g)].map(([, state, count]) => [
			state,
			Number(count),
		]),
	);

/** A controller over the folder as it is now, once it has gone through it. */
const run = async (...further: string[]) => {
	const controller = await session.controller({ flags: [...flags, ...further] });
	const counts = await eventually(
		async () => {
			const found = await states(controller.metrics);
			return Object.keys(found).length > 0 && found["failed"] === 0 ? found : undefined;
		},
		{ what: "the folder is applied" },
	);
	t.equal(await controller.readyz(), 200);
	const log = await controller.log();
	await controller.terminate();
	t.equal(controller.exitCode(), 0);
	return { counts, log };
};
/** What people do meanwhile: our kinds are only accepted while a controller serves. */
const whileServing = async (work: () => Promise<unknown>): Promise<void> => {
	const controller = await session.controller();
	await work();
	await controller.terminate();
};
const read = (name: string) => session.json(`get clusterbackupproceduretemplates ${name}`);
const NOTHING = { applied: 0, wrong: 0, conflict: 0, refused: 0, failed: 0, kept: 0 };

t.test("applied, left alone, edited", async (t) => {
	const annotated = { annotations: { "example.org/note": "x" }, labels: { team: "platform" } };
	await ship({ "a.yaml": manifest(shipped("pg"), shipped("files", {}, annotated)), "notes.txt": "no manifest" });
	t.same((await run()).counts, { ...NOTHING, applied: 2 });
	const first = await read("files");
	t.match(first.metadata, {
		labels: {
			team: "platform",
			"app.kubernetes.io/managed-by": "backup-maker-controller",
			"riotkit.org/installation": "backups",
		},
		annotations: { "example.org/note": "x" },
	});
	t.same((await run()).counts, { ...NOTHING, applied: 2 });
	t.equal((await read("files")).metadata.resourceVersion, first.metadata.resourceVersion, "not written again");

	await session.kubectl("annotate clusterbackupproceduretemplate files example.org/theirs=y");
	await ship({
		"a.yaml": manifest(shipped("pg"), shipped("files", { backup: "echo other\n" }, { labels: { a: "b" } })),
	});
	t.match((await run()).log, /template files \([^)]*a\.yaml:\d+\): changed/);
	const { metadata, spec } = await read("files");
	t.equal(spec.backup, "echo other\n");
	t.same(metadata.annotations, { "example.org/theirs": "y" }, "what left the manifest left the object; others' stays");
	t.equal(metadata.labels.team, undefined);
	t.equal(metadata.labels.a, "b");
});

t.test("a wrong one and somebody else's keep no other from being applied", async (t) => {
	await whileServing(() => session.apply(manifest(shipped("theirs", { backup: "echo theirs\n" }))));
	await ship({
		"a.yaml": manifest(shipped("theirs"), shipped("pg"), shipped("files")),
		"b.yaml": manifest(shipped("wrong", { backup: "{{ if }}" }), shipped("last")),
	});
	const { counts, log } = await run();
	t.same(counts, { ...NOTHING, applied: 3, wrong: 1, conflict: 1 });
	t.match(log, /b\.yaml:\d+: ClusterBackupProcedureTemplate wrong: spec\.backup: template: wrong:1: /);
	t.match(log, /ClusterBackupProcedureTemplate \\"theirs\\" exists and is not of this installation/);
	t.match((await read("theirs")).spec, { backup: "echo theirs\n" });
	t.notOk((await read("theirs")).metadata.labels);
	t.ok(await read("last"));
});

t.test("what left the folder goes, unless it is used; an edit that breaks its users is refused", async (t) => {
	const spec = { templateRef: { name: "pg" }, varsSecretRef: undefined, cronJob: undefined };
	await session.apply(manifest(namespace("team")));
	await whileServing(() => session.apply(manifest(scheduledBackup("app", spec, { namespace: "team" }))));
	await ship({ "a.yaml": manifest(shipped("files")) });
	const kept = await run();
	t.same(kept.counts, { ...NOTHING, applied: 1, kept: 1 });
	t.match(kept.log, /stays, since it is used by ScheduledBackup team\/app/);
	t.ok(await read("pg"));
	t.notOk(await read("last"), "nobody used it");
	t.ok(await read("theirs"), "never ours");

	await ship({ "a.yaml": manifest(shipped("files"), shipped("pg", { backup: "echo {{ .Params.nosuch }}\n" })) });
	const refused = await run();
	t.same(refused.counts, { ...NOTHING, applied: 1, refused: 1 });
	t.match(refused.log, /template pg \([^)]*\): the API server refuses to apply .*breaks ScheduledBackups that use it/);
	t.equal((await read("pg")).spec.backup, "echo backup\n");

	await session.kubectl("delete scheduledbackup -n team app");
	await ship({});
	t.same((await run()).counts, NOTHING);
	t.notOk(await read("pg"));
	t.notOk(await read("files"));
});

t.test("it waits for the world, and nothing waits for it", async (t) => {
	await rm(folder, { recursive: true, force: true });
	const controller = await session.controller({ flags });
	t.equal(await controller.readyz(), 200, "ready without it");
	await eventually(
		async () =>
			/the folder of templates could not be applied: --templates-dir: Invalid value: .*ENOENT/.test(
				await controller.log(),
			),
		{
			what: "the log says so",
		},
	);
	await ship({ "a.yaml": manifest(shipped("late")) });
	await eventually(() => read("late"), { what: "it is applied" });
	await controller.terminate();
	t.equal(controller.exitCode(), 0);
});

t.test("two installations in one namespace leave each other's alone", async (t) => {
	await ship({ "a.yaml": manifest(shipped("of-a")) });
	t.match((await run("--installation=backups.a")).counts, { applied: 1 });
	t.equal((await read("of-a")).metadata.labels["riotkit.org/installation"], "backups.a");
	await ship({ "a.yaml": manifest(shipped("of-b")) });
	const { counts, log } = await run("--installation=backups.b");
	t.same(counts, { ...NOTHING, applied: 1 });
	t.notMatch(log, /is not in the folder any more/);
	t.ok(await read("of-a"), "the other's stays");
	await ship({});
	t.same((await run("--installation=backups.b")).counts, NOTHING);
	t.notOk(await read("of-b"), "its own goes");
	t.ok(await read("of-a"), "the other's stays");
});

t.test("two controllers at once come to the same", async (t) => {
	await ship({ "a.yaml": manifest(...Array.from({ length: 20 }, (_, index) => shipped(`many-${index}`))) });
	const controllers = await Promise.all([session.controller({ flags }), session.controller({ flags })]);
	for (const { metrics } of controllers) {
		const counts = await eventually(
			async () => {
				const found = await states(metrics);
				return found["applied"] === 20 ? found : undefined;
			},
			{ what: "all are applied" },
		);
		t.same(counts, { ...NOTHING, applied: 20 });
	}
});
