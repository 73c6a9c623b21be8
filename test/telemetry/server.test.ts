import { Registry } from "prom-client";
import t from "tap";
import { type Check, healthPages, metricsPages } from "../../src/telemetry/health.ts";
import { createMetrics } from "../../src/telemetry/metrics.ts";
import { serve } from "../../src/telemetry/server.ts";

const address = { host: "127.0.0.1", port: 0 };

t.test("ready when every check is, and says which is not", async (t) => {
	let synced = false;
	const ready = (): Check[] => [
		{ name: "watch Job", ok: synced, ...(synced ? {} : { detail: "first list" }) },
		{ name: "webhooks serving", ok: true },
	];
	const server = await serve(address, healthPages({ ready }));
	t.teardown(() => server.close());
	const ask = async (path: string, method = "GET") => {
		const response = await fetch(`http://127.0.0.1:${server.port}${path}`, { method });
		return [response.status, await response.text()];
	};
	t.strictSame(await ask("/readyz"), [
		503,
		"[-]watch Job failed: first list\n[+]webhooks serving ok\nreadyz check failed\n",
	]);
	t.strictSame(await ask("/healthz"), [200, "healthz check passed\n"]);
	synced = true;
	t.strictSame(await ask("/readyz?verbose"), [200, "[+]watch Job ok\n[+]webhooks serving ok\nreadyz check passed\n"]);
	t.strictSame(await ask("/readyz", "HEAD"), [200, ""]);
	t.strictSame(await ask("/readyz", "POST"), [405, "GET only\n"]);
	t.strictSame(await ask("/else"), [404, "not found\n"]);
	t.strictSame(await ask("/constructor"), [404, "not found\n"]);
});

t.test("alive unless a live check says no; a check that throws is a failure", async (t) => {
	const pages = healthPages({
		ready: () => {
			throw new Error("s3cr3t");
		},
		live: () => [{ name: "controllers", ok: false }],
	});
	const server = await serve(address, pages);
	t.teardown(() => server.close());
	const response = await fetch(`http://127.0.0.1:${server.port}/readyz`);
	t.strictSame([response.status, await response.text()], [500, "failed\n"]);
	t.equal((await fetch(`http://127.0.0.1:${server.port}/healthz`)).status, 503);
});

t.test("a port that is taken", async (t) => {
	const server = await serve(address, {});
	t.teardown(() => server.close());
	await t.rejects(serve({ host: "127.0.0.1", port: server.port }, {}), { code: "EADDRINUSE" });
});

t.test("metrics", async (t) => {
	const registry = new Registry();
	const metrics = createMetrics(registry);
	metrics.admitted("ScheduledBackup", "denied", 0.003);
	metrics.reconciled("scheduledbackup", "done", 0.2);
	metrics.watchRestarted("Job", "timeout");
	metrics.eventDropped("Job", "unparsable");
	metrics.certificateExpires("serving", 1_790_000_000_000);
	metrics.certificateRenewed("authority");
	metrics.certificateFailed("unusable");
	let depth = 3;
	metrics.watchQueue("scheduledbackup", () => depth);
	const server = await serve({ host: "127.0.0.1", port: 0 }, metricsPages(registry));
	t.teardown(() => server.close());
	const scrape = async () => (await fetch(`http://127.0.0.1:${server.port}/metrics`)).text();
	const text = await scrape();
	for (const line of [
		'backup_maker_controller_admission_duration_seconds_count{kind="ScheduledBackup",verdict="denied"} 1',
		'backup_maker_controller_admission_duration_seconds_bucket{le="0.005",kind="ScheduledBackup",verdict="denied"} 1',
		'backup_maker_controller_reconcile_duration_seconds_count{controller="scheduledbackup",outcome="done"} 1',
		'backup_maker_controller_watch_restarts_total{kind="Job",reason="timeout"} 1',
		'backup_maker_controller_watch_events_dropped_total{kind="Job",reason="unparsable"} 1',
		'backup_maker_controller_queue_depth{controller="scheduledbackup"} 3',
		'backup_maker_controller_certificate_expiry_timestamp_seconds{certificate="serving"} 1790000000',
		'backup_maker_controller_certificate_renewals_total{certificate="authority"} 1',
		'backup_maker_controller_certificate_failures_total{reason="unusable"} 1',
	])
		t.ok(text.includes(`${line}\n`), line);
	t.match(text, /^nodejs_eventloop_lag_seconds /m);
	depth = 0;
	t.match(await scrape(), /queue_depth\{controller="scheduledbackup"\} 0/);
	t.throws(() => createMetrics(registry));
});
