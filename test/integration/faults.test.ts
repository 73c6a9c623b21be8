// Faults 3 to 11 of the original Go controller, by name: each of them must be impossible here.
import { existsSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import type { CronJob, Job } from "../../src/api/kubernetes.ts";
import { watchKind } from "../cluster/api.ts";
import { startProxy } from "../cluster/proxy.ts";
import { startSession } from "../cluster/session.ts";
import { eventually } from "../cluster/wait.ts";
import { ENCRYPTING_TEMPLATE, namespaceWithVars, PASSWORD } from "./support/keys.ts";
import { action, type Fields, manifest, namespace, scheduledBackup, secret, template } from "./support/objects.ts";
import { runPod, scheduledPod } from "./support/pod.ts";
import { endPod } from "./support/run.ts";
import { awaitCondition, awaitReady, conditionIn, merge, mustKubectl, namesOf, readSecret } from "./support/status.ts";

t.setTimeout(400_000);

const session = await startSession(t);
const proxy = await startProxy(session.plane);
t.teardown(() => proxy.stop());
const start = () => session.controller({ kubeconfig: proxy.kubeconfig });
let controller = await start();
const jobs = await watchKind<Job>(session.plane, "/apis/batch/v1/jobs");
t.teardown(() => jobs.stop());
await session.apply(`${ENCRYPTING_TEMPLATE}---\n${manifest(template("simple"))}`);

const MANAGED = "riotkit.org/scheduled-backup=app";
const app = (at: string) => ({ namespace: at, name: "app" });
const backup = (at: string, spec: Fields = {}) => manifest(scheduledBackup("app", spec, { namespace: at }));
const vars = (more: string) => ({ vars: `Params: {host: db}\nRepository: {url: "https://b"}\n${more}\n` });

const installed = async (at: string, spec: Fields = {}) => {
	await session.apply(`${namespaceWithVars(at)}---\n${backup(at, spec)}`);
	return awaitReady(session, app(at));
};
const cronJobOf = (at: string): Promise<CronJob | undefined> => session.json(`get cronjob -n ${at} app`);

t.test("fault 3: $(…) in HelmValues.env is run by a shell inside the controller", async (t) => {
	const proof = join(session.folder, "proof");
	await session.apply(namespaceWithVars("f3"));
	for (const text of [`$(touch ${proof})`, "${HOME}", `a$(touch ${proof})b`]) {
		const { stderr } = await session.kubectl(
			"apply -f -",
			backup("f3", vars(`HelmValues: {env: {A: ${JSON.stringify(text)}}}`)),
		);
		t.match(stderr, 'The ScheduledBackup "app" is invalid: spec.vars: HelmValues.env.A: ');
		t.match(stderr, "HelmValues.env.A", "the alternative is told");
		t.notMatch(stderr, text);
	}
	const values = { ...PASSWORD, "HelmValues.env.A": `$(touch ${proof})` };
	await session.apply(manifest(secret("vars", values, { namespace: "f3" })));
	await session.apply(backup("f3", { varsSecretRef: { secretName: "vars" } }));
	await awaitReady(session, app("f3"));
	await session.apply(manifest(template("f3", { backup: 'printf %s "$A" {{ .Params.password | shellQuote }}\n' })));
	await merge(session, "scheduledbackup", app("f3"), { spec: { templateRef: { name: "f3" } } });
	await awaitReady(session, app("f3"));
	const { stdout } = await runPod({ session, namespace: "f3" }, await scheduledPod(session, "f3", "app"));
	t.equal(
		stdout.toString(),
		`$(touch ${proof})${PASSWORD["Params.password"]}`,
		"a value of the Secret is text in the pod too",
	);
	t.notOk(existsSync(proof), "nothing was run");
});

t.test("fault 4: rendered scripts with passwords and tokens land in a ConfigMap", async (t) => {
	const values = { ...PASSWORD, token: "not-a-real-token" };
	await session.apply(manifest(namespace("f4"), secret("vars", values, { namespace: "f4" })));
	await session.apply(manifest(template("f4", { backup: "use {{ .Params.password }} {{ .Repository.token }}\n" })));
	await session.apply(backup("f4", { templateRef: { name: "f4" }, tokenSecretRef: { secretName: "vars" } }));
	await awaitReady(session, app("f4"));
	const text = await mustKubectl(session, `get configmaps,cronjobs -n f4 -l ${MANAGED} -o yaml`);
	t.match(text, /use @BMC\{BMC_PARAMS_PASSWORD_[0-9a-f]{16}\}@ @BMC\{BMC_/);
	for (const value of Object.values(values)) t.notMatch(text, value);
});

t.test("fault 5: any author of a ScheduledBackup can read any Secret of the namespace through it", async (t) => {
	await session.apply(namespaceWithVars("f5"));
	await mustKubectl(
		session,
		"create role author -n f5 --verb=get,create,patch --resource=scheduledbackups.riotkit.org",
	);
	await mustKubectl(session, "create rolebinding author -n f5 --role=author --user=author");
	const asAuthor = (spec: Fields) => session.kubectl("apply --as=author -f -", backup("f5", spec));
	const refusal = (name: string) => `spec.varsSecretRef.secretName: you are not allowed to read Secret "${name}"`;
	for (const secretName of ["vars", "nosuch"]) {
		const { stderr } = await asAuthor({ varsSecretRef: { secretName } });
		t.match(stderr, `The ScheduledBackup "app" is invalid: ${refusal(secretName)}`, "whether it exists or not");
	}
	await session.apply(backup("f5"));
	const edit = await asAuthor({ collectionId: "other" });
	t.match(edit.stderr, refusal("vars"), "nor by an edit that leaves the reference as it was");
	await mustKubectl(session, "create role reader -n f5 --verb=get --resource=secrets --resource-name=vars");
	await mustKubectl(session, "create rolebinding reader -n f5 --role=reader --user=author");
	await eventually(async () => (await asAuthor({ collectionId: "other" })).code === 0, {
		what: "with the right it passes",
	});
});

t.test("fault 6: secrets are printed by debug logging, which is on by default", async (t) => {
	const log = await controller.log();
	t.match(log, '"msg":"serving"');
	t.notMatch(log, '"level":"debug"', "it is off by default; what it prints is searched by the canary test");
	for (const value of Object.values(PASSWORD)) t.notMatch(log, value);
});

t.test("fault 7: targetVersion is never read: a restore always takes latest", async (t) => {
	await installed("f7");
	const spec = { action: "restore", targetVersion: "v3" };
	await mustKubectl(session, "create -f -", manifest(action("go", "app", spec, { namespace: "f7" })));
	const found = await awaitCondition(
		session,
		{ namespace: "f7", name: "go" },
		{ type: "Reconciling", reason: "Running" },
		"requestedbackupaction",
	);
	t.match(found.status, { targetVersion: "v3" });
	const pod = jobs.list("f7")[0]?.spec?.template.spec;
	const { stdout } = await runPod({ session, namespace: "f7" }, pod as NonNullable<typeof pod>);
	t.equal(stdout.toString(), `restore db.example.org ${PASSWORD["Params.password"]} v3\n`);
	const row = await mustKubectl(session, "get requestedbackupactions -n f7 --no-headers");
	t.match(row, /^go +restore +v3 +Running /);
});

t.test(
	"fault 8: edits are ignored, a disabled CronJob stays, deleted or edited children are never repaired",
	async (t) => {
		await installed("f8", vars("HelmValues: {env: {A: literal}}"));
		const again = (what: string, holds: () => Promise<boolean>) => eventually(holds, { timeout: 60, what });

		await t.test("an edit of the Secret", async (t) => {
			await merge(session, "secret", { namespace: "f8", name: "vars" }, { data: { "Params.password": null } });
			await awaitCondition(session, app("f8"), { type: "Ready", status: "False" });
			await merge(session, "secret", { namespace: "f8", name: "vars" }, { stringData: PASSWORD });
			t.ok(await awaitReady(session, app("f8")));
		});
		await t.test("an edit of the template", async (t) => {
			await session.apply(manifest(template("f8", { image: "example.org/tool:1.0" })));
			await merge(session, "scheduledbackup", app("f8"), { spec: { templateRef: { name: "f8" } } });
			await session.apply(manifest(template("f8", { image: "example.org/tool:2.0" })));
			const imageOf = (cronJob: CronJob | undefined) =>
				cronJob?.spec?.jobTemplate.spec?.template.spec?.containers[0]?.image;
			const isUsed = async () => imageOf(await cronJobOf("f8")) === "example.org/tool:2.0";
			t.ok(await again("the new image is used", isUsed));
		});
		await t.test("deleted children", async (t) => {
			const before = await namesOf(session, "configmaps,secrets,cronjobs", "f8", MANAGED);
			t.ok(before.length >= 4, before.join());
			await mustKubectl(session, `delete configmaps,secrets,cronjobs -n f8 -l ${MANAGED}`);
			await again("all are made again", async () => {
				const names = await namesOf(session, "configmaps,secrets,cronjobs", "f8", MANAGED);
				return (
					names.includes("app") &&
					names.includes("app-env") &&
					names.filter((name) => name.startsWith("app-")).length >= 3
				);
			});
		});
		await t.test("edited children", async (t) => {
			await merge(session, "cronjob", app("f8"), { spec: { schedule: "1 1 1 1 1", suspend: true } });
			const isRepaired = async () => {
				const spec = (await cronJobOf("f8"))?.spec;
				return spec?.schedule === "0 2 * * *" && spec.suspend === false;
			};
			t.ok(await again("the schedule is repaired", isRepaired));
			const environment = { namespace: "f8", name: "app-env" };
			await merge(session, "secret", environment, { stringData: { A: "other", B: "added" } });
			await again("the environment is repaired", async () => {
				const data = await readSecret(session, environment);
				return data?.size === 1 && data.get("A")?.toString() === "literal";
			});
			await mustKubectl(session, "label cronjob -n f8 app riotkit.org/scheduled-backup-");
			await again(
				"the label is repaired",
				async () => (await namesOf(session, "cronjobs", "f8", MANAGED)).length === 1,
			);
		});
		await t.test("a disabled CronJob", async (t) => {
			await merge(session, "scheduledbackup", app("f8"), { spec: { cronJob: { enabled: false } } });
			await again("it is deleted", async () => (await cronJobOf("f8")) === undefined);
			t.ok((await namesOf(session, "configmaps", "f8", MANAGED)).length >= 2, "the scripts stay for actions");
		});
	},
);

t.test("fault 9: a crash between creating the Job and saving it runs a restore twice", async (t) => {
	await installed("f9");
	const isStatus = ({ method, path }: { method: string; path: string }) =>
		method === "PUT" && path.includes("/f9/requestedbackupactions/go/status");
	const saved = new Promise<void>((resolve) => {
		proxy.decide = (seen) => {
			if (!isStatus(seen) || jobs.list("f9").length === 0) return { type: "pass" };
			proxy.decide = () => ({ type: "drop" });
			resolve();
			return { type: "drop" };
		};
	});
	await mustKubectl(session, "create -f -", manifest(action("go", "app", { action: "restore" }, { namespace: "f9" })));
	await saved;
	await controller.kill();
	t.match(jobs.list("f9"), [{ spec: { suspend: true } }], "the Job that nobody knows of cannot run");
	proxy.decide = () => ({ type: "pass" });
	controller = await start();
	const named = { namespace: "f9", name: "go" };
	const found = await awaitCondition(
		session,
		named,
		{ type: "Reconciling", reason: "Running" },
		"requestedbackupaction",
	);
	t.equal(jobs.ever("f9").length, 1, "there never was another Job");
	t.match(found.status, { jobUID: jobs.list("f9")[0]?.metadata?.uid });
});

t.test(
	"fault 10: a failed pod fails the Job even where its retry succeeds; CronJob runs are not reported",
	async (t) => {
		await installed("f10");
		await t.test("a retried success is a success", async (t) => {
			const named = { namespace: "f10", name: "go" };
			await mustKubectl(session, "create -f -", manifest(action("go", "app", {}, { namespace: "f10" })));
			await awaitCondition(session, named, { type: "Reconciling", reason: "Running" }, "requestedbackupaction");
			const name = jobs.list("f10")[0]?.metadata?.name ?? "";
			await endPod(session, "f10", name, 1);
			await eventually(() => jobs.list("f10")[0]?.status?.failed === 1, { what: "the Job has counted the failed pod" });
			await endPod(session, "f10", name, 0);
			const found = await awaitCondition(session, named, { type: "Ready", status: "True" }, "requestedbackupaction");
			t.match(found.status, { phase: "Succeeded", healthy: true });
		});
		await t.test("runs of the CronJob show in the status", async (t) => {
			await merge(session, "scheduledbackup", app("f10"), { spec: vars("HelmValues: {backoffLimit: 0}") });
			const limit = async () => (await cronJobOf("f10"))?.spec?.jobTemplate.spec?.backoffLimit === 0;
			await eventually(limit, { what: "runs are not retried" });
			for (const [run, code, status] of [
				["good", 0, "True"],
				["bad", 1, "False"],
			] as const) {
				await mustKubectl(session, `create job -n f10 ${run} --from=cronjob/app`);
				const active = await eventually(
					async () => {
						const object = await session.json("get scheduledbackup -n f10 app");
						return object.status.active.length === 1 && object.status;
					},
					{ what: `run ${run} is active` },
				);
				t.equal(active.active[0].name, run);
				await endPod(session, "f10", run, code);
				const found = await awaitCondition(session, app("f10"), { type: "LastRunSucceeded", status });
				t.match(conditionIn(found, "LastRunSucceeded")?.message, `Job "${run}"`);
				t.match(
					found.status,
					code === 0 ? { lastSuccessfulTime: /Z$/, healthy: true } : { lastFailedTime: /Z$/, healthy: false },
				);
				await mustKubectl(session, `delete job -n f10 ${run}`);
			}
		});
	},
);

t.test("fault 11: internal templates have no image; the Schedule column is always empty", async (t) => {
	await session.apply(namespaceWithVars("f11"));
	const spec = {
		templateRef: { kind: "internal", name: "tar" },
		vars: "Params: {path: /data}\nRepository: {url: 'https://b', token: x}\n",
		varsSecretRef: undefined,
		cronJob: { scheduleEvery: "5 4 * * 0" },
	};
	await session.apply(backup("f11", spec));
	await awaitReady(session, app("f11"));
	t.match((await scheduledPod(session, "f11", "app")).containers[0]?.image, /^ghcr\.io\/riotkit-org\/backup-maker:./);
	const [header = "", row = ""] = (await mustKubectl(session, "get scheduledbackups -n f11")).split("\n");
	t.match(header, /^NAME +READY +SCHEDULE +OPERATION +LAST SUCCESS +NEXT +AGE/);
	t.match(row, /^app +True +5 4 \* \* 0 +backup /);
});

// Last: the garbage collector learns of a new kind only every 30 s.
