// From nothing to Ready: many ScheduledBackups at once, against the same writes done by a bare loop as the limit of
// this machine's API server.

import { setTimeout as pause } from "node:timers/promises";
import { startController } from "../cluster/controller.ts";
import { eventually } from "../cluster/wait.ts";
import { countWrites } from "./audit.ts";
import { connectLoad, type LoadClient, runLoad } from "./load.ts";
import { backupsPath, NAMESPACE, PREREQUISITES, scheduledBackup } from "./objects.ts";
import { type Figure, figure } from "./report.ts";
import { type Bench, withControlPlane } from "./session.ts";

const BENCHMARK = "convergence";
const CLIENTS = 16;

const createAll = async (client: LoadClient, count: number): Promise<void> => {
	const { failures } = await runLoad(client, CLIENTS, count, (index) => ({
		method: "POST",
		path: backupsPath(),
		body: scheduledBackup(`backup-${index}`),
	}));
	if (Object.keys(failures).length > 0) throw new Error(`creates failed: ${JSON.stringify(failures)}`);
};

const readyCount = async (client: LoadClient): Promise<number> => {
	const { text } = await client.send({ method: "GET", path: backupsPath("?resourceVersion=0") });
	const { items } = JSON.parse(text) as {
		items: { status?: { conditions?: { type: string; status: string }[] } }[];
	};
	return items.filter(({ status }) =>
		status?.conditions?.some(({ type, status: value }) => type === "Ready" && value === "True"),
	).length;
};

/** The objects that the controller made for one ScheduledBackup, as templates for the bare loop. */
const childrenOf = async (bench: Bench, name: string) => {
	const selector = `riotkit.org/scheduled-backup=${name}`;
	const text = await bench.kubectl(["get", "configmaps,cronjobs", "-n", NAMESPACE, "-l", selector, "-o", "json"]);
	const { items } = JSON.parse(text);
	return items as { kind: string; metadata: { name: string }; spec: unknown; data: unknown; immutable?: boolean }[];
};

/** The same creates and one status write per object, with nothing else: objects per second. */
const bareLoop = async (bench: Bench, client: LoadClient, count: number): Promise<number> => {
	const children = await childrenOf(bench, "backup-0");
	const status = JSON.parse(
		await bench.kubectl(["get", "scheduledbackup", "backup-0", "-n", NAMESPACE, "-o", "json"]),
	).status;
	const paths: Record<string, string> = {
		ConfigMap: `/api/v1/namespaces/${NAMESPACE}/configmaps`,
		CronJob: `/apis/batch/v1/namespaces/${NAMESPACE}/cronjobs`,
	};
	const names = Array.from({ length: count }, (_, index) => index);
	const started = performance.now();
	const worker = async (): Promise<void> => {
		for (let index = names.pop(); index !== undefined; index = names.pop()) {
			for (const child of children) {
				const { kind, spec, data, immutable, ...rest } = child;
				const { apiVersion } = rest as unknown as { apiVersion: string };
				const metadata = {
					name: `bare-${index}-${child.metadata.name}`.slice(0, 52).replace(/-+$/, ""),
					namespace: NAMESPACE,
				};
				const body = { apiVersion, kind, metadata, spec, data, immutable };
				const answer = await client.send({ method: "POST", path: paths[kind] ?? "", body });
				if (answer.status >= 300) throw new Error(`${kind}: ${answer.status} ${answer.text.slice(0, 300)}`);
			}
			const path = backupsPath(`/backup-${index}/status`);
			const body = { status: { ...status, lastAppliedSpecHash: `bare-${index}` } };
			const answer = await client.send({ method: "PATCH", path, body, contentType: "application/merge-patch+json" });
			if (answer.status >= 300) throw new Error(`status: ${answer.status} ${answer.text.slice(0, 300)}`);
		}
	};
	await Promise.all(Array.from({ length: CLIENTS }, worker));
	return count / ((performance.now() - started) / 1000);
};

/** Measures with `count` ScheduledBackups. */
export const benchConvergence = (count: number): Promise<Figure[]> =>
	withControlPlane(true, async (bench) => {
		const client = connectLoad(bench.plane, CLIENTS);
		await bench.kubectl(["apply", "-f", "crds/"]);
		await bench.kubectl(["wait", "--for=condition=Established", "crd", "--all", "--timeout=30s"]);
		await bench.kubectl(["apply", "-f", "-"], PREREQUISITES);
		// The objects are there before the controller is: what is measured is the controller, not the creates.
		await createAll(client, count);
		const started = performance.now();
		const controller = await startController({
			folder: bench.folder,
			kubeconfig: bench.plane.kubeconfig,
			waitUntilReady: false,
		});
		await eventually(async () => (await readyCount(client)) === count, { timeout: 600, what: `${count} are Ready` });
		const rate = count / ((performance.now() - started) / 1000);
		// The audit log is written in batches, at the latest after 30 s.
		const writes = await writesAfter(bench, 40);
		const total = sum(writes);
		const later = sum(await writesAfter(bench, 60));
		await controller.kill();
		const limit = await bareLoop(bench, client, count);
		await client.close();
		return [
			figure(BENCHMARK, `${count} ScheduledBackups to Ready`, rate, "objects/s"),
			figure(BENCHMARK, "the same writes by a bare loop", limit, "objects/s"),
			figure(BENCHMARK, "ours / bare loop", rate / limit, "x", { atLeast: 0.7 }),
			figure(BENCHMARK, "API writes per object", total / count, "", { atMost: 6 }),
			...Object.entries(writes).map(([name, number]) =>
				figure(BENCHMARK, `writes: ${name}`, number / count, "per object"),
			),
			figure(BENCHMARK, "writes in the minute after", later - total, "", { atMost: 0 }),
		];
	});

const sum = (counts: Record<string, number>): number =>
	Object.values(counts).reduce((total, count) => total + count, 0);

/** All writes of the controller so far, once it had `seconds` with nothing to do. */
const writesAfter = async (bench: Bench, seconds: number): Promise<Record<string, number>> => {
	await pause(seconds * 1000);
	return countWrites(bench.folder, /backup-maker-controller/);
};
