// Runs whose Jobs are gone before anybody looks are told all the same, and for a ScheduledBackup that is gone nothing is
// made although the watch does not know it yet.
import t from "tap";
import { eventually } from "../cluster/wait.ts";
import { endPod } from "./support/run.ts";
import { awaitCondition, conditionIn, mustKubectl } from "./support/status.ts";
import { startWorld } from "./support/world.ts";

const world = await startWorld(t);
const { session, proxy } = world;

/** A run as the CronJob controller would start it. */
const startRun = (namespace: string, name: string) =>
	mustKubectl(session, `create job -n ${namespace} --from=cronjob/app ${name}`);

await t.test("a failed run whose Job is not kept", async (t) => {
	await world.withBackup("unkept", {
		cronJob: { scheduleEvery: "0 2 * * *", failedJobsHistoryLimit: 0 },
		vars: "Params: {host: a}\nRepository: {url: https://b}\nHelmValues: {backoffLimit: 0}\n",
	});
	await startRun("unkept", "run");
	await endPod(session, "unkept", "run", 1);
	await eventually(async () => (await session.json("get job -n unkept run")) === undefined, {
		what: "the Job is gone",
	});
	const object = await awaitCondition(
		session,
		{ namespace: "unkept", name: "app" },
		{ type: "LastRunSucceeded", status: "False" },
	);
	t.match(conditionIn(object, "LastRunSucceeded")?.message, /^Job "run" failed/);
	t.equal(object.status?.healthy, false);
	t.match(object.status?.lastFailedTime, /Z$/);
});

await t.test("a run that is deleted before it ends", async (t) => {
	await world.withBackup("deleted");
	await startRun("deleted", "run");
	await eventually(() => world.pods.list("deleted").length > 0, { what: "it has a pod" });
	await mustKubectl(session, "delete job -n deleted run");
	const wanted = { type: "LastRunSucceeded", status: "False", reason: "JobDeleted" };
	const object = await awaitCondition(session, { namespace: "deleted", name: "app" }, wanted);
	t.match(
		conditionIn(object, "LastRunSucceeded")?.message,
		/^Job "run" failed \(JobDeleted\): it was deleted before it had ended/,
	);
});

await t.test("nothing is made for a ScheduledBackup that is gone, however long the watch lags", async (t) => {
	await world.withBackup("lag");
	const pass = proxy.decide;
	proxy.decide = (seen) =>
		seen.path.includes("/scheduledbackups") && seen.path.includes("watch=true")
			? { type: "answer", status: 429, body: { kind: "Status", code: 429 }, headers: {} }
			: pass(seen);
	proxy.cut();
	const from = proxy.requests.length;
	await mustKubectl(session, "delete scheduledbackup -n lag app");
	await eventually(
		async () =>
			(await session.json("get cronjob,configmap -n lag -l riotkit.org/scheduled-backup=app")).items.length === 0,
		{
			what: "its children are collected",
		},
	);
	const looks = () =>
		proxy.requests
			.slice(from)
			.filter(({ method, path }) => method === "GET" && path.includes("/namespaces/lag/scheduledbackups/app"));
	await eventually(() => looks().length > 0, { what: "the controller has asked for it" });
	// Other work goes on meanwhile: what the deleted one would do is done before it.
	await world.session.kubectl("create configmap -n lag tick");
	const writes = proxy.requests
		.slice(from)
		.filter(({ method, path }) => method === "POST" && path.includes("/namespaces/lag/"));
	t.strictSame(
		writes.filter(({ path }) => !path.includes("/events")),
		[],
	);
	proxy.decide = pass;
});
