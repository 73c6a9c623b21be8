// A requested run that hangs shows it in the action's status within seconds, and no longer once it goes on.
import t from "tap";
import { eventually } from "../cluster/wait.ts";
import { endRun, jobOf, podOfAction, runningStatus, said, setStatus } from "./support/runs.ts";
import { STUCK_PODS, tellEvent } from "./support/stuck.ts";
import { startWorld } from "./support/world.ts";

const world = await startWorld(t);
const { session } = world;

/** Waits until the action says so, in one line. */
const untilSaid = async (space: string, name: string, line: RegExp | string): Promise<string> =>
	said(
		await world.until(space, name, `says ${line}`, (action) =>
			typeof line === "string" ? said(action) === line : line.test(said(action)),
		),
	);

await world.withBackup("pods");

for (const { reason, status, event, told } of STUCK_PODS)
	await t.test(reason, async (t) => {
		const name = reason.toLowerCase();
		await world.request("pods", name, { action: "restore" });
		const pod = await podOfAction(world, "pods", name);
		const job = (await jobOf(world, "pods", name)).metadata?.name;
		await setStatus(world, pod, status);
		if (event !== undefined) await tellEvent(world, pod, reason, event);
		const message = `Pod "${pod.metadata?.name}" of Job "${job}" ${told}`;
		await untilSaid("pods", name, `Running ${reason}: ${message}`);
		t.match(world.actions.get("pods", name)?.status, {
			healthy: false,
			childrenResourcesHealth: [{ kind: "Job", name: job, running: true, failed: false, message }],
			conditions: [
				{ type: "Ready", status: "False", reason },
				{ type: "Reconciling", status: "True", reason, message },
				{ type: "Stalled", status: "False" },
			],
		});
		await setStatus(world, pod, runningStatus());
		await untilSaid("pods", name, `Running Running: Job "${job}" runs`);
		const recovered = world.actions.get("pods", name)?.status;
		t.equal(recovered?.healthy, true, "it says that it recovered");
		t.same(recovered?.childrenResourcesHealth, [{ kind: "Job", name: job, running: true, failed: false }]);
		await endRun(world, "pods", name, 0);
		await world.untilPhase("pods", name, "Succeeded");
	});

/** Pods are refused until `recover`. */
const refused = [
	{
		name: "quota",
		prepare: "create quota none --hard=pods=0",
		found: /exceeded quota: none, requested: pods=1, used: pods=0, limited: pods=0/,
		recover: "delete quota none",
	},
	{
		name: "pod-security",
		prepare: "label namespace pod-security pod-security.kubernetes.io/enforce=restricted",
		found: /violates PodSecurity "restricted:latest"/,
		recover: "label namespace pod-security pod-security.kubernetes.io/enforce-",
	},
];

for (const { name: space, prepare, found, recover } of refused)
	await t.test(`FailedCreate: ${space}`, async (t) => {
		await world.withBackup(space);
		await session.kubectl(`${prepare} -n ${space}`);
		if (space === "quota")
			await eventually(async () => (await session.json(`get quota none -n ${space}`)).status?.hard !== undefined, {
				what: "the quota is counted",
			});
		await world.request(space, "run", { action: "restore" });
		const line = await untilSaid(space, "run", /^Running FailedCreate/);
		const job = (await jobOf(world, space, "run")).metadata?.name;
		t.match(line, `Running FailedCreate: Job "${job}" has no pod (FailedCreate): `);
		t.match(line, found);
		t.match(line, /; pods are refused; check the namespace's quota, pod security level and admission policies$/);
		t.match(world.actions.get(space, "run")?.status, { phase: "Running", healthy: false });
		const { code, stderr } = await session.kubectl(`${recover} -n ${space}`);
		t.equal(code, 0, stderr);
		await untilSaid(space, "run", `Running Running: Job "${job}" runs`);
		await endRun(world, space, "run", 0);
		await world.untilPhase(space, "run", "Succeeded");
		t.equal(world.pods.ever(space).length, 1);
	});

await t.test("a Job that somebody suspends while it runs is not started again by us", async (t) => {
	const space = "suspended";
	await world.withBackup(space);
	await world.request(space, "run", { action: "backup" });
	await podOfAction(world, space, "run");
	const job = (await jobOf(world, space, "run")).metadata?.name;
	await session.kubectl(["patch", "job", `${job}`, "-n", space, "--type=merge", "-p", '{"spec":{"suspend":true}}']);
	await untilSaid(space, "run", `Running Suspended: Job "${job}" was suspended by somebody after it had started`);
	await world.controller().kill();
	await world.start();
	t.equal(world.jobs.get(space, `${job}`)?.spec?.suspend, true, "nor by the next controller");
	t.equal(world.actions.get(space, "run")?.status?.healthy, false);
	await session.kubectl(["patch", "job", `${job}`, "-n", space, "--type=merge", "-p", '{"spec":{"suspend":false}}']);
	await untilSaid(space, "run", `Running Running: Job "${job}" runs`);
});
