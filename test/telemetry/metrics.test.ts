// All metrics as they are scraped: names, help, labels and buckets are what dashboards and alerts are built on.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Registry } from "prom-client";
import t from "tap";
import { createMetrics } from "../../src/telemetry/metrics.ts";

const GOLDEN = join(import.meta.dirname, "metrics.txt");

/** Our own, without Node's. */
const scraped = async (registry: Registry): Promise<string> => {
	const blocks = (await registry.metrics()).split("\n\n");
	return `${blocks.filter((block) => block.includes("backup_maker_controller_")).join("\n\n")}\n`;
};

t.test("the whole of what is told, after one of each (UPDATE_GOLDEN=1 writes it anew)", async (t) => {
	const registry = new Registry();
	const metrics = createMetrics(registry);
	metrics.admitted("ScheduledBackup", "allowed", 0.003);
	metrics.reconciled("scheduledbackup", "done", 0.02);
	let depth = 1;
	metrics.watchQueue("scheduledbackup", () => depth);
	metrics.watchQueue("requestedbackupaction", () => 2);
	metrics.watchRestarted("Secret", "timeout");
	metrics.eventDropped("Secret", "unparsable");
	metrics.templatesFolder({ applied: 3, wrong: 1 });
	metrics.certificateExpires("serving", 1_790_000_000_000);
	metrics.certificateRenewed("serving");
	metrics.certificateFailed("forbidden");
	metrics.leading(true);
	metrics.locked("acquired");
	metrics.redisUp(false);
	depth = 5;
	const found = await scraped(registry);
	if (process.env["UPDATE_GOLDEN"] === "1") writeFileSync(GOLDEN, found);
	t.equal(found, readFileSync(GOLDEN, "utf8"));
	t.match(await registry.metrics(), /process_cpu_seconds_total/, "Node's own are there too");
});

t.test("what has nothing to tell is not there", async (t) => {
	const registry = new Registry();
	const metrics = createMetrics(registry);
	t.notMatch(await scraped(registry), /_leader|redis_up/);
	metrics.leading(false);
	metrics.redisUp(true);
	const text = await scraped(registry);
	t.match(text, "backup_maker_controller_leader 0");
	t.match(text, "backup_maker_controller_redis_up 1");
	metrics.leading(true);
	t.match(await scraped(registry), "backup_maker_controller_leader 1");
});
