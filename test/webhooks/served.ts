// A webhook server for tests, and the two ways in which an API server calls it.
import { randomBytes } from "node:crypto";
import { connect as connectHttp2 } from "node:http2";
import { type Agent, request as requestHttp1 } from "node:https";
import { text } from "node:stream/consumers";
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

export const review = {
	apiVersion: "admission.k8s.io/v1",
	kind: "AdmissionReview",
	request: {
		uid: "1",
		kind: { group: "riotkit.org", version: "v1alpha1", kind: "ScheduledBackup" },
		operation: "CREATE",
		name: "app1",
		namespace: "default",
		userInfo: { username: "jane" },
		object: { metadata: { name: "app1" } },
	},
};

/** The same review of another object, or by somebody else. */
export const reviewWith = (change: { object: object; userInfo?: object }) => ({
	...review,
	request: { ...review.request, ...change },
});

export const listening = async (t: Test, options: Partial<WebhookServerOptions> = {}) => {
	const app = build(options);
	t.teardown(() => app.close());
	const url = await app.listen({ host: "127.0.0.1", port: 0 });
	return { app, url };
};

export const postHttp2 = async (
	url: string,
	ca: string,
	credentials: { cert?: string; key?: string } = {},
): Promise<{ body: string; alpn: string | undefined }> => {
	const session = connectHttp2(url, { ca, ...credentials });
	try {
		const failed = new Promise<never>((_resolve, reject) => session.on("error", reject));
		const stream = session.request({ ":method": "POST", ":path": "/validate", "content-type": "application/json" });
		stream.end(JSON.stringify(review));
		return { body: await Promise.race([text(stream), failed]), alpn: session.alpnProtocol };
	} finally {
		session.close();
	}
};

export const postHttp1 = (url: string, agent: Agent, ca = tls.authority): Promise<string> =>
	new Promise((resolve, reject) => {
		const headers = { "content-type": "application/json" };
		const call = requestHttp1(`${url}/validate`, { method: "POST", ca, agent, headers }, (response) =>
			text(response).then(resolve, reject),
		);
		call.on("error", reject);
		call.end(JSON.stringify(review));
	});
