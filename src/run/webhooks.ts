// Serving admission, and in standalone mode its registration.
import { readClientAuthority } from "../../certs/clients.ts";
import type { CertificateSource } from "../../certs/index.ts";
import type { Admission } from "../../webhooks/admission.ts";
import { admit } from "../../webhooks/admit.ts";
import {
	type AdmissionObservation,
	buildServer,
	changeCertificate,
	closeServer,
	type WebhookServer,
} from "../../webhooks/server.ts";
import type { BindAddress } from "../config.ts";
import type { Kube } from "../kube/port.ts";
import { registerWebhooks, unregisterWebhooks } from "../standalone/index.ts";
import type { Metrics } from "../telemetry/metrics.ts";
import { listenFor } from "./listening.ts";
import type { Process } from "./process.ts";

/** How long admission is served on in a cluster: its nodes learn within some seconds that an endpoint is gone. */
const LINGER_MILLISECONDS = 5_000;

/** Each object is counted once: by its validation, or by the mutating call where that already ended it. */
const observer =
	(metrics: Metrics) =>
	({ phase, kind, verdict, seconds }: AdmissionObservation): void => {
		if (phase === "validate" || verdict === "denied" || verdict === "error") metrics.admitted(kind, verdict, seconds);
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

/**
 * Answers reviews from now on, with whatever certificate the source has.
 * @param admissionOf what one review is decided with; everything that it began ends with the signal
 * @throws FlagValueError where it cannot listen, or the clients' authority cannot be used
 */
export const startWebhooks = async (
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
	await listenFor("--webhook-bind-address", running.config.webhookBindAddress, (at) => listen(app, at));
	certificates.onChange((pair) => changeCertificate(app, pair, clientAuthority));
	const linger = running.config.standalone === undefined ? LINGER_MILLISECONDS : 0;
	// Other replicas go on with the work meanwhile.
	running.stops.push(() => Promise.all([closeServer(app, linger), running.controllers?.drain()]));
};

/** Registers what is served, in standalone mode. Only when all is served, so that the first call is answered from full knowledge. */
export const register = async (running: Process, kube: Kube, certificates: CertificateSource): Promise<void> => {
	const { standalone } = running.config;
	if (standalone === undefined) return;
	const { authority, certificate } = await certificates.first;
	await registerWebhooks(kube, { url: standalone.webhookUrl }, authority ?? certificate);
	if (standalone.cleanup) running.stops.push(() => unregisterWebhooks(kube));
};
