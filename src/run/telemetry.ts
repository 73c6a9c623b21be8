// Probes and metrics: served before anything else is there, so that a start that takes long can be watched.
import type { Registry } from "prom-client";
import { type Check, healthPages, metricsPages } from "../telemetry/health.ts";
import { serve } from "../telemetry/server.ts";
import { listenFor } from "./listening.ts";
import type { Process } from "./process.ts";

const readiness = (running: Process): Check[] => [
	{ name: "webhooks serving", ok: running.serving },
	running.certificates?.check() ?? { name: "certificate valid", ok: false },
	...(running.controllers?.ready() ?? [{ name: "controllers started", ok: false }]),
	{ name: "not stopping", ok: !running.signal.aborted },
];

/** Serves both, where they are not turned off. @throws FlagValueError where it cannot listen */
export const startTelemetry = async (running: Process, registry: Registry): Promise<void> => {
	const { healthProbeBindAddress, metricsBindAddress } = running.config;
	const health = healthPages({ ready: () => readiness(running) });
	for (const [flag, address, pages] of [
		["--health-probe-bind-address", healthProbeBindAddress, health],
		["--metrics-bind-address", metricsBindAddress, metricsPages(registry)],
	] as const) {
		if (address === undefined) continue;
		const server = await listenFor(flag, address, (at) => serve(at, pages));
		running.stops.push(() => server.close());
	}
};
