// An action when others interfere: a watch that lags, a label that is taken away, a finalizer, a refusal by the API server.
import t from "tap";
import { callApi } from "../cluster/api.ts";
import { eventually } from "../cluster/wait.ts";
import { manifest, scheduledBackup } from "./support/objects.ts";
import { endRun, jobOf, podOfAction, said } from "./support/runs.ts";
import { startWorld } from "./support/world.ts";

t.setTimeout(400_000);

const world = await startWorld(t);
const { session } = world;

await t.test("the watch lags behind an accepted edit: a restore does not run the old spec", async (t) => {
	const space = "lagging";
	await world.withBackup(space, { cronJob: undefined });
	const unavailable = { type: "answer", status: 429, body: { kind: "Status", code: 429 } } as const;
	world.proxy.decide = ({ path }) =>
		path.includes("/scheduledbackups") && path.includes("watch=true") ? unavailable : { type: "pass" };
	world.proxy.cut();
	const edited = {
		cronJob: undefined,
		vars: "Params: {host: new.example.org}\nRepository: {url: https://backups.example.org}\n",
	};
	await session.apply(manifest(scheduledBackup("app", edited, { namespace: space })));
	await world.request(space, "run", { action: "restore" });
	const waiting = await world.until(space, "run", "says something", ({ status }) => status?.message !== undefined);
	t.equal(said(waiting), 'Pending WaitingForScheduledBackup: ScheduledBackup "app" is not reconciled yet');
	t.same(world.jobs.ever(space), [], "and no Job is made meanwhile");
	world.proxy.decide = () => ({ type: "pass" });
	const job = await jobOf(world, space, "run");
	const script = job.spec?.template.spec?.volumes?.find(({ configMap }) => configMap !== undefined)?.configMap?.name;
	t.match(JSON.stringify((await session.json(`get configmap ${script} -n ${space}`)).data), "new.example.org");
	await world.untilPhase(space, "run", "Running");
});

await t.test("a Job that loses its labels gets them back, and its end is seen", async (t) => {
	const space = "unlabelled";
	await world.withBackup(space, { cronJob: undefined });
	await world.request(space, "run");
	await podOfAction(world, space, "run");
	const { name } = (await jobOf(world, space, "run")).metadata ?? {};
	await session.kubectl(`label job ${name} -n ${space} riotkit.org/scheduled-backup-`);
	await eventually(
		() => world.jobs.get(space, name ?? "")?.metadata?.labels?.["riotkit.org/scheduled-backup"] === "app",
		{ what: "the label is back" },
	);
	await endRun(world, space, "run", 0);
	t.ok(await world.untilPhase(space, "run", "Succeeded"));
});

await t.test("an action that is being deleted, and stays for a finalizer, does not hold up the queue", async (t) => {
	const space = "finalizer";
	await world.withBackup(space, { cronJob: undefined });
	await world.request(space, "first");
	await world.untilPhase(space, "first", "Running");
	await session.kubectl([
		"patch",
		"rba",
		"first",
		"-n",
		space,
		"--type=merge",
		"-p",
		'{"metadata":{"finalizers":["example.org/keep"]}}',
	]);
	await world.request(space, "second");
	await world.until(space, "second", "is queued", (action) => said(action).includes("Queued"));
	await session.kubectl(`delete rba first -n ${space} --wait=false`);
	await session.kubectl(`delete job ${(await jobOf(world, space, "first")).metadata?.name} -n ${space}`);
	await world.untilPhase(space, "second", "Running");
	t.type(world.actions.get(space, "first")?.metadata.deletionTimestamp, "string");
	const path = `/apis/riotkit.org/v1alpha1/namespaces/${space}/requestedbackupactions/first`;
	await callApi(session.plane, "PATCH", path, { metadata: { finalizers: null } });
});

await t.test(
	"a Job that the API server refuses: the action says so, with one Event, and goes on when it may",
	async (t) => {
		const space = "refused";
		await world.withBackup(space, { cronJob: undefined });
		await session.kubectl(`create quota none -n ${space} --hard=count/jobs.batch=0`);
		await eventually(
			async () => (await session.json(`get quota none -n ${space}`))?.status?.hard?.["count/jobs.batch"] === "0",
			{ what: "the quota is in force" },
		);
		await world.request(space, "run");
		const refused = await world.until(space, "run", "is refused", (action) => said(action).includes("Refused"));
		t.match(said(refused), /^Pending Refused: The API server refuses to create jobs .*403 Forbidden/);
		t.equal(refused.status?.healthy, false);
		await session.kubectl(`delete quota none -n ${space}`);
		await world.untilPhase(space, "run", "Running");
		const told = world.events.list(space).filter(({ reason, involvedObject }) => {
			return reason === "Refused" && involvedObject.kind === "RequestedBackupAction";
		});
		t.equal(told.length, 1);
	},
);
