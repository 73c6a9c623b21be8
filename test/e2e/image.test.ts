// The image as it runs: who it is, what it may do, how fast it starts, how little it needs, and how it stops.
import { setTimeout as delay } from "node:timers/promises";
import t from "tap";
import type { Pod } from "../../src/api/kubernetes.ts";
import { callApi, type History, watchKind } from "../cluster/api.ts";
import { eventually } from "../cluster/wait.ts";
import { template } from "../integration/support/objects.ts";
import { mustKubectl } from "../integration/support/status.ts";
import { install, NAMESPACE, RELEASE } from "./install.ts";
import { processesOf, residentBytes, startTime, statusField, threadSeconds } from "./process.ts";
import { useNode } from "./world.ts";

t.setTimeout(600_000);

const READY_SECONDS = 3;
const IDLE_BYTES = 120 * 1024 * 1024;
const NODE = "/usr/local/bin/node";
const SELECTOR = `app.kubernetes.io/name=${RELEASE}`;

const world = await useNode(t);
await install(t, world);

const readyPod = async (): Promise<Pod> => {
	const { items } = (await world.json(`get pods -n ${NAMESPACE} -l ${SELECTOR}`)) as { items: Pod[] };
	const [found] = items.filter(
		({ metadata, status }) =>
			metadata?.deletionTimestamp === undefined &&
			status?.conditions?.some(({ type, status: is }) => type === "Ready" && is === "True"),
	);
	if (found === undefined) throw new Error("no pod of the controller is ready");
	return found;
};
const controllerPod = (): Promise<Pod> => eventually(readyPod, { what: "a pod of the controller is ready" });
const pidOf = async (pod: Pod): Promise<number> => {
	const [pid] = await processesOf(pod.metadata?.uid ?? "", NODE);
	if (pid === undefined) throw new Error("the controller's process is not found");
	return pid;
};

await t.test("it is nobody, may do nothing, and can write nowhere", async (t) => {
	const pid = await pidOf(await controllerPod());
	t.equal(await statusField(pid, "Uid"), "65532\t65532\t65532\t65532");
	t.equal(await statusField(pid, "CapEff"), "0000000000000000");
	t.equal(await statusField(pid, "CapBnd"), "0000000000000000");
	t.equal(await statusField(pid, "NoNewPrivs"), "1");
	t.equal(await statusField(pid, "Seccomp"), "2");
	const program = `import {writeFileSync as w} from "node:fs"; for (const f of ["/x", "/app/x", "/tmp/x", "/etc/passwd"]) { try { w(f, ""); console.log(f) } catch {} }`;
	const written = await mustKubectl(world, [
		...["exec", "-n", NAMESPACE, `deployment/${RELEASE}`, "--", NODE, "--input-type=module", "-e", program],
	]);
	t.equal(written, "");
	const { code } = await world.kubectl(`exec -n ${NAMESPACE} deployment/${RELEASE} -- /bin/sh -c true`);
	t.not(code, 0, "there is no shell");
});

/**
 * Seconds from the process' start to its readiness, which its log tells by the millisecond; those left out for which
 * it was ready to run and others had the processor.
 */
const secondsToReady = async (pod: Pod): Promise<number> => {
	const pid = await pidOf(pod);
	const { ran, waited } = await threadSeconds(pid);
	const log = await mustKubectl(world, `logs -n ${NAMESPACE} ${pod.metadata?.name}`);
	const serving = log.split("\n").find((line) => line.includes('"msg":"serving"'));
	if (serving === undefined) throw new Error("the log does not say when it serves");
	const seconds = (Date.parse(JSON.parse(serving).time) - (await startTime(pid))) / 1000;
	t.comment(`ready after ${seconds.toFixed(2)} s, ${waited.toFixed(2)} s of which it waited for a processor`);
	// It may have waited after it was ready, too: less than it ran it cannot have needed.
	return Math.max(seconds - waited, ran);
};

const replacePod = async (): Promise<Pod> => {
	await mustKubectl(world, `delete pod -n ${NAMESPACE} ${(await controllerPod()).metadata?.name} --wait=true`);
	return controllerPod();
};

/** Waits until it no longer moves by a MiB within a few seconds and is as low as wanted; after a minute what it is then. */
const settledBytes = async (pid: number): Promise<number> => {
	let last = Number.POSITIVE_INFINITY;
	for (let looks = 0; looks < 20; looks++) {
		const now = await residentBytes(pid);
		if (Math.abs(now - last) < 1024 * 1024 && now < IDLE_BYTES) return now;
		last = now;
		await delay(3000);
	}
	return last;
};

await t.test(`it is ready in under ${READY_SECONDS} s, and idles in little memory`, async (t) => {
	const pod = await replacePod();
	const seconds = await secondsToReady(pod);
	t.ok(seconds < READY_SECONDS, `ready after ${seconds.toFixed(2)} s`);
	const bytes = await settledBytes(await pidOf(pod));
	t.comment(`idles at ${Math.round(bytes / 1024 / 1024)} MiB resident`);
	t.ok(bytes < IDLE_BYTES, `idles at ${Math.round(bytes / 1024 / 1024)} MiB resident`);
});

/** Calls the webhooks over and over through the API server, changing nothing. Out: what went wrong, and how to end. */
const callWithoutEnd = (clients: number) => {
	const failures: string[] = [];
	let calls = 0;
	let on = true;
	const object = template("e2e-load", { image: "example.org/a:1" });
	const client = async (): Promise<void> => {
		while (on) {
			const path = "/apis/riotkit.org/v1alpha1/clusterbackupproceduretemplates?dryRun=All";
			const { status, body } = await callApi(world.node, "POST", path, object);
			calls += 1;
			if (status !== 201) failures.push(`${status} ${body["message"]}`);
		}
	};
	const running = Promise.all(Array.from({ length: clients }, client));
	return {
		stop: async () => {
			on = false;
			await running;
			return { failures, calls };
		},
	};
};

await t.test("it stops gracefully: calls in flight are answered, none fails, and it ends with 0", async (t) => {
	const pods: History<Pod> = await watchKind<Pod>(world.node, `/api/v1/namespaces/${NAMESPACE}/pods`);
	t.teardown(() => pods.stop());
	const before = (await controllerPod()).metadata?.uid;
	const load = callWithoutEnd(8);
	await mustKubectl(world, `rollout restart deployment/${RELEASE} -n ${NAMESPACE}`);
	await mustKubectl(world, `rollout status deployment/${RELEASE} -n ${NAMESPACE} --timeout=120s`);
	const terminated = await eventually(
		() => {
			const gone = pods.ever(NAMESPACE).find(({ metadata }) => metadata?.uid === before);
			return gone?.status?.containerStatuses?.[0]?.state?.terminated;
		},
		{ what: "the old pod has ended" },
	);
	const { failures, calls } = await load.stop();
	t.same(failures.slice(0, 5), [], `${calls} calls, ${failures.length} failed`);
	t.match(terminated, { exitCode: 0, reason: "Completed" });
	t.comment(`${calls} admission calls during the restart`);
});
