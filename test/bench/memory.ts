// Resident memory of the idle controller, by the kernel's own figure, as the number of objects grows.
import { readFile } from "node:fs/promises";
import { type Controller, startController } from "../cluster/controller.ts";
import { eventually } from "../cluster/wait.ts";
import { connectLoad, type LoadClient, runLoad } from "./load.ts";
import { backupsPath, NAMESPACE, PREREQUISITES, scheduledBackup } from "./objects.ts";
import { type Figure, figure } from "./report.ts";
import { type Bench, withControlPlane } from "./session.ts";

const BENCHMARK = "memory";
/** Node takes a quarter of a container's memory limit as its heap limit, and collects garbage accordingly: here 1 GiB. */
const HEAP_LIMIT = "--max-old-space-size=256";

/** MiB. */
const residentMemory = async (pid: number): Promise<number> => {
	const text = await readFile(`/proc/${pid}/status`, "utf8");
	return Number(/^VmRSS:\s+(\d+) kB/m.exec(text)?.[1]) / 1024;
};

/** Waits until the memory no longer moves by more than 1 MiB in 5 s, three times running. */
const settledMemory = async (pid: number): Promise<number> => {
	let last = await residentMemory(pid);
	let calm = 0;
	while (calm < 3) {
		await new Promise((resolve) => setTimeout(resolve, 5000));
		const now = await residentMemory(pid);
		calm = Math.abs(now - last) < 1 ? calm + 1 : 0;
		last = now;
	}
	return last;
};

const readyTotal = (metrics: string): number =>
	Number(
		/^backup_maker_controller_queue_depth\{[^}]*controller="scheduledbackup"[^}]*\} (\d+)$/m.exec(metrics)?.[1] ??
			Number.NaN,
	);

const startSettled = async (bench: Bench): Promise<Controller> => {
	const controller = await startController({
		folder: bench.folder,
		kubeconfig: bench.plane.kubeconfig,
		env: { NODE_OPTIONS: HEAP_LIMIT },
	});
	await eventually(async () => readyTotal(await controller.metrics()) === 0, {
		timeout: 600,
		what: "the queue is empty",
	});
	return controller;
};

const grow = async (client: LoadClient, from: number, to: number): Promise<void> => {
	const { failures } = await runLoad(client, 16, to - from, (index) => ({
		method: "POST",
		path: backupsPath(),
		body: scheduledBackup(`backup-${from + index}`),
	}));
	if (Object.keys(failures).length > 0) throw new Error(`creates failed: ${JSON.stringify(failures)}`);
};

/** A started-from-idle controller over `count` objects: what it needs when nothing happens. */
const idleMemory = async (bench: Bench): Promise<number> => {
	// The first process does the work of converging; the figure is of one that found everything done.
	const first = await startSettled(bench);
	await first.kill();
	const controller = await startSettled(bench);
	const memory = await settledMemory(controller.pid);
	await controller.kill();
	return memory;
};

const addSecrets = async (client: LoadClient, count: number): Promise<void> => {
	const data = Buffer.alloc(750_000, 7).toString("base64");
	await runLoad(client, 4, count, (index) => ({
		method: "POST",
		path: `/api/v1/namespaces/${NAMESPACE}/secrets`,
		body: { apiVersion: "v1", kind: "Secret", metadata: { name: `unrelated-${index}` }, data: { big: data } },
	}));
};

/** Measures at 1,000 and at `large` objects, and with 300 unrelated Secrets of 1 MB. */
export const benchMemory = (large: number): Promise<Figure[]> =>
	withControlPlane(false, async (bench) => {
		const client = connectLoad(bench.plane, 16);
		await bench.kubectl(["apply", "-f", "crds/"]);
		await bench.kubectl(["wait", "--for=condition=Established", "crd", "--all", "--timeout=30s"]);
		await bench.kubectl(["apply", "-f", "-"], PREREQUISITES);
		await grow(client, 0, Math.min(1000, large));
		const small = await idleMemory(bench);
		await addSecrets(client, 300);
		const withSecrets = await idleMemory(bench);
		await grow(client, Math.min(1000, large), large);
		const many = await idleMemory(bench);
		await client.close();
		return [
			figure(BENCHMARK, "1,000 idle ScheduledBackups", small, "MiB"),
			figure(BENCHMARK, "300 unrelated Secrets of 1 MB add", withSecrets - small, "MiB", { atMost: 10 }),
			figure(BENCHMARK, `${large} idle ScheduledBackups`, many, "MiB", { atMost: 200 }),
		];
	});
