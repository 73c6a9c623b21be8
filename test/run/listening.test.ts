// An address that cannot be used is reported with its flag.
import { Registry } from "prom-client";
import t from "tap";
import { FlagValueError } from "../../src/api/flagvalue.ts";
import type { BindAddress } from "../../src/config.ts";
import { listenFor } from "../../src/run/listening.ts";
import { newProcess } from "../../src/run/process.ts";
import { startTelemetry } from "../../src/run/telemetry.ts";
import { serve } from "../../src/telemetry/server.ts";

const failing = (code: string) => () => Promise.reject(Object.assign(new Error("listen"), { code }));
const REMEDY = "give a free address of this machine";

t.test("what the server gives is passed on", async (t) => {
	t.equal(await listenFor("--a", { port: 1 }, async ({ port }) => port + 1), 2);
});

const cases: [address: BindAddress, code: string, message: string][] = [
	[{ port: 80 }, "EACCES", `--a: Invalid value: ":80": permission denied (EACCES); give a port of 1024 or higher`],
	[
		{ host: "127.0.0.1", port: 8080 },
		"EADDRINUSE",
		`--a: Invalid value: "127.0.0.1:8080": another process already uses this address (EADDRINUSE); end the process that uses it, or ${REMEDY}`,
	],
	[
		{ host: "2001:db8::1", port: 8080 },
		"EADDRNOTAVAIL",
		`--a: Invalid value: "[2001:db8::1]:8080": no network interface of this machine has this address (EADDRNOTAVAIL); ${REMEDY}`,
	],
	[
		{ host: "nowhere.invalid", port: 1 },
		"ENOTFOUND",
		`--a: Invalid value: "nowhere.invalid:1": the host name cannot be resolved (ENOTFOUND); ${REMEDY}`,
	],
];
for (const [address, code, message] of cases)
	t.test(message, async (t) => {
		await t.rejects(listenFor("--a", address, failing(code)), { name: "FlagValueError", message, cause: { code } });
	});

t.test("probes and metrics each name their flag", async (t) => {
	const other = await serve({ host: "127.0.0.1", port: 0 }, {});
	t.teardown(() => other.close());
	const taken = { host: "127.0.0.1", port: other.port };
	for (const [flag, config] of [
		["--health-probe-bind-address", { healthProbeBindAddress: taken }],
		["--metrics-bind-address", { metricsBindAddress: taken }],
	] as const) {
		const running = newProcess({ config, signal: new AbortController().signal } as never);
		const error = await startTelemetry(running, new Registry()).catch((thrown: unknown) => thrown);
		t.ok(error instanceof FlagValueError);
		t.match(error, { flag, message: `"127.0.0.1:${other.port}": another process` });
	}
});
