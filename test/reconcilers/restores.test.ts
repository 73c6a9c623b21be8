// Restores as the controllers work on them: nothing else runs over one, and it runs over nothing.
import t from "tap";
import { CRON_JOB, JOB, POD, REQUESTED_BACKUP_ACTION, SCHEDULED_BACKUP } from "../../src/api/kinds.ts";
import type { Job } from "../../src/api/kubernetes.ts";
import * as objects from "../integration/support/objects.ts";
import { asked, complete, jobKey, jobOf, START_TIME, schedule, statusOf } from "./actionscenario.ts";
import { put } from "./objects.ts";
import { type Running, startRunning } from "./running.ts";

t.test("a restore: the schedule stands still before it starts and until it has ended", async (t) => {
	const running = await asked(t, "restore", {});
	await running.settle();
	t.equal(schedule(running)?.suspend, true);
	t.equal(jobOf(running)?.spec?.suspend, false, "no run was due");
	t.match(jobOf(running)?.metadata?.labels, { "riotkit.org/operation": "restore" });
	const message = "The objects are installed; the CronJob is suspended while a restore runs";
	const ready = running.api
		.get(SCHEDULED_BACKUP, "default/app")
		?.status?.conditions?.find(({ type }) => type === "Ready");
	t.match(ready, { status: "True", message });
	running.api.setStatus(JOB, jobKey(running), { active: 1, startTime: START_TIME });
	await running.settle();
	t.equal(schedule(running)?.suspend, true);
	running.api.setStatus(JOB, jobKey(running), complete);
	await running.settle();
	t.equal(schedule(running)?.suspend, false);
	t.match(statusOf(running), { phase: "Succeeded", targetVersion: "latest" });
});

t.test("a pod that outlives its restore keeps the schedule still", async (t) => {
	const running = await asked(t, "restore", {});
	const labels = jobOf(running)?.metadata?.labels;
	put(running.api, POD, { metadata: { name: "pod", namespace: "default", labels }, status: { phase: "Running" } });
	running.api.setStatus(JOB, jobKey(running), complete);
	await running.settle();
	t.equal(schedule(running)?.suspend, true);
	running.api.setStatus(POD, "default/pod", { phase: "Succeeded" });
	await running.settle();
	t.equal(schedule(running)?.suspend, false);
});

/** A run of the schedule. */
const scheduledRun = (running: Running, operation: string) => {
	const uid = running.api.get(CRON_JOB, "default/app")?.metadata?.uid;
	const labels = {
		"app.kubernetes.io/managed-by": "backup-maker-controller",
		"riotkit.org/scheduled-backup": "app",
		"riotkit.org/operation": operation,
	};
	const ownerReferences = [{ apiVersion: "batch/v1", kind: "CronJob", name: "app", uid, controller: true }];
	return { metadata: { name: "app-1", namespace: "default", labels, ownerReferences }, spec: { template: {} } };
};

t.test("a restore waits for a run that is under way", async (t) => {
	const running = await startRunning(t);
	put(running.api, SCHEDULED_BACKUP, objects.scheduledBackup("app"));
	await running.settle();
	put(running.api, JOB, scheduledRun(running, "backup"));
	put(running.api, REQUESTED_BACKUP_ACTION, objects.action("now", "app", { action: "restore" }));
	await running.settle();
	await running.pass(2);
	t.match(statusOf(running), { phase: "Pending", message: /Waits until Job "app-1" has ended/ });
	t.equal(jobOf(running)?.spec?.suspend, true, "it is held");
	t.equal(schedule(running)?.suspend, true);
	running.api.setStatus(JOB, "default/app-1", complete);
	await running.settle();
	t.equal(jobOf(running)?.spec?.suspend, false);
});

t.test("a run that begins over a restore is suspended, told, and resumed when that has ended", async (t) => {
	const running = await asked(t, "restore", {});
	running.api.setStatus(JOB, jobKey(running), { active: 1, startTime: START_TIME });
	await running.settle();
	put(running.api, JOB, scheduledRun(running, "backup"));
	await running.settle();
	t.match(running.api.get<Job>(JOB, "default/app-1"), {
		spec: { suspend: true },
		metadata: { annotations: { "riotkit.org/held-for-restore": "true" } },
	});
	t.ok(
		running
			.events()
			.includes('Warning RunHeld: Suspended Job "app-1": begun while a restore runs, it goes on when that has ended'),
	);
	running.api.setStatus(JOB, jobKey(running), complete);
	await running.settle();
	const resumed = running.api.get<Job>(JOB, "default/app-1");
	t.equal(resumed?.spec?.suspend, false);
	t.notOk("riotkit.org/held-for-restore" in (resumed?.metadata?.annotations ?? {}));
});

t.test("a restore of what was edited since its Job was made never starts", async (t) => {
	const running = await startRunning(t);
	put(running.api, SCHEDULED_BACKUP, objects.scheduledBackup("app"));
	await running.settle();
	put(running.api, JOB, scheduledRun(running, "backup"));
	put(running.api, REQUESTED_BACKUP_ACTION, objects.action("now", "app", { action: "restore" }));
	await running.settle();
	t.equal(jobOf(running)?.spec?.suspend, true);
	put(running.api, SCHEDULED_BACKUP, objects.scheduledBackup("app", { collectionId: "collection-2" }));
	running.api.remove(JOB, "default/app-1");
	await running.pass(2);
	t.match(statusOf(running), { phase: "Failed", failureReason: "NeverStarted" });
	t.strictSame(running.api.list(JOB), []);
	t.equal(schedule(running)?.suspend, false);
});
