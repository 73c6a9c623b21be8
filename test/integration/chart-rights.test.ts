// The controller with the rights that the chart gives it, through the story of a ScheduledBackup: the API server's audit log
// says that nothing was forbidden, and that nothing is granted that is not used.
import { readFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import t from "tap";
import type { RequestedBackupAction, ScheduledBackup } from "../../src/api/types.ts";
import { startOwnSession } from "../cluster/session.ts";
import { eventually } from "../cluster/wait.ts";
import { allowedBy, callsOf } from "./support/calls.ts";
import { startHelm } from "./support/chart.ts";
import { PROCEDURE } from "./support/chartvalues.ts";
import { startKubelet } from "./support/kubelet.ts";
import { manifest, PREREQUISITES, scheduledBackup } from "./support/objects.ts";
import { ACCOUNT, FULLNAME, NAMESPACE, startRelease } from "./support/release.ts";

/** Granted, and not called in this story, each with the reason. */
const NOT_CALLED: Readonly<Record<string, string>> = {
	"update scheduledbackups/finalizers.riotkit.org": "asked for by clusters that enforce owner references",
	"update requestedbackupactions/finalizers.riotkit.org": "asked for by clusters that enforce owner references",
	"delete jobs.batch": "takes a second Job of one action away, which only a crash between two writes leaves",
};

t.setTimeout(300_000);

const session = await startOwnSession(t, { audit: true });
const helm = await startHelm(t, session.plane.kubeconfig);
const { objects, folder, restart } = await startRelease(session, helm, "self-managed", {
	templates: { files: PROCEDURE, gone: PROCEDURE },
});
// The Deployment's own pods wait for a node: ended, they would be made again and again.
const kubelet = await startKubelet(session.plane, ({ metadata }) =>
	metadata?.namespace === NAMESPACE ? undefined : 0,
);
t.teardown(() => kubelet.stop());

const VARS = "Params: {host: db.example.org}\nRepository: {url: https://backups.example.org}\n";

const ready = async (name: string): Promise<void> => {
	await eventually(
		async () => {
			const { metadata, status }: ScheduledBackup = await session.json(`get scheduledbackup ${name}`);
			const condition = status?.conditions?.find(({ type }) => type === "Ready");
			return status?.observedGeneration === metadata.generation && condition?.status === "True";
		},
		{ what: `${name} is Ready` },
	);
};

const gone = (what: string): Promise<unknown> =>
	eventually(async () => (await session.json(`get ${what}`)) === undefined, { what: `${what} is gone` });

const change = async (name: string, spec: object): Promise<void> => {
	await session.apply(manifest(scheduledBackup(name, spec as Record<string, unknown>)));
	await ready(name);
};

t.test("the mistakes of the example are told through the release's own webhook", async (t) => {
	await session.apply(readFileSync("examples/template-pg13.yaml", "utf8"));
	await session.apply(readFileSync("examples/secret-without-password.yaml", "utf8"));
	const { code, stderr } = await session.kubectl("apply -f examples/app1.yaml");
	t.not(code, 0);
	t.match(stderr, /Secret "backup-keys" has no key "Params.password"/);
	t.match(stderr, /map has no entry for key "password"/);
});

t.test("accepted, installed, keys made", async (t) => {
	await session.apply(readFileSync("examples/secret.yaml", "utf8"));
	await session.apply(readFileSync("examples/app1.yaml", "utf8"));
	await ready("app1");
	const { data } = await session.json("get secret backup-keys");
	t.same(Object.keys(data).toSorted(), ["Params.password", "passphrase", "private", "public", "token"]);
	t.ok(await session.json("get cronjob app1"));
});

t.test("a restore runs and ends", async (t) => {
	const { stdout } = await session.kubectl("create -f examples/restore-to-v1.yaml -o name");
	const job = await eventually(
		async () => {
			const { status }: RequestedBackupAction = await session.json(`get ${stdout.trim()}`);
			return status?.phase === "Succeeded" ? status.jobName : undefined;
		},
		{ what: "the restore has succeeded" },
	);
	t.same(
		kubelet.ran.map(({ metadata }) => metadata?.labels?.["job-name"]),
		[job],
		"one pod, of its Job",
	);
});

t.test("what is edited, emptied, switched off and deleted", async (t) => {
	await session.apply(PREREQUISITES);
	await change("other", { vars: `${VARS}HelmValues: {env: {A: one}}\n` });
	await change("other", { vars: `${VARS}HelmValues: {env: {A: two}}\n`, cronJob: { scheduleEvery: "0 3 * * *" } });
	await change("other", { vars: `${VARS.replace("db.", "database.")}` });
	await gone("secret other-env");
	const scripts = "get configmaps -l riotkit.org/scheduled-backup=other";
	await eventually(async () => (await session.json(scripts)).items.length === 2, {
		what: "scripts of earlier versions are gone",
	});
	await change("other", { cronJob: { scheduleEvery: "0 3 * * *", enabled: false } });
	await gone("cronjob other");
	await session.kubectl("delete scheduledbackup other");
	t.match((await session.kubectl("delete clusterbackupproceduretemplate pg13")).stderr, /app1/, "still in use");
});

t.test("the chart's templates are applied, and deleted when they have left", async (t) => {
	const found = await eventually(() => session.json("get clusterbackupproceduretemplate files"), {
		what: "the template of the values is there",
	});
	t.equal(found.spec.backup, PROCEDURE.backup);
	await eventually(() => session.json("get clusterbackupproceduretemplate gone"), { what: "the other one too" });
	await rm(join(folder, "templates", "gone.yaml"));
	await restart();
	await gone("clusterbackupproceduretemplate gone");
	t.ok(await session.json("get clusterbackupproceduretemplate files"));
});

t.test("what is granted is what is called", async (t) => {
	const { made, forbidden } = await callsOf(session, ACCOUNT);
	t.same(forbidden, [], "no call was forbidden");
	const roles = objects.filter(
		({ kind, metadata }) => (kind === "ClusterRole" && metadata?.name === FULLNAME) || kind === "Role",
	);
	const allowed = allowedBy(roles);
	const unused = [...allowed].filter((call) => !made.has(call)).toSorted();
	t.same(unused, Object.keys(NOT_CALLED).toSorted(), "what is granted is called, or on the list");
	const extra = [...made].filter((call) => !allowed.has(call)).toSorted();
	t.same(extra, [], "nothing is called by a right from elsewhere");
});
