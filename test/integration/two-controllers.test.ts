// Two controllers at once, which know nothing of each other: every action runs once all the same, and actions of one
// ScheduledBackup never at the same time. So that locks only have to save work.
import { copyFile, mkdir } from "node:fs/promises";
import { join } from "node:path";
import t, { type Test } from "tap";
import type { SeenRequest } from "../cluster/proxy.ts";
import { startProxy } from "../cluster/proxy.ts";
import { eventually } from "../cluster/wait.ts";
import { startKubelet } from "./support/kubelet.ts";
import { manifest, namespace, scheduledBackup, secret } from "./support/objects.ts";
import { overlaps } from "./support/overlap.ts";
import { jobOf, said } from "./support/runs.ts";
import { startWorld } from "./support/world.ts";

const world = await startWorld(t);
const { session } = world;
const certificates = join(session.folder, "second");
await mkdir(certificates);
for (const [from, to] of [
	["apiserver.crt", "tls.crt"],
	["apiserver.key", "tls.key"],
] as const)
	await copyFile(join(session.plane.folder, "certificates", from), join(certificates, to));
const secondProxy = await startProxy(session.plane);
t.teardown(() => secondProxy.stop());
const second = await session.controller({
	kubeconfig: secondProxy.kubeconfig,
	standalone: false,
	flags: [`--certs-dir=${certificates}`],
});
// One that stands still does not end when it is told to.
t.teardown(() => second.ended() || process.kill(second.pid, "SIGCONT"));
const kubelet = await startKubelet(session.plane, () => 0, 100);
t.teardown(() => kubelet.stop());

/** Holds the first matching request at the first controller's proxy, or another; answers when it came and lets it go on. */
const holdFirst = (
	matches: (seen: SeenRequest) => boolean,
	proxy = world.proxy,
): { came: Promise<void>; release: () => void } => {
	const came = Promise.withResolvers<void>();
	const released = Promise.withResolvers<void>();
	let held = false;
	proxy.decide = async (seen) => {
		if (held || !matches(seen)) return { type: "pass" };
		held = true;
		came.resolve();
		await released.promise;
		return { type: "pass" };
	};
	return { came: came.promise, release: released.resolve };
};

const asks = (method: string, part: string) => (seen: SeenRequest) =>
	seen.method === method && seen.path.includes(part);

await t.test("many actions", async (t) => {
	const space = "many";
	const inside = { namespace: space };
	const backups = Array.from({ length: 6 }, (_, index) => `app-${index}`);
	await session.apply(
		manifest(
			namespace(space),
			secret("vars", { "Params.password": "not-a-real-password" }, inside),
			...backups.map((name) => scheduledBackup(name, {}, inside)),
		),
	);
	for (const name of backups) await world.untilReady(space, name);
	const actions = ["c", "b", "a"].flatMap((letter) =>
		backups.map((target) => ({ name: `${letter}-${target}`, target })),
	);
	await Promise.all(
		actions.map(({ name, target }, index) =>
			world.request(space, name, { action: index % 2 ? "restore" : "backup", scheduledBackupRef: { name: target } }),
		),
	);
	for (const { name } of actions) await world.untilPhase(space, name, "Succeeded");
	t.equal(world.jobs.ever(space).length, actions.length, "one Job for each action");
	t.equal(world.pods.ever(space).length, actions.length, "one pod for each action");
	t.same(overlaps(world.jobs, space), [], "never two of a ScheduledBackup at a time");
	await eventually(() => world.cronJobs.list(space).every(({ spec }) => spec?.suspend === false), {
		what: "all CronJobs go on",
	});
});

await t.test("one is slow to make a Job that the other has made: it takes note of that one", async (t) => {
	const space = "slow";
	const held = holdFirst(asks("POST", `/namespaces/${space}/jobs`));
	await world.withBackup(space);
	await world.request(space, "run", { action: "restore" });
	await held.came;
	await world.untilPhase(space, "run", "Succeeded");
	held.release();
	await eventually(() => world.cronJobs.get(space, "app")?.spec?.suspend === false, { what: "the CronJob goes on" });
	t.equal(world.jobs.ever(space).length, 1);
	t.equal(world.pods.ever(space).length, 1);
});

await t.test(
	"so slow that the Job has run and is gone: status names another UID, and ours is deleted, never run",
	async (t) => {
		const space = "stray";
		const vars = "Params: {host: db.example.org}\nRepository: {url: https://backups.example.org}\n";
		await world.withBackup(space, { vars: `${vars}HelmValues: {ttlSecondsAfterFinished: 0}\n` });
		const held = holdFirst(asks("POST", `/namespaces/${space}/jobs`));
		await world.request(space, "run", { action: "restore" });
		await held.came;
		const { metadata } = await jobOf(world, space, "run");
		const { status } = await world.untilPhase(space, "run", "Succeeded");
		await eventually(() => world.jobs.list(space).length === 0, { what: "the Job's time to live is over" });
		held.release();
		await eventually(() => world.jobs.ever(space).length === 2, { what: "the slow one has made its Job" });
		await eventually(() => world.jobs.list(space).length === 0, { what: "that Job is deleted" });
		const stray = world.jobs.ever(space).find((job) => job.metadata?.uid !== metadata?.uid);
		t.equal(stray?.metadata?.name, metadata?.name, "it had the same name");
		t.ok(stray?.spec?.suspend, "it was suspended all its life");
		t.equal(world.pods.ever(space).length, 1, "one pod ever ran");
		t.same(world.actions.get(space, "run")?.status, status, "the outcome stays as it was stored");
	},
);

await t.test("one is slow to release a Job that the other has released", async (t) => {
	const space = "release";
	await world.withBackup(space);
	const held = holdFirst(asks("PATCH", `/namespaces/${space}/jobs`));
	await world.request(space, "run", { action: "restore" });
	await held.came;
	await world.untilPhase(space, "run", "Succeeded");
	held.release();
	await world.request(space, "next");
	await world.untilPhase(space, "next", "Succeeded");
	t.equal(world.jobs.ever(space).length, 2);
	t.equal(world.pods.ever(space).length, 2, "one pod for each action");
	const { stdout } = await session.kubectl(`get requestedbackupactions -n ${space} -o wide`);
	t.match(
		stdout,
		/\nnext +backup +Succeeded .*\nrun +restore +latest +Succeeded /,
		said(world.actions.get(space, "run")!),
	);
});

/**
 * A restore that the first controller is just releasing, while the second one sees that it must never start: its
 * ScheduledBackup was edited. Both requests wait until they are let go.
 */
const contested = async (t: Test, space: string) => {
	await world.withBackup(space);
	process.kill(second.pid, "SIGSTOP");
	const release = holdFirst(asks("PATCH", `/namespaces/${space}/jobs`));
	const deletion = holdFirst(asks("DELETE", `/namespaces/${space}/jobs`), secondProxy);
	await world.request(space, "run", { action: "restore" });
	await release.came;
	const vars = "Params: {host: other.example.org}\nRepository: {url: https://backups.example.org}\n";
	await session.apply(manifest(scheduledBackup("app", { vars }, { namespace: space })));
	process.kill(second.pid, "SIGCONT");
	await deletion.came;
	t.equal(world.actions.get(space, "run")?.status?.phase, "Pending", "nothing is told before the Job is gone");
	return { release: release.release, deletion: deletion.release };
};

/** Every reason that was ever told as that of a failure. */
const failuresOf = (space: string): (string | undefined)[] => [
	...new Set(
		world.actions.changes
			.filter(({ object }) => object.metadata.namespace === space && object.status?.phase === "Failed")
			.map(({ object }) => object.status?.failureReason),
	),
];

await t.test(
	"one releases a Job before the other one deletes it as never to be started: it runs, and is told",
	async (t) => {
		const space = "runs";
		const held = await contested(t, space);
		held.release();
		await eventually(() => world.pods.ever(space).length > 0, { what: "the restore runs" });
		held.deletion();
		await world.untilPhase(space, "run", "Succeeded");
		t.same(failuresOf(space), [], "it was never told to have failed");
		t.equal(world.pods.ever(space).length, 1);
	},
);

await t.test("one deletes a Job as never to be started before the other one releases it: it never runs", async (t) => {
	const space = "never";
	const held = await contested(t, space);
	held.deletion();
	await eventually(() => world.jobs.list(space).length === 0, { what: "the Job is gone" });
	held.release();
	const { status } = await world.untilPhase(space, "run", "Failed");
	// Told by the one that deleted it, or by the other one, which found it gone and cannot know.
	t.match(status?.failureReason, /^(NeverStarted|JobDeleted)$/);
	await world.request(space, "next");
	await world.untilPhase(space, "next", "Succeeded");
	t.equal(failuresOf(space).length, 1, "its end is final");
	t.equal(world.pods.ever(space).length, 1, "the pod of the next one alone");
});
