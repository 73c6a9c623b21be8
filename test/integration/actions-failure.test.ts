// How failed runs are told: by the Job's conditions and by how the pod ended.
import t from "tap";
import { endedStatus } from "./support/run.ts";
import { jobOf, podOfAction, said, setStatus } from "./support/runs.ts";
import { startWorld } from "./support/world.ts";

const world = await startWorld(t);
const { session } = world;
const VARS = "Params: {host: db.example.org}\nRepository: {url: https://backups.example.org}\n";
const logs = (pod: string): string => `see \`kubectl logs -n failures ${pod}\` while the pod is kept`;

/** A container that was ended by a signal, as some runtimes tell it. */
const bySignal = () => {
	const status = endedStatus(137, "Error");
	const [container] = status.containerStatuses;
	return {
		...status,
		containerStatuses: [{ ...container, state: { terminated: { ...container?.state.terminated, signal: 9 } } }],
	};
};

interface Row {
	name: string;
	status: object;
	reason: string;
	/** What follows `Job "…" failed: `. */
	told: (pod: string) => string;
}

const ROWS: readonly Row[] = [
	{
		name: "exit-code",
		status: endedStatus(3),
		reason: "ContainerFailed",
		told: (pod) => `Container "backup-maker" of pod "${pod}" ended with exit code 3: ${logs(pod)}`,
	},
	{
		name: "signal",
		status: bySignal(),
		reason: "ContainerFailed",
		told: (pod) => `Container "backup-maker" of pod "${pod}" was ended by signal 9: ${logs(pod)}`,
	},
	{
		name: "oom",
		status: endedStatus(137, "OOMKilled"),
		reason: "OOMKilled",
		told: (pod) =>
			`Container "backup-maker" of pod "${pod}" ended with exit code 137 (OOMKilled): it used more memory than its limit; raise HelmValues.resources.limits.memory`,
	},
	{
		name: "evicted",
		status: { phase: "Failed", reason: "Evicted", message: "The node was low on resource: ephemeral-storage." },
		reason: "Evicted",
		told: (pod) =>
			`Pod "${pod}" failed (Evicted): it used more ephemeral storage than its limits, or the node ran out of something; see HelmValues.resources`,
	},
	{
		name: "no-reason",
		status: { phase: "Failed" },
		reason: "PodFailed",
		told: (pod) => `Pod "${pod}" failed: ${logs(pod)}`,
	},
];

await world.withBackup("failures");

for (const { name, status, reason, told } of ROWS)
	await t.test(name, async (t) => {
		await world.request("failures", name, { action: "restore" });
		const pod = await podOfAction(world, "failures", name);
		await setStatus(world, pod, status);
		const action = await world.untilPhase("failures", name, "Failed");
		const job = (await jobOf(world, "failures", name)).metadata?.name ?? "";
		const message = `Job "${job}" failed: ${told(pod.metadata?.name ?? "")}`;
		t.equal(said(action), `Failed ${reason}: ${message}`);
		t.match(action.status, {
			failureReason: reason,
			message,
			healthy: false,
			processed: true,
			completionTime: /Z$/,
			childrenResourcesHealth: [{ kind: "Job", name: job, running: false, failed: true, message }],
		});
		t.same(
			action.status?.conditions?.map((condition) => `${condition.type}=${condition.status} ${condition.reason}`),
			[`Ready=False ${reason}`, `Reconciling=False ${reason}`, `Stalled=True ${reason}`],
		);
		const { stdout } = await session.kubectl(`get requestedbackupaction ${name} -n failures -o wide --no-headers`);
		t.match(stdout, new RegExp(`^${name} +restore +latest +Failed +\\S+ +app +${job} +\\S+ +${reason} +Job `));
		t.ok(stdout.endsWith(` ${message}\n`), "the last column says why");
	});

await t.test("a deadline", async (t) => {
	const space = "deadline";
	await world.withBackup(space, { vars: `${VARS}HelmValues: {activeDeadlineSeconds: 1}\n` });
	await world.request(space, "run", { action: "restore" });
	const action = await world.untilPhase(space, "run", "Failed");
	const job = (await jobOf(world, space, "run")).metadata?.name;
	t.equal(
		said(action),
		`Failed DeadlineExceeded: Job "${job}" failed: it ran longer than HelmValues.activeDeadlineSeconds allows; raise it, or see what takes so long`,
	);
	t.equal(world.pods.ever(space).length, 1);
});

await t.test("a backup that failed at every try", async (t) => {
	const space = "tries";
	await world.withBackup(space, { vars: `${VARS}HelmValues: {backoffLimit: 1}\n` });
	await world.request(space, "run");
	await setStatus(world, await podOfAction(world, space, "run"), endedStatus(1));
	const isRetried = () => world.pods.ever(space).length === 2;
	await world.until(space, "run", "is tried again", isRetried);
	t.match(world.actions.get(space, "run")?.status, { phase: "Running", healthy: true });
	const last = await podOfAction(world, space, "run");
	await setStatus(world, last, endedStatus(2));
	const action = await world.untilPhase(space, "run", "Failed");
	t.match(said(action), `pod "${last.metadata?.name}" ended with exit code 2`, "the last try is told");
});
