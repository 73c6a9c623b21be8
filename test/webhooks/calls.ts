// What an API server posts to a webhook server, and the two ways in which it does.
import { connect as connectHttp2 } from "node:http2";
import { type Agent, request as requestHttp1 } from "node:https";
import { text } from "node:stream/consumers";
import type { KubernetesObject } from "../../src/api/kubernetes.ts";

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

/** The same review of another object, or by another user. */
export const reviewWith = (change: { object: KubernetesObject; userInfo?: object }) => ({
	...review,
	request: { ...review.request, ...change, name: change.object.metadata?.name },
});

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

/** @param agent has the authority that is trusted, and the name or the certificate of the caller where a test is about them. */
export const postHttp1 = (url: string, agent: Agent, body: object = review): Promise<string> =>
	new Promise((resolve, reject) => {
		const headers = { "content-type": "application/json" };
		const call = requestHttp1(`${url}/validate`, { method: "POST", agent, headers }, (response) =>
			text(response).then(resolve, reject),
		);
		call.on("error", reject);
		call.end(JSON.stringify(body));
	});
