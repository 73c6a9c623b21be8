// What an action's Job is made of comes from the API server itself, never from a watch that may lag behind an edit.
import t from "tap";
import { prepareJob } from "../../../reconcilers/requestedbackupaction/prepare.ts";
import { CLUSTER_BACKUP_PROCEDURE_TEMPLATE, SCHEDULED_BACKUP, SECRET } from "../../../src/api/kinds.ts";
import { contextOf, putScript, readyBackup, readyWorld, requested } from "./context.ts";

/** The watches show the ScheduledBackup and the template as they were before any edit. */
const lagging = () => {
	const world = readyWorld();
	const before = {
		scheduledBackups: { get: () => world.get(SCHEDULED_BACKUP, "app") },
		templates: { get: () => world.get(CLUSTER_BACKUP_PROCEDURE_TEMPLATE, "simple") },
	};
	const [backup, template] = [before.scheduledBackups.get(), before.templates.get()];
	const watches = { scheduledBackups: { get: () => backup }, templates: { get: () => template } };
	return { world, template, context: contextOf(world, watches) };
};

/** Name of the script that is wanted, which is not there yet. */
const scriptOf = (preparation: Awaited<ReturnType<typeof prepareJob>>): string | undefined =>
	"wait" in preparation ? /^ConfigMap "(.*?)" does not exist/.exec(preparation.wait.message)?.[1] : undefined;

t.test("an edit that the watch does not show yet is waited for", async (t) => {
	const { world, context } = lagging();
	world.put(SCHEDULED_BACKUP, readyBackup({}, { generation: 2 }));
	t.match(await prepareJob(context, requested("restore")), { wait: { message: /not reconciled yet/ } });
});

t.test("a ScheduledBackup that is gone though the watch shows it is waited for", async (t) => {
	const { world, context } = lagging();
	await world.kube.delete(SCHEDULED_BACKUP, { name: "app" }, { uid: "app-uid" });
	t.match(await prepareJob(context, requested("restore")), { wait: { message: /does not exist/ } });
});

t.test("a template that was edited counts as it is now", async (t) => {
	const { world, template, context } = lagging();
	const before = scriptOf(await prepareJob(context, requested("restore")));
	t.match(before, /^app-restore-[0-9a-f]{10}$/);
	if (template === undefined) throw new Error("no template");
	world.put(CLUSTER_BACKUP_PROCEDURE_TEMPLATE, { ...template, spec: { ...template.spec, restore: "echo edited\n" } });
	const after = scriptOf(await prepareJob(context, requested("restore")));
	t.match(after, /^app-restore-[0-9a-f]{10}$/);
	t.not(after, before);
	putScript(world, after ?? "");
	t.match(await prepareJob(context, requested("restore")), { job: { spec: { suspend: true } } });
});

t.test("a script that does nothing is a failure: to wait for it would hold up every later action", async (t) => {
	const { world, template, context } = lagging();
	if (template === undefined) throw new Error("no template");
	const restore = '{{ if index .Params "on" }}echo{{ end }}';
	world.put(CLUSTER_BACKUP_PROCEDURE_TEMPLATE, { ...template, spec: { ...template.spec, restore } });
	t.match(await prepareJob(context, requested("restore")), {
		failure: {
			reason: "Invalid",
			message: /the restore script of ClusterBackupProcedureTemplate "simple" does nothing/,
		},
	});
});

t.test("a mistake that nothing will mend by itself is a failure; what is missing may come", async (t) => {
	const { world, template, context } = lagging();
	if (template === undefined) throw new Error("no template");
	const restore = "echo {{ .Params.gone }}\n";
	world.put(CLUSTER_BACKUP_PROCEDURE_TEMPLATE, { ...template, spec: { ...template.spec, restore } });
	t.match(await prepareJob(context, requested("restore")), {
		failure: { reason: "Invalid", message: /map has no entry for key "gone"/ },
	});
	world.put(CLUSTER_BACKUP_PROCEDURE_TEMPLATE, template);
	await world.kube.delete(SECRET, { name: "vars" }, { uid: world.get(SECRET, "vars")?.metadata?.uid ?? "" });
	t.match(await prepareJob(context, requested("restore")), {
		wait: { reason: "WaitingForScheduledBackup", message: /Secret "vars" does not exist/, troubled: true },
	});
});

t.test("a limit on new vars does not stop the restore of an object that was stored before it", async (t) => {
	const vars = `Params:\n  host: db.example.org\n  ${"k".repeat(600)}: kept\n`;
	const world = readyWorld(readyBackup({ vars }));
	const context = contextOf(world);
	putScript(world, scriptOf(await prepareJob(context, requested("restore"))) ?? "");
	t.match(await prepareJob(context, requested("restore")), { job: { spec: { suspend: true } } });
});
