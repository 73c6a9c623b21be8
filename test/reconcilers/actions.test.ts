// RequestedBackupActions as the controllers work on them, from the wish to the outcome: over an API server in memory.
import t from "tap";
import { JOB, POD, REQUESTED_BACKUP_ACTION, SCHEDULED_BACKUP, SECRET } from "../../src/api/kinds.ts";
import * as objects from "../integration/support/objects.ts";
import { asked, complete, failedStatus, jobKey, jobOf, START_TIME, statusOf, written } from "./actionscenario.ts";
import { put } from "./objects.ts";
import { startRunning } from "./running.ts";

t.test("its life: a Job that is made suspended, recorded, released once, followed, and its outcome", async (t) => {
	const running = await asked(t);
	t.strictSame(written(running), [
		"create jobs default/now-#",
		"status requestedbackupactions default/now",
		"patch jobs default/now-#",
	]);
	t.match(jobOf(running), {
		spec: { suspend: false },
		metadata: {
			annotations: { "riotkit.org/started": "2026-03-01T12:00:30Z" },
			ownerReferences: [{ kind: "RequestedBackupAction", name: "now", controller: true }],
			labels: { "riotkit.org/requested-backup-action": "now", "riotkit.org/operation": "backup" },
		},
	});
	t.match(statusOf(running), {
		phase: "Pending",
		jobUID: jobOf(running)?.metadata?.uid,
		processed: true,
		healthy: true,
	});
	running.api.setStatus(JOB, jobKey(running), { active: 1, startTime: START_TIME });
	await running.settle();
	t.match(statusOf(running), { phase: "Running", startTime: START_TIME, healthy: true });
	t.strictSame(written(running), ["status requestedbackupactions default/now"]);
	running.api.setStatus(JOB, jobKey(running), complete);
	await running.settle();
	t.match(statusOf(running), { phase: "Succeeded", completionTime: "2026-03-01T12:01:00Z", startTime: START_TIME });
	t.ok(running.events().some((event) => /^Normal Succeeded: Job "now-\w+" succeeded$/.test(event)));
	t.equal(running.events().length, 2);
	written(running);
	await running.pass(5);
	t.strictSame(written(running), [], "and then nothing");
	running.api.remove(JOB, jobKey(running));
	await running.settle();
	t.match(statusOf(running), { phase: "Succeeded" }, "its Job may go");
	t.strictSame(written(running), []);
});

t.test("a failure", async (t) => {
	const running = await asked(t);
	running.api.setStatus(JOB, jobKey(running), failedStatus);
	await running.settle();
	t.match(statusOf(running), { phase: "Failed", healthy: false });
	t.equal(running.events().filter((event) => event.startsWith("Warning ")).length, 1);
	t.equal(running.results.at(-1), "requestedbackupaction done");
});

t.test("a Job that was deleted before its outcome was known is a failure, told and not repeated", async (t) => {
	const running = await asked(t);
	running.api.remove(JOB, jobKey(running));
	await running.settle();
	t.match(statusOf(running), { phase: "Failed", failureReason: "JobDeleted" });
	t.strictSame(running.api.list(JOB), []);
	t.ok(running.events().some((event) => /^Warning JobDeleted: Job "now-\w+" was deleted before/.test(event)));
});

t.test("a Job is kept for its time to live only once its outcome is stored", async (t) => {
	const vars = "Params: {host: a}\nRepository: {url: https://b}\nHelmValues: {ttlSecondsAfterFinished: 60}\n";
	const running = await asked(t, "backup", { cronJob: undefined, vars });
	t.equal(jobOf(running)?.spec?.ttlSecondsAfterFinished, undefined);
	t.match(jobOf(running)?.metadata?.annotations, { "riotkit.org/ttl-seconds-after-finished": "60" });
	running.api.setStatus(JOB, jobKey(running), complete);
	await running.settle();
	t.equal(jobOf(running)?.spec?.ttlSecondsAfterFinished, 60);
	t.match(statusOf(running), { phase: "Succeeded" });
});

t.test("one after the other, the earlier first", async (t) => {
	const running = await asked(t);
	running.clock.advance(1_000);
	put(running.api, REQUESTED_BACKUP_ACTION, objects.action("later", "app"));
	await running.settle();
	t.match(statusOf(running, "later"), {
		phase: "Pending",
		message: 'An earlier action of ScheduledBackup "app" runs first',
		healthy: true,
	});
	t.equal(jobOf(running, "later"), undefined);
	running.api.setStatus(JOB, jobKey(running), complete);
	await running.settle();
	t.ok(jobOf(running, "later"), "the end of the first wakes it");
	t.equal(jobOf(running, "later")?.spec?.suspend, false);
});

t.test("one that is deleted lets the next one go", async (t) => {
	const running = await asked(t);
	running.clock.advance(1_000);
	put(running.api, REQUESTED_BACKUP_ACTION, objects.action("later", "app"));
	await running.settle();
	running.api.remove(REQUESTED_BACKUP_ACTION, "default/now");
	running.api.remove(JOB, jobKey(running));
	await running.settle();
	t.equal(jobOf(running, "later")?.spec?.suspend, false);
});

t.test("without its ScheduledBackup it waits, says so once, and goes on when that comes", async (t) => {
	const running = await startRunning(t);
	put(running.api, REQUESTED_BACKUP_ACTION, objects.action("now", "app"));
	await running.settle();
	t.match(statusOf(running), { phase: "Pending", healthy: false, message: /does not exist; the action waits for it/ });
	t.strictSame(running.events(), [
		'Warning WaitingForScheduledBackup: ScheduledBackup "app" does not exist; the action waits for it',
	]);
	put(running.api, SCHEDULED_BACKUP, objects.scheduledBackup("app", { cronJob: undefined }));
	await running.settle();
	t.equal(jobOf(running)?.spec?.suspend, false);
	t.notOk(running.events().some((event) => /not Ready|not reconciled/.test(event)));
});

t.test("a Job of somebody else that has its Job's name is in the way, looked at every half minute", async (t) => {
	const running = await asked(t);
	const name = jobOf(running)?.metadata?.name ?? "";
	const uid = running.api.get(REQUESTED_BACKUP_ACTION, "default/now")?.metadata?.uid ?? "";
	const other = await startRunning(t, {}, (api) => {
		put(api, JOB, { metadata: { name, namespace: "default" }, spec: { template: {} } });
	});
	other.api.put(SCHEDULED_BACKUP, running.api.get(SCHEDULED_BACKUP, "default/app") as never);
	for (const kind of [SECRET]) for (const one of running.api.list(kind)) other.api.put(kind, one as never);
	put(
		other.api,
		{
			apiVersion: "riotkit.org/v1alpha1",
			kind: "ClusterBackupProcedureTemplate",
			plural: "clusterbackupproceduretemplates",
			namespaced: false,
		},
		objects.template("simple"),
	);
	await other.settle();
	put(other.api, REQUESTED_BACKUP_ACTION, objects.action("now", "app", {}, { uid }));
	await other.settle();
	await other.pass(2);
	t.match(statusOf(other), {
		phase: "Pending",
		healthy: false,
		message: /exists and is not controlled by this action/,
	});
	t.equal(other.events().filter((event) => event.startsWith("Warning Conflict: ")).length, 1);
	other.api.remove(JOB, `default/${name}`);
	await other.pass(25);
	t.equal(jobOf(other), undefined);
	await other.pass(6);
	t.ok(jobOf(other));
});

t.test("labels that somebody took off its Job are put back, so that its end is heard", async (t) => {
	const running = await asked(t);
	const job = jobOf(running);
	put(running.api, JOB, { ...job, metadata: { ...job?.metadata, labels: {} } });
	await running.settle();
	t.match(jobOf(running)?.metadata?.labels, job?.metadata?.labels ?? {});
	running.api.setStatus(JOB, jobKey(running), complete);
	await running.settle();
	t.match(statusOf(running), { phase: "Succeeded" });
});

t.test("what the API server refuses is told in its status and an Event, and tried again", async (t) => {
	const running = await startRunning(t);
	put(running.api, SCHEDULED_BACKUP, objects.scheduledBackup("app", { cronJob: undefined }));
	await running.settle();
	let quota = true;
	running.api.refuse = ({ method, path }) =>
		quota && method === "POST" && path.includes("/jobs") ? { status: 403, body: { reason: "Forbidden" } } : undefined;
	put(running.api, REQUESTED_BACKUP_ACTION, objects.action("now", "app"));
	await running.settle();
	t.match(statusOf(running), { phase: "Pending", healthy: false, processed: false });
	t.equal(running.events().filter((event) => event.startsWith("Warning ")).length, 1);
	t.ok(running.results.includes("requestedbackupaction error"));
	await running.pass(2);
	t.equal(running.events().filter((event) => event.startsWith("Warning ")).length, 1, "told once");
	quota = false;
	await running.pass(4);
	t.equal(jobOf(running)?.spec?.suspend, false);
});

t.test("a pod that hangs shows in the status of its action", async (t) => {
	const running = await asked(t);
	const { uid, labels, name } = jobOf(running)?.metadata ?? {};
	running.api.setStatus(JOB, jobKey(running), { active: 1, startTime: START_TIME });
	const ownerReferences = [{ apiVersion: "batch/v1", kind: "Job", name, uid, controller: true }];
	const waiting = { reason: "CreateContainerConfigError", message: "no such key" };
	put(running.api, POD, {
		metadata: { name: "pod", namespace: "default", labels, ownerReferences },
		status: {
			phase: "Pending",
			conditions: [{ type: "PodScheduled", status: "True" }],
			containerStatuses: [{ name: "backup", state: { waiting }, restartCount: 0 }],
		},
	});
	await running.settle();
	t.match(statusOf(running), { phase: "Running", healthy: false, message: /no such key/ });
	running.api.setStatus(POD, "default/pod", { phase: "Running", containerStatuses: [] });
	await running.settle();
	t.match(statusOf(running), { phase: "Running", healthy: true });
});

t.test("an Event about a pod wakes its action, unless it is deleted", async (t) => {
	const running = await asked(t);
	const { uid, labels, name } = jobOf(running)?.metadata ?? {};
	running.api.setStatus(JOB, jobKey(running), { active: 1, startTime: START_TIME });
	const ownerReferences = [{ apiVersion: "batch/v1", kind: "Job", name, uid, controller: true }];
	put(running.api, POD, {
		metadata: { name: "pod", namespace: "default", labels, ownerReferences },
		status: {
			phase: "Pending",
			conditions: [{ type: "PodScheduled", status: "True" }],
			containerStatuses: [{ name: "backup", state: { waiting: { reason: "ContainerCreating" } }, restartCount: 0 }],
		},
	});
	await running.settle();
	t.match(statusOf(running), { healthy: true });
	const EVENT = { apiVersion: "v1", kind: "Event", plural: "events", namespaced: true };
	put(running.api, EVENT, {
		metadata: { name: "mount", namespace: "default" },
		involvedObject: {
			kind: "Pod",
			name: "pod",
			namespace: "default",
			uid: running.api.get(POD, "default/pod")?.metadata?.uid,
		},
		reason: "FailedMount",
		message: 'configmap "x" not found',
		lastTimestamp: "2026-03-01T12:00:30Z",
	});
	await running.settle();
	t.match(statusOf(running), { healthy: false, message: /configmap "x" not found/ });
	running.results.length = 0;
	running.api.remove(EVENT, "default/mount");
	await running.settle();
	t.strictSame(running.results, []);
});

t.test("an action that is being deleted is let go", async (t) => {
	const running = await startRunning(t);
	put(running.api, SCHEDULED_BACKUP, objects.scheduledBackup("app", { cronJob: undefined }));
	put(
		running.api,
		REQUESTED_BACKUP_ACTION,
		objects.action("now", "app", {}, { deletionTimestamp: "2026-03-01T12:00:00Z" }),
	);
	await running.settle();
	t.strictSame(running.api.list(JOB), []);
	t.equal(statusOf(running), undefined);
});
