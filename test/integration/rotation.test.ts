// What changes under a ScheduledBackup: a rotated password needs nothing, a key that vanishes shows, an edited template
// makes new scripts, and no run ever loses the script that it was started with.

import t from "tap";
import type { ConfigMap, CronJob, PodSpec } from "../../src/api/kubernetes.ts";
import { startProxy } from "../cluster/proxy.ts";
import { startSession } from "../cluster/session.ts";
import { eventually } from "../cluster/wait.ts";
import { manifest, namespace, scheduledBackup, secret, template } from "./support/objects.ts";
import { endPod, podOf } from "./support/run.ts";
import { awaitCondition, awaitReady, conditionIn, merge, mustKubectl, namesOf } from "./support/status.ts";

type Container = PodSpec["containers"][number];

t.setTimeout(300_000);

const session = await startSession(t);
const proxy = await startProxy(session.plane);
t.teardown(() => proxy.stop());
await session.controller({ kubeconfig: proxy.kubeconfig });

/** A namespace of this name with a ScheduledBackup `app` in it, whose template has that name too. */
const installed = async (name: string) => {
	const named = { namespace: name, name: "app" };
	await session.apply(
		manifest(
			template(name),
			namespace(name),
			secret("vars", { "Params.password": "first" }, { namespace: name }),
			scheduledBackup("app", { templateRef: { name } }, { namespace: name }),
		),
	);
	await awaitReady(session, named);
	// It comes after the status, and is the last thing that is written.
	await eventually(
		() => proxy.requests.some(({ method, path }) => method === "POST" && path.endsWith(`/namespaces/${name}/events`)),
		{ what: "an Event tells that it is installed" },
	);
	return named;
};

const cronJobOf = (at: string): Promise<CronJob> => session.json(`get cronjob -n ${at} app`);
const containerOf = (cronJob: CronJob): Container =>
	cronJob.spec?.jobTemplate.spec?.template.spec?.containers[0] as Container;
const scriptsOf = (at: string): Promise<string[]> =>
	namesOf(session, "configmaps", at, "riotkit.org/scheduled-backup=app");
const scriptOf = (cronJob: CronJob): string =>
	cronJob.spec?.jobTemplate.spec?.template.spec?.volumes?.find(({ configMap }) => configMap !== undefined)?.configMap
		?.name ?? "";
const setPassword = (at: string, value: string | null) =>
	merge(
		session,
		"secret",
		{ namespace: at, name: "vars" },
		value === null ? { data: { "Params.password": null } } : { stringData: { "Params.password": value } },
	);

t.test("a rotated password changes nothing: the pod's environment refers to the Secret", async (t) => {
	await installed("rotated");
	const before = await session.json("get scheduledbackups,cronjobs,configmaps -n rotated");
	const { env = [], envFrom } = containerOf(await cronJobOf("rotated"));
	t.equal(env.length, 1);
	t.match(env[0]?.name, /^BMC_[A-Z0-9_]+_[0-9a-f]{16}$/);
	t.same(env[0]?.valueFrom, { secretKeyRef: { name: "vars", key: "Params.password" } });
	t.equal(envFrom, undefined);
	const from = proxy.requests.length;
	const looks = () =>
		proxy.requests.slice(from).filter(({ path }) => path.endsWith("/namespaces/rotated/secrets/vars")).length;
	// One object is looked at once at a time: the second look says that the first is over.
	for (const [index, value] of ["second", "third"].entries()) {
		await setPassword("rotated", value);
		await eventually(() => looks() > index, { what: `look ${index + 1} at the Secret` });
	}
	const writes = proxy.requests.slice(from).filter(({ method }) => method !== "GET");
	t.same(
		writes.map(({ method, path }) => `${method} ${path}`),
		[],
		"it was looked at, and nothing was written",
	);
	t.same((await session.json("get scheduledbackups,cronjobs,configmaps -n rotated")).items, before.items);
});

t.test("a key that vanishes shows in the status, and its return is noticed", async (t) => {
	const named = await installed("vanished");
	const cronJob = await cronJobOf("vanished");
	await setPassword("vanished", null);
	const found = await awaitCondition(session, named, {
		type: "Ready",
		status: "False",
		reason: "WaitingForReferences",
	});
	t.equal(found.status?.healthy, false);
	t.match(conditionIn(found, "Reconciling"), { status: "True" });
	t.match(
		conditionIn(found, "Ready")?.message,
		'spec.varsSecretRef.importOnlyKeys[0]: Secret "vars" has no key "Params.password"',
	);
	t.same((await cronJobOf("vanished")).spec, cronJob.spec, "the schedule stays: the key may be back by then");
	await setPassword("vanished", "second");
	t.equal((await awaitReady(session, named)).status?.healthy, true);
	await mustKubectl(session, "delete secret -n vanished vars");
	await awaitCondition(session, named, { type: "Ready", status: "False", reason: "WaitingForReferences" });
	await session.apply(manifest(secret("vars", { "Params.password": "third" }, { namespace: "vanished" })));
	await awaitReady(session, named);
	t.equal((await cronJobOf("vanished")).metadata?.uid, cronJob.metadata?.uid);
	await setPassword("vanished", "");
	const empty = await awaitCondition(session, named, { type: "Ready", status: "False", reason: "Invalid" });
	t.match(conditionIn(empty, "Ready")?.message, 'key "Params.password" of Secret "vars" is empty');
	await setPassword("vanished", "fourth");
	await awaitReady(session, named);
});

t.test("an edited template makes new scripts; old ones go when no run reads them any more", async (t) => {
	await installed("edited");
	const [before, old] = [await cronJobOf("edited"), await scriptsOf("edited")];
	t.equal(old.length, 2);
	// A scheduled run, as the CronJob controller would make it.
	await mustKubectl(session, "create job -n edited run --from=cronjob/app");
	await podOf(session, "edited", "run");
	await session.apply(
		manifest(
			template("edited", {
				backup: "echo edited {{ .Params.host }} {{ .Params.password }}\n",
				restore: "echo edited {{ .Params.password }}\n",
			}),
		),
	);
	const after = await eventually(
		async () => {
			const cronJob = await cronJobOf("edited");
			return scriptOf(cronJob) !== scriptOf(before) && cronJob;
		},
		{ what: "the CronJob names another script" },
	);
	t.equal(after.metadata?.uid, before.metadata?.uid, "the same CronJob");
	const script: ConfigMap = await session.json(`get configmap -n edited ${scriptOf(after)}`);
	const token = `@BMC{${containerOf(after).env?.[0]?.name}}@`;
	t.same(script.data, { "backup.sh": `echo edited db.example.org ${token}\n` });
	t.equal(script.immutable, true);

	const left = await eventually(
		async () => {
			const names = await scriptsOf("edited");
			return names.length === 3 && names;
		},
		{ what: "the old restore script is gone" },
	);
	t.ok(left.includes(scriptOf(before)), "the script of the run that goes on is still there");
	const job = await session.json("get job -n edited run");
	t.ok(
		job.spec.template.spec.volumes.some(
			({ configMap }: { configMap?: { name: string } }) => configMap?.name === scriptOf(before),
		),
	);
	await endPod(session, "edited", "run", 0);
	const last = await eventually(
		async () => {
			const names = await scriptsOf("edited");
			return names.length === 2 && names;
		},
		{ what: "the old backup script is gone" },
	);
	t.same(
		last.filter((name) => old.includes(name)),
		[],
	);
	t.ok(last.includes(scriptOf(after)));
});

t.test("an edit of the variables makes new scripts too, and taking it back brings the old names", async (t) => {
	const named = await installed("vars");
	const before = scriptOf(await cronJobOf("vars"));
	const vars = (host: string) => ({
		spec: { vars: `Params: {host: ${host}}\nRepository: {url: https://backups.example.org}\n` },
	});
	const usesScript = (what: string, holds: (name: string) => boolean) =>
		eventually(async () => holds(scriptOf(await cronJobOf("vars"))), { what });
	await merge(session, "scheduledbackup", named, vars("other.example.org"));
	await usesScript("another script is used", (name) => name !== before);
	await merge(session, "scheduledbackup", named, vars("db.example.org"));
	await usesScript("the first script is used again", (name) => name === before);
	t.ok((await scriptsOf("vars")).includes(before));
});

t.test(
	"an edit that was forced shows in those whom it breaks, and what was installed goes on until it is mended",
	async (t) => {
		const named = await installed("forced");
		const [before, scripts] = [await cronJobOf("forced"), await scriptsOf("forced")];
		const broken = template("forced", { backup: "echo {{ .Params.nosuch }}\n" });
		const denied = await session.kubectl("apply -f -", manifest(broken));
		t.match(denied.stderr, "ScheduledBackup forced/app");
		t.match(denied.stderr, 'map has no entry for key "nosuch"');
		const metadata = { ...broken.metadata, annotations: { "riotkit.org/force": "true" } };
		const forced = await session.kubectl("apply -f -", manifest({ ...broken, metadata }));
		t.equal(forced.code, 0, forced.stderr);
		t.match(forced.stderr, "Warning: ");
		const found = await awaitCondition(session, named, { type: "Ready", status: "False", reason: "Invalid" });
		t.match(conditionIn(found, "Stalled"), { status: "True", message: /map has no entry for key "nosuch"/ });
		t.same((await cronJobOf("forced")).spec, before.spec);
		t.same(await scriptsOf("forced"), scripts);
		await session.apply(manifest(template("forced")));
		await awaitReady(session, named);
		t.same(await scriptsOf("forced"), scripts, "the same scripts as ever");
	},
);
