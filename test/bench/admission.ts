// What admission costs through the real API server: dry-run creates, spec changes and metadata changes, with no
// webhook, with one that does nothing, and with ours. All three in one run on one API server, so that ratios hold.

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { startController } from "../cluster/controller.ts";
import { freePorts } from "../cluster/ports.ts";
import { start } from "../cluster/processes.ts";
import { eventually } from "../cluster/wait.ts";
import { connectLoad, type LoadRequest, type LoadResult, runLoad } from "./load.ts";
import { registerNoop, writeNoopCertificate } from "./noopregistration.ts";
import { backupPath, backupsPath, PREREQUISITES, scheduledBackup } from "./objects.ts";
import { type Figure, figure } from "./report.ts";
import { type Bench, withControlPlane } from "./session.ts";

const BENCHMARK = "admission";
const DRY = "?dryRun=All";
const MERGE = "application/merge-patch+json";

const LOADS: Record<string, (index: number) => LoadRequest> = {
	create: (index) => ({ method: "POST", path: backupsPath(DRY), body: scheduledBackup(`new-${index}`) }),
	"spec change": (index) => ({
		method: "PATCH",
		path: backupPath("existing", DRY),
		contentType: MERGE,
		body: { spec: scheduledBackup("existing", { port: 1024 + (index % 50_000) }).spec },
	}),
	"metadata change": (index) => ({
		method: "PATCH",
		path: backupPath("existing", DRY),
		contentType: MERGE,
		body: { metadata: { labels: { round: `r${index}` } } },
	}),
};

type Measured = Record<string, LoadResult>;

const measure = async (bench: Bench, clientCounts: readonly number[]): Promise<Measured> => {
	const measured: Measured = {};
	for (const clients of clientCounts) {
		const client = connectLoad(bench.plane, clients);
		for (const [name, make] of Object.entries(LOADS)) {
			await runLoad(client, clients, clients * 2 + 50, make);
			const result = await runLoad(client, clients, Math.max(300, clients * 20), make);
			const failed = JSON.stringify(result.failures);
			if (failed !== "{}") throw new Error(`${name} at ${clients} clients: unexpected answers ${failed}`);
			measured[`${name} @ ${clients}`] = result;
		}
		await client.close();
	}
	return measured;
};

const noopServer = async (bench: Bench) => {
	const [port = 0] = await freePorts(1);
	const { certificateFile, keyFile, authority } = await writeNoopCertificate(bench.folder);
	const log = join(bench.folder, "noop.log");
	const program = join(import.meta.dirname, "noop.ts");
	const running = start(process.execPath, [program, String(port), certificateFile, keyFile], { log });
	await eventually(async () => (await readFile(log, "utf8")).includes("ready"), { what: "the no-op webhook listens" });
	await registerNoop(bench, `https://127.0.0.1:${port}/`, authority);
	return running;
};

const deleteWebhooks = async (bench: Bench): Promise<void> => {
	await bench.kubectl(["delete", "validatingwebhookconfigurations,mutatingwebhookconfigurations", "--all"]);
};

/** p99 of the handler alone, in milliseconds, from the bucket bounds of the controller's own histogram. */
const handlerP99 = (metrics: string): number => {
	const buckets = new Map<number, number>();
	for (const match of metrics.matchAll(
		/^backup_maker_controller_admission_duration_seconds_bucket\{[^}]*le="([^"]+)"[^}]*\} (\d+)$/gm,
	)) {
		const bound = match[1] === "+Inf" ? Number.POSITIVE_INFINITY : Number(match[1]);
		buckets.set(bound, (buckets.get(bound) ?? 0) + Number(match[2]));
	}
	const sorted = [...buckets].sort(([left], [right]) => left - right);
	const total = sorted.at(-1)?.[1] ?? 0;
	return (sorted.find(([, count]) => count >= total * 0.99)?.[0] ?? Number.NaN) * 1000;
};

const compare = (bare: Measured, noop: Measured, ours: Measured): Figure[] =>
	Object.keys(ours).flatMap((name) => {
		const limit = name.startsWith("metadata") ? 1.5 : 3;
		const [none, least, own] = [bare[name], noop[name], ours[name]];
		if (none === undefined || least === undefined || own === undefined) return [];
		const added = Math.max(own.p99 - none.p99, 0) / Math.max(least.p99 - none.p99, 0.1);
		return [
			figure(BENCHMARK, `${name}: none p50`, none.p50, "ms"),
			figure(BENCHMARK, `${name}: none p99`, none.p99, "ms"),
			figure(BENCHMARK, `${name}: no-op p50`, least.p50, "ms"),
			figure(BENCHMARK, `${name}: no-op p99`, least.p99, "ms"),
			figure(BENCHMARK, `${name}: ours p50`, own.p50, "ms"),
			figure(BENCHMARK, `${name}: ours p99`, own.p99, "ms"),
			figure(BENCHMARK, `${name}: added at p99, ours / no-op`, added, "x", { atMost: limit }),
		];
	});

/** Measures at each number of clients. */
export const benchAdmission = (clientCounts: readonly number[]): Promise<Figure[]> =>
	withControlPlane(false, async (bench) => {
		await bench.kubectl(["apply", "-f", "crds/"]);
		await bench.kubectl(["wait", "--for=condition=Established", "crd", "--all", "--timeout=30s"]);
		await bench.kubectl(["apply", "-f", "-"], PREREQUISITES);
		await bench.kubectl(["apply", "-f", "-"], JSON.stringify(scheduledBackup("existing")));
		const bare = await measure(bench, clientCounts);
		const noop = await noopServer(bench);
		const least = await measure(bench, clientCounts);
		await deleteWebhooks(bench);
		await noop.end();
		const controller = await startController({ folder: bench.folder, kubeconfig: bench.plane.kubeconfig });
		const ours = await measure(bench, clientCounts);
		const alone = handlerP99(await controller.metrics());
		await controller.kill();
		return [...compare(bare, least, ours), figure(BENCHMARK, "handler alone p99", alone, "ms", { atMost: 5 })];
	});
