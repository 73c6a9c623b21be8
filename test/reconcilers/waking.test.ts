// What wakes the controllers, what does not, and what they show of themselves.
import t from "tap";
import {
	CLUSTER_BACKUP_PROCEDURE_TEMPLATE,
	JOB,
	REQUESTED_BACKUP_ACTION,
	SCHEDULED_BACKUP,
	SECRET,
} from "../../src/api/kinds.ts";
import { conditionOf } from "../../src/domain/status/conditions.ts";
import * as objects from "../integration/support/objects.ts";
import { put, putPrerequisites } from "./objects.ts";
import { startRunning } from "./running.ts";
import { backup, cronJob, installed, reader, readiness, STANDING, scripts, statusOf, written } from "./scenario.ts";

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
