// What an action waits for before it has a Job: a ScheduledBackup that is there, reconciled and Ready, and a free name.
import t from "tap";
import { eventually } from "../cluster/wait.ts";
import { scheduledJob } from "./support/cronjob.ts";
import { action, manifest, namespace, scheduledBackup, secret } from "./support/objects.ts";
import { endRun, jobOf, said } from "./support/runs.ts";
import { awaitEvent } from "./support/status.ts";
import { startWorld } from "./support/world.ts";

const world = await startWorld(t);
const { session } = world;
const WARN = { "riotkit.org/missing-references": "warn" };
const PASSWORD = { "Params.password": "not-a-real-password" };

const untilSaid = (space: string, what: string, name = "run") =>
	world.until(space, name, `says ${what}`, (found) => said(found).includes(what)).then(said);

// Its end is only noticed after half a minute, since Jobs of others are not watched: the last test looks at that.
await t.test("a foreign Job has the wanted name: it is left alone, and its end awaited", async (t) => {
	const space = "foreign";
	await world.withBackup(space);
	const body = Promise.withResolvers<{ metadata: { name: string } }>();
	const made = Promise.withResolvers<void>();
	world.proxy.decide = async (seen) => {
		if (seen.method === "POST" && seen.path.includes(`/namespaces/${space}/jobs`)) {
			body.resolve(JSON.parse(seen.body));
			await made.promise;
		}
		return { type: "pass" };
	};
	await world.request(space, "run");
	const { name } = (await body.promise).metadata;
	const { code, stderr } = await session.kubectl(`create job ${name} -n ${space} --image=example.org/other:1 -- true`);
	t.equal(code, 0, stderr);
	const before = world.jobs.get(space, name);
	made.resolve();
	t.equal(
		await untilSaid(space, "Conflict"),
		`Pending Conflict: Job "${name}" exists and is not controlled by this action; delete it, or create another action`,
	);
	const after = world.jobs.get(space, name);
	t.same(after?.spec, before?.spec, "it is as it was");
	t.same(after?.metadata?.ownerReferences, undefined);
	world.proxy.decide = () => ({ type: "pass" });
	await session.kubectl(`delete job ${name} -n ${space}`);
});

await t.test("the ScheduledBackup does not exist yet", async (t) => {
	const space = "dangling";
	await session.apply(manifest(namespace(space, WARN), secret("vars", PASSWORD, { namespace: space })));
	const { stdout, stderr } = await session.kubectl(
		"create -f -",
		manifest(action("run", "app", {}, { namespace: space })),
	);
	t.equal(stdout, "requestedbackupaction.riotkit.org/run created\n");
	t.match(stderr, /^Warning: .*ScheduledBackup "app"/);
	t.equal(
		await untilSaid(space, "not exist"),
		'Pending WaitingForScheduledBackup: ScheduledBackup "app" does not exist; the action waits for it',
	);
	await session.apply(manifest(scheduledBackup("app", {}, { namespace: space })));
	await world.untilPhase(space, "run", "Running");
});

await t.test("the ScheduledBackup is not Ready: a Secret is missing, comes, and loses its key", async (t) => {
	const space = "not-ready";
	await session.apply(manifest(namespace(space, WARN), scheduledBackup("app", {}, { namespace: space })));
	await eventually(() => world.backups.get(space, "app")?.status?.observedGeneration === 1, {
		what: "it is looked at",
	});
	const { stderr } = await session.kubectl("create -f -", manifest(action("run", "app", {}, { namespace: space })));
	t.match(stderr, /^Warning: .*not Ready/m);
	t.equal(
		await untilSaid(space, "not Ready"),
		'Pending WaitingForScheduledBackup: ScheduledBackup "app" is not Ready (WaitingForReferences): ' +
			`spec.varsSecretRef.secretName: Secret "vars" does not exist; spec.vars: template: simple:1:41: executing "simple" at ` +
			'<.Params.password>: map has no entry for key "password" (ClusterBackupProcedureTemplate "simple", backup script)',
	);
	await session.apply(manifest(secret("vars", PASSWORD, { namespace: space })));
	await endRun(world, space, "run", 0);
	await world.untilPhase(space, "run", "Succeeded");

	const remove = '{"data":{"Params.password":null}}';
	await session.kubectl(["patch", "secret", "vars", "-n", space, "--type=merge", "-p", remove]);
	const isReady = (): boolean =>
		world.backups.get(space, "app")?.status?.conditions?.find(({ type }) => type === "Ready")?.status === "True";
	await eventually(() => !isReady(), { what: "the ScheduledBackup is not Ready" });
	await world.request(space, "next", { action: "restore" });
	t.match(await untilSaid(space, "not Ready", "next"), 'Secret "vars" has no key "Params.password"');
	await session.apply(manifest(secret("vars", PASSWORD, { namespace: space })));
	await world.untilPhase(space, "next", "Running");
	t.equal(world.jobs.ever(space).length, 2);
});

await t.test("the ScheduledBackup was edited and is not reconciled yet", async (t) => {
	const space = "edited";
	await world.withBackup(space);
	const held = Promise.withResolvers<void>();
	world.proxy.decide = async ({ method, path }) => {
		if (method === "PUT" && path.includes(`/namespaces/${space}/scheduledbackups/app/status`)) await held.promise;
		return { type: "pass" };
	};
	const edited = { vars: "Params: {host: other.example.org}\nRepository: {url: https://backups.example.org}\n" };
	await session.apply(manifest(scheduledBackup("app", edited, { namespace: space })));
	await world.request(space, "run");
	t.equal(
		await untilSaid(space, "reconciled"),
		'Pending WaitingForScheduledBackup: ScheduledBackup "app" is not reconciled yet',
	);
	t.equal(world.jobs.list(space).length, 0);
	held.resolve();
	const job = await jobOf(world, space, "run");
	const script = job.spec?.template.spec?.volumes?.find(({ configMap }) => configMap !== undefined)?.configMap?.name;
	const configMap = await session.json(`get configmap ${script} -n ${space}`);
	t.match(JSON.stringify(configMap.data), "backup other.example.org", "it runs the edited script");
	world.proxy.decide = () => ({ type: "pass" });
});

await t.test("the ScheduledBackup is deleted before the Job was made, and before it was released", async (t) => {
	const space = "deleted";
	await world.withBackup(space);
	await scheduledJob(world, space, "app-1");
	for (const name of ["run", "next"]) {
		await world.request(space, name, { action: "restore" });
		await untilSaid(space, name === "run" ? "WaitingForJob" : "Queued", name);
	}
	const { stdout, stderr } = await session.kubectl(`delete scheduledbackup app -n ${space}`);
	t.match(stderr, /^Warning: .*(run|next)/, "the deletion warns of unfinished actions");
	t.match(stdout, '"app" deleted');
	t.equal(
		await untilSaid(space, "not exist"),
		'Pending WaitingForScheduledBackup: ScheduledBackup "app" does not exist; the action waits for it',
	);
	t.equal((await jobOf(world, space, "run")).spec?.suspend, true, "its Job is not released");
	await eventually(() => world.jobs.get(space, "app-1") === undefined, {
		timeout: 60,
		what: "the scheduled Job is collected",
	});
	await session.apply(manifest(scheduledBackup("app", {}, { namespace: space })));
	t.equal(
		said(await world.untilPhase(space, "run", "Failed")),
		'Failed NeverStarted: Never started: ScheduledBackup "app" was deleted and created anew while the action waited; create a new action',
	);
	await endRun(world, space, "next", 0);
	await world.untilPhase(space, "next", "Succeeded");
	t.equal(world.jobs.ever(space).length, 3);
	t.equal(world.pods.ever(space).length, 2, "the scheduled Job's, and that of the action that had no Job before");
});

await t.test("kubectl wait and describe", async (t) => {
	const space = "kubectl";
	await world.withBackup(space);
	await world.request(space, "run", { action: "restore", targetVersion: "v2" });
	await world.untilPhase(space, "run", "Running");
	const waiting = session.kubectl(`wait --for=condition=Ready requestedbackupaction/run -n ${space} --timeout=60s`);
	await endRun(world, space, "run", 0);
	t.equal((await waiting).stdout, "requestedbackupaction.riotkit.org/run condition met\n");
	await awaitEvent(session, { namespace: space, name: "run" }, "Succeeded");
	t.match((await session.kubectl(`describe rba run -n ${space}`)).stdout, "Normal  Succeeded");
	const conditions = world.actions.get(space, "run")?.status?.conditions;
	t.same(
		conditions?.map(({ type, status, reason }) => `${type}=${status} ${reason}`),
		["Ready=True Succeeded", "Reconciling=False Succeeded", "Stalled=False Succeeded"],
	);
	await world.request(space, "failing", { action: "restore" });
	const stalled = session.kubectl(`wait --for=condition=Stalled rba/failing -n ${space} --timeout=60s`);
	await endRun(world, space, "failing", 1);
	t.equal((await stalled).stdout, "requestedbackupaction.riotkit.org/failing condition met\n");
});

await t.test("the action that a foreign Job was in the way of has gone on", async (t) => {
	const isRunning = () => world.actions.get("foreign", "run")?.status?.phase === "Running";
	await eventually(isRunning, { timeout: 90, what: "the action goes on" });
	t.match(said(world.actions.get("foreign", "run")!), "Running Running:");
});
