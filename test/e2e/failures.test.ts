// Runs that end badly, really: each is told on the object, in the right phase and with the reason, seconds after the node
// knows it.
import t from "tap";
import type { Job } from "../../src/api/kubernetes.ts";
import type { RequestedBackupAction } from "../../src/api/types.ts";
import { type History, watchKind } from "../cluster/api.ts";
import { eventually } from "../cluster/wait.ts";
import { manifest } from "../integration/support/objects.ts";
import { awaitCondition, awaitReady } from "../integration/support/status.ts";
import { REGISTRY } from "../node/registry.ts";
import { install } from "./install.ts";
import { ask, awaitEnd, readAction } from "./runs.ts";
import { startStore } from "./servers.ts";
import { shellBackup, shellProcedure } from "./shell.ts";
import { useNode } from "./world.ts";

t.setTimeout(600_000);

/** Seconds from the Job's end to the action's: a goal of a quiet machine is below one. */
const PROMPT = 10;
const STORE_TOKEN = "store-token";

const world = await useNode(t);
await install(t, world);
const namespace = await world.namespace("failures", { "pod-security.kubernetes.io/enforce": "restricted" });
const servers = await world.namespace("failures-servers");
await startStore(world, servers, STORE_TOKEN);

/** When something was first seen. */
const ended = { jobs: new Map<string, number>(), actions: new Map<string, number>() };
const over = (job: Job): boolean =>
	job.status?.conditions?.some(({ type, status }) => status === "True" && (type === "Failed" || type === "Complete")) ??
	false;
const note = (times: Map<string, number>, name: string): void => {
	if (!times.has(name)) times.set(name, performance.now());
};
const watches: History<never>[] = [];
watches.push(
	(await watchKind<Job>(world.node, "/apis/batch/v1/jobs", ({ object }) => {
		if (over(object)) note(ended.jobs, object.metadata?.name ?? "");
	})) as unknown as History<never>,
	(await watchKind<RequestedBackupAction>(
		world.node,
		"/apis/riotkit.org/v1alpha1/requestedbackupactions",
		({ object }) => {
			if (object.status?.phase === "Failed" || object.status?.phase === "Succeeded")
				note(ended.actions, object.status.jobName ?? "");
		},
	)) as unknown as History<never>,
);
t.teardown(() => {
	for (const watch of watches) watch.stop();
});

interface Case {
	name: string;
	script: string;
	pod?: Record<string, unknown>;
	phase: "Failed" | "Succeeded";
	reason?: string;
	message: RegExp;
}

const store = `http://store.${servers}.svc:8080`;
const cases: readonly Case[] = [
	{
		name: "script-fails",
		script: "echo 'password authentication failed' >&2; exit 7",
		phase: "Failed",
		reason: "ContainerFailed",
		message: /7/,
	},
	{
		name: "out-of-memory",
		script: "x=$(head -c 300000000 /dev/zero | tr '\\0' x); echo ${#x}",
		pod: { resources: { limits: { memory: "48Mi" } } },
		phase: "Failed",
		reason: "OOMKilled",
		message: /memory/i,
	},
	{
		name: "too-long",
		script: "sleep 1000",
		pod: { activeDeadlineSeconds: 4 },
		phase: "Failed",
		reason: "DeadlineExceeded",
		message: /./,
	},
	{
		name: "evicted",
		script: "head -c 60000000 /dev/zero >/tmp/full; sleep 1000",
		pod: { resources: { limits: { "ephemeral-storage": "10Mi" } } },
		phase: "Failed",
		reason: "Evicted",
		message: /Evicted.*ephemeral/,
	},
	{
		name: "retried-then-fine",
		script: `curl -fsS -u backup:${STORE_TOKEN} ${store}/marker || { echo x | curl -fsS -u backup:${STORE_TOKEN} -T - ${store}/marker; exit 1; }`,
		pod: { backoffLimit: 2 },
		phase: "Succeeded",
		message: /./,
	},
];

await world.apply(
	manifest(shellProcedure, ...cases.map(({ name, script, pod = {} }) => shellBackup(namespace, name, { script, pod }))),
);
for (const { name } of cases) {
	await awaitReady(world, { namespace, name });
	await ask(world, { namespace, name, of: name });
}

for (const { name, phase, reason, message } of cases) {
	await t.test(name, async (t) => {
		const { status } = await awaitEnd(world, { namespace, name });
		t.equal(status?.phase, phase);
		t.equal(status?.failureReason, reason);
		t.match(status?.message ?? "", message);
		const job = status?.jobName ?? "";
		const seconds = ((ended.actions.get(job) ?? Number.NaN) - (ended.jobs.get(job) ?? Number.NaN)) / 1000;
		t.comment(`told ${seconds.toFixed(2)} s after its Job ended: ${status?.failureReason ?? ""} ${status?.message}`);
		t.ok(seconds < PROMPT, `told within ${PROMPT} s`);
	});
}

/** Both are answered within the node's own network: whatever the machine's resolver does, no test waits for it. */
const unpullable = {
	"no-image": { what: "an image that the registry does not have", image: `${REGISTRY}/none:1.0` },
	"no-registry": { what: "an image of a registry that does not exist", image: "registry.invalid/none:1.0" },
};

for (const [name, { what, image }] of Object.entries(unpullable))
	await t.test(`${what} is told while the run hangs`, async (t) => {
		await world.apply(manifest(shellBackup(namespace, name, { script: "true", pod: { image } })));
		await awaitReady(world, { namespace, name });
		await ask(world, { namespace, name, of: name });
		const hanging = await eventually(
			async () => {
				const found = await readAction(world, { namespace, name });
				return /ImagePullBackOff|ErrImagePull/.test(JSON.stringify(found?.status)) ? found : undefined;
			},
			// A registry that does not answer is no alarm within its first minute; one that lacks the image is at once.
			{ timeout: 120, what: "the action tells of the image" },
		);
		t.equal(hanging.status?.phase, "Running");
		t.ok(hanging.status?.message?.includes(image), `it names ${image}`);
		t.comment(hanging.status?.message ?? "");
	});

await t.test("a schedule's failing run is told on the ScheduledBackup", async (t) => {
	const name = "nightly";
	const spec = { cronJob: { enabled: true, scheduleEvery: "* * * * *" } };
	await world.apply(manifest(shellBackup(namespace, name, { script: "exit 3", spec })));
	const failed = { type: "LastRunSucceeded", status: "False", reason: "ContainerFailed" };
	const found = await eventually(() => awaitCondition(world, { namespace, name }, failed).catch(() => undefined), {
		timeout: 150,
		what: "the schedule's run has failed",
	});
	t.ok(found.status?.lastFailedTime);
	t.match(
		found.status?.conditions,
		[{ type: "Ready", status: "True" }, {}, {}],
		"it is valid and installed all the same",
	);
});
