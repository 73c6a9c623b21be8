// ScheduledBackups as the controllers work on them, from a change of anything to what is written: over an API server in memory.
import t from "tap";
import { CONFIG_MAP, CRON_JOB, JOB, SCHEDULED_BACKUP, SECRET } from "../../src/api/kinds.ts";
import { put } from "./objects.ts";
import {
	backup,
	cronJob,
	ENDED,
	installed,
	KEY,
	reader,
	readiness,
	STANDING,
	scripts,
	statusOf,
	written,
} from "./scenario.ts";

t.test("a new one: scripts, CronJob, status and one Event, and then nothing until the next run", async (t) => {
	const running = await installed(t);
	t.strictSame(written(running), [...STANDING, "create cronjobs default/app", "status scheduledbackups default/app"]);
	t.match(running.events(), [
		/^Normal Created: Created ConfigMap "app-backup-\w+", ConfigMap "app-restore-\w+", CronJob "app"$/,
	]);
	t.match(statusOf(running), {
		observedGeneration: 1,
		healthy: true,
		nextScheduleTime: "2026-03-02T02:00:00Z",
		ownedReferences: [{ kind: "ConfigMap" }, { kind: "ConfigMap" }, { kind: "CronJob", name: "app" }],
	});
	t.strictSame(readiness(running), { status: "True", reason: "Installed", message: "The objects are installed" });
	t.strictSame(running.results, ["scheduledbackup requeue"], "our own writes wake nobody");
	t.match(running.logged, [/"after":50371,/], "one second after the next run");
	for (const child of [...running.api.list(CONFIG_MAP), ...running.api.list(CRON_JOB)])
		t.match(child.metadata?.ownerReferences, [{ kind: "ScheduledBackup", name: "app", controller: true }]);
	running.clock.advance(50_370_000);
	await running.settle();
	t.equal(running.results.length, 1);
	running.clock.advance(1_000);
	await running.settle();
	t.equal(running.results.length, 2, "looked at when a run is due");
});

t.test("what was found of its Secrets is there for admission, and goes with it", async (t) => {
	const running = await installed(t);
	const { controllers, api } = running;
	t.ok(controllers.facts("default", "app"));
	t.equal(controllers.facts("default", "app")?.template, undefined, "the template is looked up anew");
	t.equal(controllers.facts("default", "other"), undefined);
	api.remove(SCHEDULED_BACKUP, KEY);
	await running.settle();
	t.equal(controllers.facts("default", "app"), undefined);
	put(api, SCHEDULED_BACKUP, backup());
	await running.settle();
	t.ok(controllers.facts("default", "app"));
	put(api, SCHEDULED_BACKUP, backup({}, { deletionTimestamp: "2026-03-01T12:00:00Z" }));
	written(running);
	await running.settle();
	t.equal(controllers.facts("default", "app"), undefined, "also while it is being deleted");
	t.strictSame(written(running), [], "and nothing is made for it");
	put(api, SCHEDULED_BACKUP, backup());
	await running.settle();
	t.ok(controllers.facts("default", "app"));
	await controllers.stop();
	t.equal(controllers.facts("default", "app"), undefined, "nobody keeps them up to date any more");
});

t.test("an object that was stored before a limit of new vars is installed, and Ready", async (t) => {
	const vars = `Params:\n  host: db.example.org\n  ${"k".repeat(600)}: kept\n`;
	const running = await installed(t, { vars });
	t.match(readiness(running), { status: "True", reason: "Installed" });
	t.ok(cronJob(running));
});

t.test("an edit makes new scripts, and old ones go after ten seconds", async (t) => {
	const running = await installed(t);
	const before = scripts(running);
	written(running);
	put(running.api, SCHEDULED_BACKUP, backup({ vars: "Params: {host: other}\nRepository: {url: https://b}\n" }));
	await running.settle();
	t.strictSame(written(running), [...STANDING, "patch cronjobs default/app", "status scheduledbackups default/app"]);
	t.match(running.events().slice(1), [/^Normal Created: Created ConfigMap /, 'Normal Updated: Updated CronJob "app"']);
	t.equal(statusOf(running)?.observedGeneration, 2);
	await running.pass(9);
	t.strictSame(written(running), []);
	await running.pass(2);
	t.strictSame(written(running).sort(), [
		"delete configmaps default/app-backup-#",
		"delete configmaps default/app-restore-#",
	]);
	t.notOk(scripts(running).some((name) => before.includes(name)));
	t.equal(scripts(running).length, 2);
});

t.test("an old script stays as long as a Job that has not ended reads it", async (t) => {
	const running = await installed(t);
	const old = scripts(running).find((name) => name.startsWith("app-backup")) ?? "";
	put(running.api, JOB, reader(old));
	put(running.api, SCHEDULED_BACKUP, backup({ vars: "Params: {host: other}\nRepository: {url: https://b}\n" }));
	await running.settle();
	await running.pass(12);
	t.ok(scripts(running).includes(old));
	t.equal(scripts(running).length, 3, "the script for restores went");
	running.api.setStatus(JOB, "default/run", ENDED);
	await running.settle();
	await running.pass(11);
	t.notOk(scripts(running).includes(old));
});

t.test("an environment of its own goes once no Job needs it", async (t) => {
	const vars = "Params: {host: a}\nRepository: {url: https://b}\nHelmValues: {env: {PGPORT: '5432'}}\n";
	const running = await installed(t, { vars });
	t.strictSame(written(running), [
		...STANDING,
		"create secrets default/app-env",
		"create cronjobs default/app",
		"status scheduledbackups default/app",
	]);
	t.match(statusOf(running)?.ownedReferences, [{}, {}, { kind: "Secret", name: "app-env" }, { kind: "CronJob" }]);
	put(running.api, JOB, reader("x"));
	put(running.api, SCHEDULED_BACKUP, backup());
	await running.settle();
	t.ok(running.api.get(SECRET, "default/app-env"), "a Job needs it");
	running.api.setStatus(JOB, "default/run", ENDED);
	await running.settle();
	t.equal(running.api.get(SECRET, "default/app-env"), undefined);
	t.match(statusOf(running)?.ownedReferences, [{ kind: "ConfigMap" }, { kind: "ConfigMap" }, { kind: "CronJob" }]);
});

t.test("without a schedule there is no CronJob", async (t) => {
	const running = await installed(t, { cronJob: undefined });
	t.strictSame(written(running), [...STANDING, "status scheduledbackups default/app"]);
	t.strictSame(running.results, ["scheduledbackup done"]);
	t.equal(statusOf(running)?.nextScheduleTime, undefined);
});

t.test("a schedule that is switched off: the CronJob is suspended, and goes when its runs have ended", async (t) => {
	const running = await installed(t);
	const owner = cronJob(running)?.metadata?.uid;
	const run = {
		...reader("x"),
		metadata: {
			...reader("x").metadata,
			ownerReferences: [{ apiVersion: "batch/v1", kind: "CronJob", name: "app", uid: owner, controller: true }],
		},
	};
	put(running.api, JOB, run);
	await running.settle();
	written(running);
	put(running.api, SCHEDULED_BACKUP, backup({ cronJob: { enabled: false, scheduleEvery: "0 2 * * *" } }));
	await running.settle();
	t.strictSame(written(running), ["patch cronjobs default/app", "status scheduledbackups default/app"]);
	t.equal(cronJob(running)?.spec?.suspend, true);
	t.match(readiness(running), { message: 'CronJob "app" is suspended and goes when Job "run" has ended' });
	running.api.setStatus(JOB, "default/run", ENDED);
	await running.settle();
	t.equal(cronJob(running), undefined);
	t.match(readiness(running), { message: "The objects are installed" });
	t.equal(statusOf(running)?.ownedReferences?.length, 2);
});

t.test("a schedule that is switched off just when a run is due goes some seconds later", async (t) => {
	const running = await installed(t, { cronJob: { scheduleEvery: "*/1 * * * *" } });
	put(running.api, SCHEDULED_BACKUP, backup({ cronJob: undefined }));
	running.clock.advance(20_000);
	await running.settle();
	t.match(readiness(running), {
		message: 'CronJob "app" is suspended and goes in some seconds, in case a run that was due still starts',
	});
	t.ok(cronJob(running));
	await running.pass(12);
	t.equal(cronJob(running), undefined);
});

t.test("suspended by the user", async (t) => {
	const running = await installed(t, { cronJob: { scheduleEvery: "0 2 * * *", suspend: true } });
	t.equal(cronJob(running)?.spec?.suspend, true);
	t.equal(statusOf(running)?.nextScheduleTime, undefined);
	put(running.api, SCHEDULED_BACKUP, backup());
	await running.settle();
	t.equal(cronJob(running)?.spec?.suspend, false);
});
