// Which certificate the webhook server has in this run.
import { type CertificateSource, startCertificates } from "../../certs/index.ts";
import type { Connection } from "../kube/client.ts";
import { systemClock } from "../kube/clock.ts";
import { certificateForUrl } from "../standalone/index.ts";
import type { Process } from "./process.ts";

/**
 * Files, a Secret of ours, or in standalone mode a certificate for this one run. It is stopped with the process.
 * @throws FlagValueError where files cannot be used
 */
export const certificatesOf = async (running: Process, { kube, transport }: Connection): Promise<CertificateSource> => {
	const { config, logger, metrics } = running;
	const world = {
		kube,
		transport,
		clock: systemClock,
		random: Math.random,
		logger: logger.child({ module: "certificates" }),
		metrics,
	};
	const certificates = await startCertificates(config, world, async () => {
		if (config.standalone === undefined) throw new Error("there is no certificate, nor standalone mode to make one");
		return certificateForUrl(config.standalone.webhookUrl, new Date());
	});
	running.certificates = certificates;
	running.stops.push(() => certificates.stop());
	return certificates;
};
