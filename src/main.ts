// The composition root: the one place where adapters are made and bound to what uses them, in the order in which they
// can start, and stopped in the reverse order. No decisions about backups are made here.
import { readdir, readFile, stat } from "node:fs/promises";
import { setImmediate as turn } from "node:timers/promises";
import { Registry } from "prom-client";
import { readClientAuthority } from "../certs/clients.ts";
import { type CertificateSource, startCertificates } from "../certs/index.ts";
import { type Controllers, type ControllersOptions, startControllers } from "../reconcilers/index.ts";
import { startTemplatesFolder, type TemplatesFolder } from "../reconcilers/templatesfolder/run.ts";
import type { Admission } from "../webhooks/admission.ts";
import { admit } from "../webhooks/admit.ts";
import { untilAborted } from "../webhooks/deadline.ts";
import { liveReferences } from "../webhooks/references.ts";
import {
	type AdmissionObservation,
	buildServer,
	changeCertificate,
	closeServer,
	type WebhookServer,
} from "../webhooks/server.ts";
import { watchedOf } from "../webhooks/watched.ts";
import type { BindAddress, RunConfig } from "./config.ts";
import { createMemory } from "./domain/memory.ts";
import type { Settings } from "./domain/settings.ts";
import { JobDefaultsError, readJobDefaults } from "./gather/jobdefaults.ts";
import { createInspectorThread, generateIdentity } from "./gpg/index.ts";
import { type Connection, connect } from "./kube/client.ts";
import { systemClock } from "./kube/clock.ts";
import type { Kube } from "./kube/port.ts";
import { bindSharing } from "./locks/index.ts";
import { certificateForUrl, installCrds, registerWebhooks, unregisterWebhooks } from "./standalone/index.ts";
import { type Check, healthPages, metricsPages } from "./telemetry/health.ts";
import { createLogger, type Logger } from "./telemetry/logger.ts";
import { createMetrics, type Metrics } from "./telemetry/metrics.ts";
import { serve } from "./telemetry/server.ts";

/** How long stopping may take before it is cut short; Kubernetes kills a pod after 30 s. */
const STOP_MILLISECONDS = 25_000;
/** How long admission is served on in a cluster: its nodes learn within some seconds that an endpoint is gone. */
const LINGER_MILLISECONDS = 5_000;

/** What is under way, for /readyz and for stopping. */
interface Process {
	config: RunConfig;
	logger: Logger;
	metrics: Metrics;
	/** Aborted by SIGTERM or SIGINT. */
	signal: AbortSignal;
	/** What has to be stopped, last started first. */
	stops: (() => Promise<unknown>)[];
	controllers: Controllers | undefined;
	certificates: CertificateSource | undefined;
	serving: boolean;
}

const readiness = (running: Process): Check[] => [
	{ name: "webhooks serving", ok: running.serving },
	running.certificates?.check() ?? { name: "certificate valid", ok: false },
	...(running.controllers?.ready() ?? [{ name: "controllers started", ok: false }]),
	{ name: "not stopping", ok: !running.signal.aborted },
];

const startTelemetry = async (running: Process, registry: Registry): Promise<void> => {
	const { healthProbeBindAddress, metricsBindAddress } = running.config;
	const health = healthPages({ ready: () => readiness(running) });
	for (const [address, pages] of [
		[healthProbeBindAddress, health],
		[metricsBindAddress, metricsPages(registry)],
	] as const) {
		if (address === undefined) continue;
		const server = await serve(address, pages);
		running.stops.push(() => server.close());
	}
};

/** Each object is counted once: by its validation, or by the mutating call where that already ended it. */
const observer =
	(metrics: Metrics) =>
	({ phase, kind, verdict, seconds }: AdmissionObservation): void => {
		if (phase === "validate" || verdict === "denied" || verdict === "error") metrics.admitted(kind, verdict, seconds);
	};

/** Files, a Secret of ours, or in standalone mode a certificate for this one run. */
const certificatesOf = (running: Process, { kube, transport }: Connection): Promise<CertificateSource> => {
	const { config, logger, metrics } = running;
	const world = {
		kube,
		transport,
		clock: systemClock,
		random: Math.random,
		logger: logger.child({ module: "certificates" }),
		metrics,
	};
	return startCertificates(config, world, async () => {
		if (config.standalone === undefined) throw new Error("there is no certificate, nor standalone mode to make one");
		return certificateForUrl(config.standalone.webhookUrl, new Date());
	});
};

/** All interfaces, where no host is given: of both families, or of IPv4 on a machine that has no other. */
const listen = async (app: WebhookServer, { host, port }: BindAddress): Promise<void> => {
	try {
		await app.listen({ host: host ?? "::", port });
	} catch (error) {
		if (host !== undefined || (error as { code?: unknown }).code !== "EAFNOSUPPORT") throw error;
		await app.listen({ host: "0.0.0.0", port });
	}
};

const startWebhooks = async (
	running: Process,
	admissionOf: (signal: AbortSignal) => Admission,
	certificates: CertificateSource,
): Promise<void> => {
	const tls = await certificates.first;
	const clientAuthority = await readClientAuthority(running.config.webhookClientAuthority);
	const app = buildServer({
		tls,
		clientAuthority,
		logger: running.logger.child({ module: "webhooks" }),
		decide: (phase, request, signal) => admit(admissionOf(signal), phase, request),
		observe: observer(running.metrics),
	});
	await listen(app, running.config.webhookBindAddress);
	certificates.onChange((pair) => changeCertificate(app, pair, clientAuthority));
	const linger = running.config.standalone === undefined ? LINGER_MILLISECONDS : 0;
	// Other replicas go on with the work meanwhile.
	running.stops.push(() => Promise.all([closeServer(app, linger), running.controllers?.drain()]));
};

/** Only when all is served, so that the API server's first call is answered from full knowledge. */
const register = async (running: Process, kube: Kube, authority: string): Promise<void> => {
	const { standalone } = running.config;
	if (standalone === undefined) return;
	await registerWebhooks(kube, { url: standalone.webhookUrl }, authority);
	if (standalone.cleanup) running.stops.push(() => unregisterWebhooks(kube));
};

const start = async (running: Process, registry: Registry): Promise<void> => {
	const { config, logger, metrics, stops } = running;
	const jobDefaults = await readJobDefaults(config.jobDefaults, (file) => readFile(file, "utf8"));
	await startTelemetry(running, registry);
	const connection = await connect({
		...(config.kubeconfig === undefined ? {} : { kubeconfig: config.kubeconfig }),
		...(config.inClusterServer === undefined ? {} : { inClusterServer: config.inClusterServer }),
	});
	stops.push(() => connection.close());
	const { kube, transport } = connection;
	if (config.standalone !== undefined) await installCrds(kube);
	const inspector = createInspectorThread();
	stops.push(() => inspector.stop());
	const { watchNamespaces } = config;
	const sharing = await bindSharing({ config, logger, metrics });
	stops.push(() => sharing.close());
	// One for all: what admission worked out, the reconciler needs a moment later.
	const settings = { ...config.settings, jobDefaults, memory: createMemory() };
	const served = Promise.withResolvers<void>();
	const whileActive = templatesApplier(running, settings, served.promise);
	const controllers = startControllers({
		transport,
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
		watchNamespaces,
	});
	running.controllers = controllers;
	stops.push(() => controllers.stop());
	const certificates = await certificatesOf(running, connection);
	running.certificates = certificates;
	stops.push(() => certificates.stop());
	await Promise.race([Promise.all([controllers.synced, certificates.first]), aborted(running.signal)]);
	if (running.signal.aborted) return;
	const watched = watchedOf(
		controllers.stores,
		{ byTemplate: "template", byScheduledBackup: "scheduledBackup" },
		controllers.facts,
	);
	/** Of one review: everything that it began ends with it. */
	const admissionOf = (signal: AbortSignal): Admission => {
		const calls = connection.until(signal);
		const admission: Admission = {
			references: liveReferences(calls),
			watched,
			inspector,
			settings,
			watchNamespaces,
			requireRestoreRight: config.requireRestoreRight,
			access: (question) => calls.accessReview(question),
			now: () => performance.now(),
			turn: () => turn(),
		};
		return untilAborted(admission, signal);
	};
	await startWebhooks(running, admissionOf, certificates);
	const { authority, certificate } = await certificates.first;
	await register(running, kube, authority ?? certificate);
	// Not before: who waits for /readyz wants the next `kubectl apply` to be checked.
	running.serving = true;
	served.resolve();
};

/**
 * Applies the templates that this installation ships, whenever this replica becomes active. Nothing waits for it: each of
 * its writes comes back to us as a review, which has to be answered.
 * @param served resolves when reviews are answered
 */
const templatesApplier = (
	{ config, logger, metrics, stops, signal: stopping }: Process,
	settings: Settings,
	served: Promise<void>,
): ControllersOptions["whileActive"] => {
	const { templatesDir: folder, namespace, watchNamespaces } = config;
	if (folder === undefined) return undefined;
	const system = {
		isFolder: async (path: string) => (await stat(path)).isDirectory(),
		list: (path: string) => readdir(path),
		read: (file: string) => readFile(file, "utf8"),
	};
	const options = {
		system,
		folder,
		settings,
		installation: namespace ?? "",
		watchNamespaces,
		served,
		logger: logger.child({ module: "templates" }),
		metrics,
		clock: systemClock,
		random: Math.random,
	};
	let latest: TemplatesFolder | undefined;
	stops.push(async () => latest?.stop());
	return (kube, signal) => {
		latest = startTemplatesFolder({ ...options, kube, signal: AbortSignal.any([signal, stopping]) });
	};
};

const aborted = (signal: AbortSignal): Promise<void> =>
	new Promise((resolve) => {
		if (signal.aborted) resolve();
		signal.addEventListener("abort", () => resolve(), { once: true });
	});

/** Ends everything, last started first; what fails to end does not keep the rest from it. */
const stop = async ({ stops, logger }: Process): Promise<boolean> => {
	let clean = true;
	for (const end of stops.reverse()) {
		try {
			await end();
		} catch (error) {
			clean = false;
			logger.error({ err: error }, "could not stop cleanly");
		}
	}
	return clean;
};

/**
 * Runs webhooks and controllers until `signal` is aborted, then drains: not ready any more, calls answered, keys that
 * are being worked on finished.
 * Out: the exit code: 0 after a clean end, 1 where it could not start or not end within 25 s.
 */
export const run = async (config: RunConfig, signal: AbortSignal): Promise<number> => {
	const logger = createLogger({ level: config.logLevel, terminal: process.stdout.isTTY === true });
	const registry = new Registry();
	const running: Process = {
		config,
		logger,
		metrics: createMetrics(registry),
		signal,
		stops: [],
		controllers: undefined,
		certificates: undefined,
		serving: false,
	};
	let started = true;
	try {
		await start(running, registry);
		if (!signal.aborted) logger.info({ settings: config.settings }, "serving");
		await aborted(signal);
		logger.info("stopping");
	} catch (error) {
		started = false;
		const wrong = error instanceof JobDefaultsError ? { mistakes: error.mistakes } : {};
		logger.fatal({ err: error, ...wrong }, "could not start");
	}
	const late = new Promise<boolean>((resolve) => setTimeout(resolve, STOP_MILLISECONDS, false).unref());
	const clean = await Promise.race([stop(running), late]);
	logger.info({ clean }, "stopped");
	return started && clean ? 0 : 1;
};
