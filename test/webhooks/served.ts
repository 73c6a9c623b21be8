// A webhook server for tests.
import { randomBytes } from "node:crypto";
import { pino } from "pino";
import type { Test } from "tap";
import { makeServingCertificate } from "../../certs/serving.ts";
import type { WebhookServerOptions } from "../../webhooks/server.ts";
import { buildServer } from "../../webhooks/server.ts";

export const tls = await makeServingCertificate(["127.0.0.1"], { now: new Date(), randomBytes });
/** A pair of another authority, for the same host. */
export const other = await makeServingCertificate(["127.0.0.1"], { now: new Date(), randomBytes });
export const allowed: WebhookServerOptions["decide"] = async () => ({ allowed: true, warnings: [] });

const silent = pino({ level: "silent" });
export const build = (options: Partial<WebhookServerOptions> = {}) =>
	buildServer({ tls, clientAuthority: undefined, decide: allowed, logger: silent, ...options });

export const listening = async (t: Test, options: Partial<WebhookServerOptions> = {}) => {
	const app = build(options);
	t.teardown(() => app.close());
	const url = await app.listen({ host: "127.0.0.1", port: 0 });
	return { app, url };
};
