// What stands in the way of a ScheduledBackup's objects, or changes them: somebody else's objects, hands, and the API server.
import t from "tap";
import { CONFIG_MAP, CRON_JOB, SCHEDULED_BACKUP, SECRET } from "../../src/api/kinds.ts";
import type { CronJob } from "../../src/api/kubernetes.ts";
import { conditionOf } from "../../src/domain/status/conditions.ts";
import { encode, put } from "./objects.ts";
import { type Running, startRunning } from "./running.ts";
import { backup, cronJob, installed, KEY, readiness, scripts, statusOf, written } from "./scenario.ts";

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
	await running.settle();
	t.equal(cronJob(running)?.spec?.suspend, true, "to be quiet it can be told");
});
