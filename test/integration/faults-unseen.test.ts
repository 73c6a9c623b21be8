// Faults 12 to 16 of the original Go controller, by name. Many of them come from objects that no webhook has seen: those
// are here before the controller is.
import t from "tap";
import type { KubernetesObject } from "../../src/api/kubernetes.ts";
import type { RequestedBackupAction, ScheduledBackup } from "../../src/api/types.ts";
import { watchKind } from "../cluster/api.ts";
import { execute } from "../cluster/execute.ts";
import { type SeenRequest, startProxy } from "../cluster/proxy.ts";
import { startSession } from "../cluster/session.ts";
import { eventually } from "../cluster/wait.ts";
import { ENCRYPTING_TEMPLATE, encryptedBackup, namespaceWithVars } from "./support/keys.ts";
import { action, type Fields, manifest, scheduledBackup, secret, template } from "./support/objects.ts";
import { endPod, podOf } from "./support/run.ts";
import { awaitCondition, awaitReady, conditionIn, mustKubectl, namesOf, readSecret } from "./support/status.ts";

t.setTimeout(400_000);

const session = await startSession(t);
const proxy = await startProxy(session.plane);
t.teardown(() => proxy.stop());
const crds = await execute(process.execPath, ["src/cli.ts", "crds"]);
await mustKubectl(session, "apply --server-side -f -", crds.stdout);
await mustKubectl(session, "wait --for=condition=Established crd --all");
await session.apply(
	`${ENCRYPTING_TEMPLATE}---\n${manifest(template("simple"), template("tokens", { backup: "{{ .Repository.token }}\n" }))}`,
);

const history = async <T extends KubernetesObject>(kind: string) => {
	// A kind that was just defined is not served at once.
	const found = await eventually(() => watchKind<T>(session.plane, `/apis/riotkit.org/v1alpha1/${kind}`), {
		what: kind,
	});
	t.teardown(() => found.stop());
	return found;
};
const [backups, actions] = [
	await history<ScheduledBackup>("scheduledbackups"),
	await history<RequestedBackupAction>("requestedbackupactions"),
];

const app = (at: string) => ({ namespace: at, name: "app" });
const backup = (at: string, spec: Fields = {}) => manifest(scheduledBackup("app", spec, { namespace: at }));
const MANAGED = "riotkit.org/scheduled-backup=app";
const children = (at: string) => namesOf(session, "configmaps,secrets,cronjobs,jobs", at, MANAGED);
const vars = (text: string) => ({ vars: text });

const CHECKED_ONLY_BY_THE_RECONCILER: Record<string, Fields> = {
	"f12-template": { templateRef: { name: "nosuch" } },
	"f13-vars": vars("Params: [not, a, map"),
	"f14-env": vars(
		"Params: {host: db}\nRepository: {url: 'https://b'}\nHelmValues: {env: {PGPORT: 5432, DEBUG: true}}\n",
	),
	"f14-repository": { ...vars("Params: {host: db}\n"), templateRef: { name: "tokens" } },
	"f14-empty": { ...vars(""), templateRef: { name: "tokens" }, varsSecretRef: undefined },
	"f15-token": {
		...vars("Params: {host: db}\nRepository: {token: not-to-be-used}\n"),
		templateRef: { name: "tokens" },
		tokenSecretRef: { secretName: "vars" },
	},
	"f15-key": { gpgKeySecretRef: { secretName: "vars", email: "team@example.org" } },
};

for (const [at, spec] of Object.entries(CHECKED_ONLY_BY_THE_RECONCILER))
	await session.apply(`${namespaceWithVars(at)}---\n${backup(at, spec)}`);
await session.apply(`${namespaceWithVars("f16")}---\n${manifest(action("go", "app", {}, { namespace: "f16" }))}`);

const start = () => session.controller({ kubeconfig: proxy.kubeconfig });
let controller = await start();

const rejected = (at: string, reason: string) =>
	awaitCondition(session, app(at), { type: "Ready", status: "False", reason });
const statusWrites = (at: string): SeenRequest[] =>
	proxy.requests.filter(
		({ method, path }) => method === "PUT" && path.includes(`/namespaces/${at}/scheduledbackups/app/status`),
	);

t.test("fault 12: its own status writes retrigger it", async (t) => {
	const found = await rejected("f12-template", "WaitingForReferences");
	t.match(conditionIn(found, "Ready")?.message, 'ClusterBackupProcedureTemplate "nosuch" does not exist');
	// Any further write would have come while this one was made, checked and installed.
	await session.apply(`${namespaceWithVars("f12-barrier")}---\n${backup("f12-barrier")}`);
	await awaitReady(session, app("f12-barrier"));
	t.equal(statusWrites("f12-template").length, 1, "one write for one finding");
	t.equal(statusWrites("f12-barrier").length, 1, "and one for an object that is well");
});

t.test(
	"fault 13: healthy is written before anything exists, and stays with invalid vars; a Job succeeds as it is made",
	async (t) => {
		await t.test("not healthy before its objects exist", async (t) => {
			let failures = 0;
			proxy.decide = ({ method, path }) => {
				const refused = method === "POST" && path.includes("/namespaces/f13/cronjobs") && failures < 2;
				failures += refused ? 1 : 0;
				return refused
					? { type: "answer", status: 503, body: { kind: "Status", status: "Failure", code: 503 } }
					: { type: "pass" };
			};
			await session.apply(`${namespaceWithVars("f13")}---\n${backup("f13")}`);
			const ready = await awaitReady(session, app("f13"));
			proxy.decide = () => ({ type: "pass" });
			t.equal(failures, 2);
			const cronJob = await session.json("get cronjob -n f13 app");
			const healthy = backups.changes.find(
				({ object }) => object.metadata.namespace === "f13" && object.status?.healthy === true,
			);
			t.ok(
				Number(healthy?.object.metadata.resourceVersion) > Number(cronJob.metadata.resourceVersion),
				"the CronJob came first",
			);
			t.match(
				ready.status?.ownedReferences?.map(({ kind }) => kind),
				["ConfigMap", "ConfigMap", "CronJob"],
			);
		});
		await t.test("not healthy with invalid vars", async (t) => {
			const found = await rejected("f13-vars", "Invalid");
			t.equal(found.status?.healthy, false);
			t.match(conditionIn(found, "Ready")?.message, /spec\.vars: not valid YAML at line 1, column \d+/);
			t.notOk(
				backups.changes.some(
					({ object }) => object.metadata.namespace === "f13-vars" && object.status?.healthy === true,
				),
			);
		});
		await t.test("a Job that was only made has not succeeded", async (t) => {
			await mustKubectl(session, "create -f -", manifest(action("go", "app", {}, { namespace: "f13" })));
			const named = { namespace: "f13", name: "go" };
			const running = await awaitCondition<RequestedBackupAction>(
				session,
				named,
				{ type: "Reconciling", reason: "Running" },
				"requestedbackupaction",
			);
			await podOf(session, "f13", running.status?.jobName ?? "");
			t.same(actions.get("f13", "go")?.status?.phase, "Running");
			await endPod(session, "f13", running.status?.jobName ?? "", 0);
			await awaitCondition(session, named, { type: "Ready", status: "True" }, "requestedbackupaction");
			const phases = actions.changes
				.filter(({ object }) => object.metadata.namespace === "f13")
				.map(({ object }) => object.status?.phase);
			t.same([...new Set(phases.filter((phase) => phase !== undefined))], ["Pending", "Running", "Succeeded"]);
		});
	},
);

t.test("fault 14: numbers in env, or vars without Repository, end the process, again at every restart", async (t) => {
	await t.test("numbers and booleans of env are text in the pod", async (t) => {
		await awaitReady(session, app("f14-env"));
		const data = await readSecret(session, { namespace: "f14-env", name: "app-env" });
		t.same([...(data ?? [])].map(([key, value]) => [key, value.toString()]).sort(), [
			["DEBUG", "true"],
			["PGPORT", "5432"],
		]);
	});
	await t.test("a missing Repository is a mistake like any other", async (t) => {
		for (const at of ["f14-repository", "f14-empty"]) {
			const found = await rejected(at, "Invalid");
			t.match(
				conditionIn(found, "Ready")?.message,
				/template: tokens:1:\d+: executing "tokens" at <\.Repository\.token>: map has no entry for key "token"/,
			);
		}
	});
	await t.test("neither now nor after a restart", async (t) => {
		t.equal(controller.ended(), false);
		await controller.terminate();
		t.equal(controller.exitCode(), 0);
		controller = await start();
		await session.apply(`${namespaceWithVars("f14-barrier")}---\n${backup("f14-barrier")}`);
		await awaitReady(session, app("f14-barrier"));
		t.equal(await controller.readyz(), 200);
	});
});

t.test("fault 15: a Secret that lacks the token key or the GPG key is accepted", async (t) => {
	const cases = [
		{ at: "f15-token", said: 'spec.tokenSecretRef.tokenKey: Secret "vars" has no key "token"' },
		{ at: "f15-key", said: 'spec.gpgKeySecretRef.publicKey: Secret "vars" has no key "key.pub"' },
	];
	for (const { at, said } of cases) {
		await t.test(`by the reconciler: ${at}`, async (t) => {
			const found = await rejected(at, "WaitingForReferences");
			t.match(conditionIn(found, "Ready")?.message, said);
			t.same(await children(at), [], "nothing is made that would use an inline token or an empty key");
		});
		await t.test(`by admission: ${at}`, async (t) => {
			const spec = CHECKED_ONLY_BY_THE_RECONCILER[at];
			const object = manifest(scheduledBackup("other", spec, { namespace: at }));
			t.match((await session.kubectl("apply -f -", object)).stderr, said);
		});
	}
	await t.test("an empty GPG key is as good as none", async (t) => {
		await session.apply(manifest(secret("keys", { key: "", "key.pub": "" }, { namespace: "f15-key" })));
		const object = manifest(encryptedBackup("other", "f15-key", { createIfNotExists: false }));
		t.match((await session.kubectl("apply -f -", object)).stderr, 'key "key" of Secret "keys" is empty');
	});
});

t.test("fault 16: a dangling scheduledBackupRef leaves no status and no event at all", async (t) => {
	const named = { namespace: "f16", name: "go" };
	const wanted = { type: "Reconciling", status: "True", reason: "WaitingForScheduledBackup" };
	const found = await awaitCondition<RequestedBackupAction>(session, named, wanted, "requestedbackupaction");
	const message = 'ScheduledBackup "app" does not exist; the action waits for it';
	t.match(found.status, { phase: "Pending", message });
	const events = () =>
		mustKubectl(session, "get events -n f16 -o custom-columns=T:.type,R:.reason,M:.message --no-headers");
	const said = await eventually(async () => (await events()) || undefined, { what: "an Event tells it" });
	t.match(said, new RegExp(`^Warning +WaitingForScheduledBackup +${message}$`, "m"));
	const denied = await session.kubectl("create -f -", manifest(action("other", "app", {}, { namespace: "f16" })));
	t.match(denied.stderr, 'spec.scheduledBackupRef.name: ScheduledBackup "app" does not exist');
	await session.apply(backup("f16"));
	await awaitCondition(session, named, { type: "Reconciling", reason: "Running" }, "requestedbackupaction");
});
