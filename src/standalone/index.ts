// Standalone mode: this process installs its own CRDs, makes its own certificate and registers itself under a URL. For
// demo, tests and development, where there is no chart and no cert-manager to do it.
import { randomBytes } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { makeServingCertificate, type ServingCertificate } from "../../certs/serving.ts";
import type { Kube } from "../kube/port.ts";
import { installDefinitions, readDefinitions } from "./definitions.ts";

export { registerWebhooks, unregisterWebhooks } from "./webhooks.ts";

/** Applies the CRDs of the folder and waits until the kinds are served. Errors: those of the port; an Error after 30 s. */
export const installCrds = async (kube: Pick<Kube, "apply" | "get">, folder: string): Promise<void> =>
	installDefinitions(kube, await readDefinitions(folder), (milliseconds) => pause(milliseconds));

/** A certificate for the host of the URL, and the authority that the API server is to trust for it. */
export const certificateForUrl = (url: string, now: Date): Promise<ServingCertificate> => {
	// An IPv6 host has brackets in a URL, and none in a certificate.
	const host = new URL(url).hostname.replace(/^\[(.*)\]$/, "$1");
	return makeServingCertificate([host], { now, randomBytes });
};
