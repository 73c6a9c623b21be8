// The composition root: the one place where adapters are made and bound to what uses them, in the order in which they
// can start, and stopped in the reverse order. How a part of it starts is in src/run/. No decisions about backups are made here.
import { readFile } from "node:fs/promises";
import { Registry } from "prom-client";
import { startControllers } from "../reconcilers/index.ts";
import type { RunConfig } from "./config.ts";
import { createMemory } from "./domain/memory.ts";
import { CRDS_FOLDER } from "./files.ts";
import { JobDefaultsError, readJobDefaults } from "./gather/jobdefaults.ts";
import { createInspectorThread, generateIdentity } from "./gpg/index.ts";
import { systemClock } from "./kube/clock.ts";
import { bindSharing } from "./locks/index.ts";
import { admissionsOf } from "./run/admission.ts";
import { certificatesOf } from "./run/certificates.ts";
import { connectTo } from "./run/connection.ts";
import { aborted, newProcess, type Process, stopAll } from "./run/process.ts";
import { startTelemetry } from "./run/telemetry.ts";
import { templatesApplier } from "./run/templates.ts";
import { register, startWebhooks } from "./run/webhooks.ts";
import { installCrds } from "./standalone/index.ts";
import { plainError } from "./telemetry/errors.ts";
import { createLogger } from "./telemetry/logger.ts";
import { createMetrics } from "./telemetry/metrics.ts";

/** How long stopping may take before it is cut short; Kubernetes kills a pod after 30 s. */
const STOP_MILLISECONDS = 25_000;

const start = async (running: Process, registry: Registry): Promise<void> => {
	const { config, logger, metrics, stops, signal } = running;
	const jobDefaults = await readJobDefaults(config.jobDefaults, (file) => readFile(file, "utf8"));
	await startTelemetry(running, registry);
	const connection = await connectTo(config);
	stops.push(() => connection.close());
	if (config.standalone !== undefined) await installCrds(connection.kube, CRDS_FOLDER);
	const inspector = createInspectorThread();
	stops.push(() => inspector.stop());
	const sharing = await bindSharing({ config, logger, metrics });
	stops.push(() => sharing.close());
	// One for all: what admission worked out, the reconciler needs a moment later.
	const settings = { ...config.settings, jobDefaults, memory: createMemory() };
	const served = Promise.withResolvers<void>();
	const whileActive = templatesApplier(running, settings, served.promise);
	const controllers = startControllers({
		transport: connection.transport,
		...(whileActive === undefined ? {} : { whileActive }),
		activity: sharing.activity,
		locks: sharing.locks,
		settings,
		inspector,
		gpg: { generateIdentity },
		logger,
		metrics,
		clock: systemClock,
		random: Math.random,
		watchNamespaces: config.watchNamespaces,
	});
	running.controllers = controllers;
	stops.push(() => controllers.stop());
	const certificates = await certificatesOf(running, connection);
	await Promise.race([Promise.all([controllers.synced, certificates.first]), aborted(signal)]);
	if (signal.aborted) return;
	const admissionOf = admissionsOf({ config, connection, controllers, inspector, settings });
	await startWebhooks(running, admissionOf, certificates);
	await register(running, connection.kube, certificates);
	// Not before: who waits for /readyz wants the next `kubectl apply` to be checked.
	running.serving = true;
	served.resolve();
};

/**
 * Runs webhooks and controllers until `signal` is aborted, then drains: not ready any more, calls answered, keys that
 * are being worked on finished.
 * Out: the exit code: 0 after a clean end, 1 where it could not start or not end within 25 s.
 */
export const run = async (config: RunConfig, signal: AbortSignal): Promise<number> => {
	const destination =
		process.stdout.isTTY === true ? (await import("./telemetry/terminal.ts")).terminalLines() : undefined;
	const logger = createLogger({ level: config.logLevel, destination });
	const registry = new Registry();
	const running = newProcess({ config, logger, metrics: createMetrics(registry), signal });
	let started = true;
	try {
		await start(running, registry);
		if (!signal.aborted) logger.info({ settings: config.settings }, "serving");
		await aborted(signal);
		logger.info("stopping");
	} catch (error) {
		started = false;
		const { message } = plainError(error);
		const wrong = error instanceof JobDefaultsError ? { mistakes: error.mistakes } : {};
		logger.fatal({ err: error, ...wrong }, message === "" ? "could not start" : `could not start: ${message}`);
	}
	const late = new Promise<boolean>((resolve) => setTimeout(resolve, STOP_MILLISECONDS, false).unref());
	const clean = await Promise.race([stopAll(running), late]);
	logger.info({ clean }, "stopped");
	return started && clean ? 0 : 1;
};
