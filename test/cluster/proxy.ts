// A proxy between the controller and the API server, for tests that need a fault at an exact request: crash before or
// after the n-th write, a storm of 409s, a cut connection. So the product needs no hooks for tests.

import { once } from "node:events";
import { readFile, writeFile } from "node:fs/promises";
import type { IncomingMessage, ServerResponse } from "node:http";
import { Agent, createServer, request } from "node:https";
import { join } from "node:path";
import type { ControlPlane } from "./controlplane.ts";

/** One request as the test sees it. */
export interface SeenRequest {
	method: string;
	/** Path with query. */
	path: string;
	/** Whole body, as text. */
	body: string;
}

/**
 * What to do with a request: pass it on, answer it ourselves, drop it, or pass it on and drop its answer; `afterwards` runs
 * when the server has answered, before the asking side can learn of it.
 */
export type Verdict =
	| { type: "pass" }
	| { type: "answer"; status: number; body: object; headers?: Record<string, string> }
	| { type: "drop" }
	| { type: "dropAnswer"; afterwards?: () => Promise<void> };

export interface Proxy {
	/** Points at the proxy; the credentials are the proxy's. */
	readonly kubeconfig: string;
	readonly requests: SeenRequest[];
	/** Decides each request; replace it at will. */
	decide: (seen: SeenRequest) => Verdict | Promise<Verdict>;
	/** Ends every connection, as a failing load balancer would. */
	cut(): void;
	stop(): Promise<void>;
}

const bodyOf = async (incoming: IncomingMessage): Promise<Buffer> => {
	const chunks: Buffer[] = [];
	for await (const chunk of incoming) chunks.push(chunk as Buffer);
	return Buffer.concat(chunks);
};

/** Starts a proxy in front of the control plane's API server. */
export const startProxy = async (plane: ControlPlane): Promise<Proxy> => {
	const agent = new Agent({ keepAlive: true, rejectUnauthorized: false });
	const target = new URL(plane.server);
	const forward = (incoming: IncomingMessage, body: Buffer, outgoing: ServerResponse, verdict: Verdict): void => {
		const headers = { ...incoming.headers, host: target.host, authorization: `Bearer ${plane.token}` };
		const upstream = request(
			{ agent, host: target.hostname, port: target.port, method: incoming.method, path: incoming.url, headers },
			(answer) => {
				if (verdict.type === "dropAnswer") {
					answer.resume();
					answer.on("end", async () => {
						await verdict.afterwards?.();
						outgoing.destroy();
					});
					return;
				}
				outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
				// A watch with nothing to tell would otherwise look like one that never answered.
				outgoing.flushHeaders();
				answer.pipe(outgoing);
				answer.on("error", () => outgoing.destroy());
			},
		);
		upstream.on("error", () => outgoing.destroy());
		outgoing.on("close", () => upstream.destroy());
		upstream.end(body);
	};
	const proxy = {
		requests: [] as SeenRequest[],
		decide: (_seen: SeenRequest): Verdict | Promise<Verdict> => ({ type: "pass" }),
	};
	// The API server's own certificate: it is valid for 127.0.0.1, whatever the port.
	const [cert, key] = await Promise.all(
		["crt", "key"].map((type) => readFile(join(plane.folder, "certificates", `apiserver.${type}`))),
	);
	const server = createServer({ cert, key }, async (incoming, outgoing) => {
		const body = await bodyOf(incoming);
		const seen = { method: incoming.method ?? "", path: incoming.url ?? "", body: body.toString() };
		proxy.requests.push(seen);
		const verdict = await proxy.decide(seen);
		if (verdict.type === "drop") outgoing.destroy();
		else if (verdict.type === "answer") {
			outgoing.writeHead(verdict.status, { "content-type": "application/json", ...verdict.headers });
			outgoing.end(JSON.stringify(verdict.body));
		} else forward(incoming, body, outgoing, verdict);
	});
	await once(server.listen(0, "127.0.0.1"), "listening");
	const { port } = server.address() as { port: number };
	const kubeconfig = join(plane.folder, `proxy-${port}.kubeconfig`);
	const config = {
		apiVersion: "v1",
		kind: "Config",
		"current-context": "proxy",
		clusters: [
			{
				name: "proxy",
				cluster: {
					server: `https://127.0.0.1:${port}`,
					"certificate-authority-data": cert?.toString("base64"),
				},
			},
		],
		users: [{ name: "proxy", user: { token: plane.token } }],
		contexts: [{ name: "proxy", context: { cluster: "proxy", user: "proxy" } }],
	};
	await writeFile(kubeconfig, JSON.stringify(config));
	return Object.assign(proxy, {
		kubeconfig,
		cut: () => server.closeAllConnections(),
		async stop() {
			server.close();
			server.closeAllConnections();
			agent.destroy();
		},
	});
};
