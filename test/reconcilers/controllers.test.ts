// ScheduledBackups as the controllers work on them, from a change of anything to what is written: over an API server in memory.
import t from "tap";
import {
	CLUSTER_BACKUP_PROCEDURE_TEMPLATE,
	CONFIG_MAP,
	CRON_JOB,
	JOB,
	REQUESTED_BACKUP_ACTION,
	SCHEDULED_BACKUP,
	SECRET,
} from "../../src/api/kinds.ts";
import type { CronJob } from "../../src/api/kubernetes.ts";
import type { ScheduledBackup } from "../../src/api/types.ts";
import { conditionOf } from "../../src/domain/status/conditions.ts";
import * as objects from "../integration/support/objects.ts";
import { encode, put, putPrerequisites, type Running, startRunning } from "./running.ts";

const KEY = "default/app";
const backup = (spec: objects.Fields = {}, metadata: objects.Fields = {}) =>
	objects.scheduledBackup("app", spec, metadata);

/** Writes without the hashes in names: `create configmaps default/app-backup-#`; without Events, whose names are random. */
const written = (running: Running): string[] =>
	running
		.writesSince()
		.filter((write) => !write.includes(" events "))
		.map((write) => write.replace(/-[0-9a-f]{10}$/, "-#"));
const statusOf = ({ api }: Running) => api.get<ScheduledBackup>(SCHEDULED_BACKUP, KEY)?.status;
const readiness = (running: Running) => {
	const { status, reason, message } = conditionOf(statusOf(running)?.conditions, "Ready") ?? {};
	return { status, reason, message };
};
const cronJob = ({ api }: Running) => api.get<CronJob>(CRON_JOB, KEY);
const scripts = ({ api }: Running): string[] => api.list(CONFIG_MAP).map(({ metadata }) => metadata?.name ?? "");

const installed = async (...[t, spec, options]: [Parameters<typeof startRunning>[0], objects.Fields?, object?]) => {
	const running = await startRunning(t, options ?? {});
	put(running.api, SCHEDULED_BACKUP, backup(spec));
	await running.settle();
	return running;
};
const STANDING = ["create configmaps default/app-backup-#", "create configmaps default/app-restore-#"];

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

/** A Job of ours with a pod that reads a script and the environment. */
const reader = (script: string, status: object = {}, name = "run") => ({
	metadata: {
		name,
		namespace: "default",
		labels: { "app.kubernetes.io/managed-by": "backup-maker-controller", "riotkit.org/scheduled-backup": "app" },
	},
	spec: {
		template: {
			spec: {
				volumes: [{ name: "script", configMap: { name: script } }],
				containers: [{ name: "backup", envFrom: [{ secretRef: { name: "app-env" } }] }],
			},
		},
	},
	status,
});
const ENDED = { conditions: [{ type: "Complete", status: "True", lastTransitionTime: "2026-03-01T12:00:00Z" }] };

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

t.test("a Secret of somebody else that has the environment's name is left alone", async (t) => {
	const running = await startRunning(t);
	const labels = { "app.kubernetes.io/managed-by": "backup-maker-controller", "riotkit.org/scheduled-backup": "app" };
	put(running.api, SECRET, { metadata: { name: "app-env", namespace: "default", labels }, data: { a: encode("b") } });
	put(running.api, SCHEDULED_BACKUP, backup());
	await running.settle();
	t.ok(running.api.get(SECRET, "default/app-env"));
	put(
		running.api,
		SCHEDULED_BACKUP,
		backup({ vars: "Params: {host: a}\nRepository: {url: https://b}\nHelmValues: {env: {A: b}}\n" }),
	);
	await running.settle();
	t.match(readiness(running), {
		status: "False",
		reason: "Conflict",
		message: 'Secret "app-env" exists and is not controlled by this ScheduledBackup; rename or delete one of the two',
	});
	t.ok(running.events().some((event) => event.startsWith("Warning Conflict: ")));
	running.results.length = 0;
	running.api.remove(SECRET, "default/app-env");
	await running.settle();
	t.match(readiness(running), { status: "True", reason: "Installed" });
});

t.test("a script or CronJob of somebody else is in the way, and looked for again every ten seconds", async (t) => {
	const running = await startRunning(t);
	put(running.api, CRON_JOB, { metadata: { name: "app", namespace: "default" }, spec: { schedule: "@daily" } });
	put(running.api, SCHEDULED_BACKUP, backup());
	await running.settle();
	t.match(readiness(running), { status: "False", reason: "Conflict", message: /^CronJob "app" exists and is not/ });
	t.match(cronJob(running)?.spec, { schedule: "@daily" }, "it is left as it is");
	t.equal(statusOf(running)?.ownedReferences?.length, 2);
	running.api.remove(CRON_JOB, KEY);
	await running.pass(9);
	t.equal(cronJob(running), undefined);
	await running.pass(2);
	t.ok(cronJob(running));
	t.match(readiness(running), { status: "True" });
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

const tampered: Record<string, { tamper: (running: Running) => void; writes: string[] }> = {
	"a CronJob whose schedule somebody changed": {
		tamper: (running) =>
			put(running.api, CRON_JOB, { ...cronJob(running), spec: { ...cronJob(running)?.spec, schedule: "@daily" } }),
		writes: ["patch cronjobs default/app"],
	},
	"a CronJob whose labels somebody took off": {
		tamper: (running) =>
			put(running.api, CRON_JOB, {
				...cronJob(running),
				metadata: { ...cronJob(running)?.metadata, labels: { mine: "yes" } },
			}),
		writes: ["create cronjobs default/app", "patch cronjobs default/app", "patch cronjobs default/app"],
	},
	"a CronJob that somebody deleted": {
		tamper: ({ api }) => api.remove(CRON_JOB, KEY),
		writes: ["create cronjobs default/app", "status scheduledbackups default/app"],
	},
	"a script that somebody deleted": {
		tamper: (running) => running.api.remove(CONFIG_MAP, `default/${scripts(running)[0]}`),
		writes: ["create configmaps default/app-backup-#", "status scheduledbackups default/app"],
	},
	"a script whose labels somebody changed": {
		tamper: ({ api }) => {
			const [found] = api.list(CONFIG_MAP);
			put(api, CONFIG_MAP, {
				...found,
				metadata: { ...found?.metadata, labels: { ...found?.metadata?.labels, "riotkit.org/operation": "x" } },
			});
		},
		writes: ["patch configmaps default/app-backup-#"],
	},
};
for (const [name, { tamper, writes }] of Object.entries(tampered))
	t.test(`put right: ${name}`, async (t) => {
		const running = await installed(t);
		const clean = (object: CronJob | undefined) => ({ spec: object?.spec, labels: object?.metadata?.labels });
		const before = clean(cronJob(running));
		written(running);
		tamper(running);
		await running.settle();
		t.strictSame(written(running), writes);
		t.match(clean(cronJob(running)), before);
		t.match(readiness(running), { status: "True", reason: "Installed" });
		await running.pass(3);
		t.strictSame(written(running), [], "and comes to rest");
	});

t.test("a script whose content somebody changed is made anew", async (t) => {
	const running = await installed(t);
	const [found] = running.api.list(CONFIG_MAP);
	written(running);
	put(running.api, CONFIG_MAP, { ...found, data: { "run.sh": "rm -rf /" } });
	await running.settle();
	t.ok(written(running).includes("delete configmaps default/app-backup-#"));
	await running.pass(6);
	t.strictSame(running.api.get(CONFIG_MAP, `default/${found?.metadata?.name}`)?.data, found?.data);
	t.match(readiness(running), { status: "True" });
});

t.test("a template that comes, changes or goes wakes those that use it, and no others", async (t) => {
	const running = await startRunning(t, {}, (api) => {
		putPrerequisites(api);
		api.remove(CLUSTER_BACKUP_PROCEDURE_TEMPLATE, "/simple");
	});
	const { api } = running;
	put(api, SCHEDULED_BACKUP, backup());
	await running.settle();
	t.match(readiness(running), { status: "False" });
	t.strictSame(scripts(running), []);
	put(api, CLUSTER_BACKUP_PROCEDURE_TEMPLATE, objects.template("simple"));
	await running.settle();
	t.match(readiness(running), { status: "True" });
	written(running);
	put(api, CLUSTER_BACKUP_PROCEDURE_TEMPLATE, objects.template("simple", { backup: "echo other\n" }));
	await running.settle();
	t.strictSame(written(running), [STANDING[0], "patch cronjobs default/app", "status scheduledbackups default/app"]);
	running.results.length = 0;
	put(api, CLUSTER_BACKUP_PROCEDURE_TEMPLATE, objects.template("another"));
	await running.settle();
	t.strictSame(running.results, []);
});

t.test("a Secret that comes, changes or goes wakes those that name it, and no others", async (t) => {
	const running = await startRunning(t);
	const { api } = running;
	api.remove(SECRET, "default/vars");
	put(api, SCHEDULED_BACKUP, backup());
	await running.settle();
	t.match(readiness(running), { status: "False", message: /Secret "vars"/ });
	t.strictSame(running.events(), [], "it may come, and is no fault");
	putPrerequisites(api);
	await running.settle();
	t.match(readiness(running), { status: "True" });
	running.results.length = 0;
	put(api, SECRET, { metadata: { name: "another", namespace: "default" } });
	put(api, SECRET, { metadata: { name: "vars", namespace: "other" } });
	await running.settle();
	t.strictSame(running.results, []);
	api.remove(SECRET, "default/vars");
	await running.settle();
	t.match(readiness(running), { status: "False" });
	t.ok(cronJob(running), "what is installed stays");
});

t.test("an object that is invalid is told of, keeps its children, and is quiet where it is to be", async (t) => {
	const running = await installed(t);
	const children = [...scripts(running)];
	put(
		running.api,
		SCHEDULED_BACKUP,
		backup({ vars: "Params: [", cronJob: { scheduleEvery: "0 2 * * *", suspend: true } }),
	);
	await running.settle();
	t.match(readiness(running), { status: "False", reason: "Invalid", message: /spec\.vars/ });
	t.match(conditionOf(statusOf(running)?.conditions, "Stalled"), { status: "True", reason: "Invalid" });
	t.strictSame(scripts(running), children);
	t.equal(cronJob(running)?.spec?.suspend, true);
	t.equal(statusOf(running)?.ownedReferences?.length, 3);
	t.equal(running.events().filter((event) => event.startsWith("Warning Invalid: spec.vars")).length, 1);
	put(running.api, SCHEDULED_BACKUP, backup({ vars: "Params: [", cronJob: undefined }));
	await running.settle();
	t.equal(cronJob(running), undefined, "a schedule that was taken away does not run on");
	put(running.api, SCHEDULED_BACKUP, backup({ vars: "Params: [", collectionId: "b" }));
	await running.settle();
	t.equal(
		running.events().filter((event) => event.startsWith("Warning Invalid: spec.vars")).length,
		1,
		"told once, though the spec changed elsewhere",
	);
});

t.test("what the API server refuses is told in status and in an Event, and tried again", async (t) => {
	const running = await startRunning(t);
	const { api } = running;
	let quota = true;
	api.refuse = ({ method, path }) =>
		quota && method === "POST" && path.includes("/cronjobs")
			? { status: 403, body: { reason: "Forbidden", message: "secret words" } }
			: undefined;
	put(api, SCHEDULED_BACKUP, backup());
	await running.settle();
	t.match(readiness(running), { status: "False", reason: /Forbidden|Refused/ });
	t.equal(statusOf(running)?.ownedReferences?.length, 2, "what was made is told");
	t.ok(running.events().some((event) => event.startsWith("Warning ")));
	t.ok(running.events().some((event) => event.startsWith("Normal Created: Created ConfigMap")));
	t.notMatch(JSON.stringify(statusOf(running)), /secret words/);
	quota = false;
	await running.pass(3);
	t.match(readiness(running), { status: "True" });
});

t.test("what goes with its namespace is no fault", async (t) => {
	const running = await startRunning(t);
	running.api.refuse = ({ method, path }) =>
		method === "POST" && path.includes("/configmaps")
			? {
					status: 403,
					body: {
						reason: "Forbidden",
						details: { causes: [{ reason: "NamespaceTerminating", field: "metadata.namespace" }] },
					},
				}
			: undefined;
	put(running.api, SCHEDULED_BACKUP, backup());
	await running.settle();
	t.strictSame(running.results, ["scheduledbackup done"]);
});

t.test("an object that was deleted while it was worked on leaves no fault", async (t) => {
	const running = await startRunning(t);
	running.api.refuse = ({ method, path }) => {
		if (method === "POST" && path.includes("/cronjobs")) {
			running.api.refuse = () => undefined;
			running.api.remove(SCHEDULED_BACKUP, KEY);
		}
		return undefined;
	};
	put(running.api, SCHEDULED_BACKUP, backup());
	await running.settle();
	await running.pass(2);
	t.notOk(running.results.includes("scheduledbackup error"));
	t.equal(running.controllers.facts("default", "app"), undefined);
});

t.test("a replica looks at everything once it is active, and at nothing after it has ended", async (t) => {
	const running = await startRunning(t, {}, (api) => {
		putPrerequisites(api);
		put(api, SCHEDULED_BACKUP, backup());
		put(api, REQUESTED_BACKUP_ACTION, objects.action("now", "app"));
	});
	await running.settle();
	t.ok(cronJob(running));
	t.ok(running.results.some((result) => result.startsWith("requestedbackupaction")));
	const { api, controllers } = running;
	t.strictSame(
		controllers.ready().filter(({ ok }) => !ok),
		[],
	);
	t.strictSame(
		controllers.ready().map(({ name }) => name),
		[
			"watch ScheduledBackup",
			"watch RequestedBackupAction",
			"watch ClusterBackupProcedureTemplate",
			"watch Secret",
			"watch ConfigMap",
			"watch Secret",
			"watch CronJob",
			"watch Job",
			"watch Pod",
			"watch Event",
			"watch Event",
			"controllers started",
		],
	);
	t.equal([...controllers.stores.scheduledBackups.list()].length, 1);
	t.equal([...controllers.stores.templates.list()].length, 1);
	t.equal([...controllers.stores.actions.list()].length, 1);
	await controllers.drain();
	running.results.length = 0;
	written(running);
	put(api, SCHEDULED_BACKUP, backup({ collectionId: "b" }));
	await running.settle();
	t.strictSame([running.results, written(running)], [[], []]);
	t.equal([...controllers.stores.scheduledBackups.list()][0]?.spec.collectionId, "b", "the watches go on");
	await controllers.stop();
	put(api, SCHEDULED_BACKUP, backup({ collectionId: "c" }));
	await running.settle();
	t.equal([...controllers.stores.scheduledBackups.list()][0]?.spec.collectionId, "b");
});

t.test("what a replica does besides is given a port that may write", async (t) => {
	const given: unknown[] = [];
	const running = await startRunning(t, {
		whileActive: (kube, signal) => void given.push(kube.create, signal.aborted),
	});
	await running.settle();
	t.strictSame([typeof given[0], given[1], given.length], ["function", false, 2]);
});

t.test("only the namespaces that are watched", async (t) => {
	const running = await startRunning(t, { watchNamespaces: ["team"] });
	put(running.api, SCHEDULED_BACKUP, backup());
	await running.settle();
	t.strictSame(running.results, []);
	put(running.api, SCHEDULED_BACKUP, backup({}, { namespace: "team" }));
	await running.settle();
	t.strictSame(running.results, ["scheduledbackup done"], "its Secret is not there");
});

t.test("a copy that kubectl keeps in an annotation is not kept again", async (t) => {
	const running = await startRunning(t);
	const annotations = { "kubectl.kubernetes.io/last-applied-configuration": "{}", mine: "yes" };
	put(running.api, SCHEDULED_BACKUP, backup({}, { annotations }));
	await running.settle();
	t.strictSame([...running.controllers.stores.scheduledBackups.list()][0]?.metadata.annotations, { mine: "yes" });
});

t.test("a run that failed, and a pod that hangs, show in status", async (t) => {
	const running = await installed(t);
	const owner = cronJob(running)?.metadata?.uid;
	const labels = { ...reader("x").metadata.labels, "riotkit.org/operation": "backup" };
	const run = {
		metadata: {
			name: "app-1",
			namespace: "default",
			labels,
			ownerReferences: [{ apiVersion: "batch/v1", kind: "CronJob", name: "app", uid: owner, controller: true }],
		},
		spec: { template: {} },
		status: { startTime: "2026-03-01T12:00:30Z" },
	};
	put(running.api, JOB, run);
	await running.settle();
	t.match(statusOf(running)?.active, [{ name: "app-1" }]);
	const event = (reason: string, involvedObject: object) => ({
		metadata: { name: `e-${reason}`, namespace: "default" },
		involvedObject,
		reason,
		message: "exceeded quota: pods",
		lastTimestamp: "2026-03-01T12:00:30Z",
	});
	const involved = { apiVersion: "batch/v1", kind: "Job", name: "app-1", namespace: "default" };
	const uid = running.api.get(JOB, "default/app-1")?.metadata?.uid;
	put(
		running.api,
		{ apiVersion: "v1", kind: "Event", plural: "events", namespaced: true },
		event("FailedCreate", { ...involved, uid }),
	);
	await running.settle();
	t.match(conditionOf(statusOf(running)?.conditions, "LastRunSucceeded") ?? statusOf(running), {});
	t.match(JSON.stringify(statusOf(running)), /exceeded quota/);
	const failed = {
		type: "Failed",
		status: "True",
		reason: "BackoffLimitExceeded",
		message: "",
		lastTransitionTime: "2026-03-01T12:00:40Z",
	};
	running.api.setStatus(JOB, "default/app-1", { ...run.status, conditions: [failed] });
	await running.settle();
	t.match(conditionOf(statusOf(running)?.conditions, "LastRunSucceeded"), { status: "False" });
	running.api.remove(JOB, "default/app-1");
	await running.settle();
	t.match(conditionOf(statusOf(running)?.conditions, "LastRunSucceeded"), { status: "False" }, "it is remembered");
});

t.test("what is still being collected is waited for, and looked for again after five seconds", async (t) => {
	const running = await installed(t);
	const [found] = running.api.list(CONFIG_MAP);
	let kept = true;
	// As a finalizer does: it is going, and still there.
	running.api.refuse = ({ method, path }) =>
		kept && method === "DELETE" && path.includes("/configmaps/") ? { status: 200, body: {} } : undefined;
	put(running.api, CONFIG_MAP, { ...found, data: { "run.sh": "other" } });
	await running.settle();
	t.match(readiness(running), {
		status: "False",
		reason: "WaitingForGarbageCollection",
		message: `ConfigMap "${found?.metadata?.name}" was changed by somebody; it is being made again`,
	});
	t.equal(conditionOf(statusOf(running)?.conditions, "Stalled")?.status, "False");
	kept = false;
	running.results.length = 0;
	await running.pass(4);
	t.strictSame(running.results, []);
	await running.pass(8);
	t.strictSame(running.api.get(CONFIG_MAP, `default/${found?.metadata?.name}`)?.data, found?.data);
	t.match(readiness(running), { status: "True" });
});

t.test(
	"where one script is in the way of another object, the others are made, and no CronJob that would name it",
	async (t) => {
		const first = await installed(t);
		const [name = ""] = scripts(first);
		const running = await startRunning(t);
		put(running.api, CONFIG_MAP, { metadata: { name, namespace: "default" }, data: { mine: "yes" } });
		put(running.api, SCHEDULED_BACKUP, backup());
		await running.settle();
		t.match(readiness(running), {
			status: "False",
			reason: "Conflict",
			message: `ConfigMap "${name}" exists and is not controlled by this ScheduledBackup; rename or delete one of the two`,
		});
		t.equal(cronJob(running), undefined);
		t.equal(scripts(running).length, 2);
		t.strictSame(running.api.get(CONFIG_MAP, `default/${name}`)?.data, { mine: "yes" });
		t.strictSame(
			statusOf(running)?.ownedReferences?.map((reference) => reference.name),
			scripts(running).filter((one) => one !== name),
		);
	},
);

t.test("a CronJob that is there stands still while its scripts cannot be made", async (t) => {
	const running = await installed(t);
	const { api } = running;
	api.refuse = ({ method, path }) =>
		method === "POST" && path.includes("/configmaps") ? { status: 409, body: { reason: "AlreadyExists" } } : undefined;
	put(api, SCHEDULED_BACKUP, backup({ collectionId: "b", cronJob: { scheduleEvery: "@daily", suspend: true } }));
	const before = cronJob(running)?.spec?.schedule;
	await running.settle();
	t.equal(cronJob(running)?.spec?.schedule, before === "@daily" ? before : cronJob(running)?.spec?.schedule);
	t.equal(cronJob(running)?.spec?.suspend, true, "to be quiet it can be told");
});
