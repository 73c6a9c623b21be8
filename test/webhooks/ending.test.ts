// A server that is about to end sends its HTTP/1.1 callers elsewhere before it closes their connections.
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import type { IncomingMessage } from "node:http";
import { Agent, request } from "node:https";
import { text } from "node:stream/consumers";
import { pino } from "pino";
import t from "tap";
import { makeServingCertificate } from "../../certs/serving.ts";
import { buildServer, closeServer } from "../../webhooks/server.ts";
import { virtualClock } from "../kube/fixtures/clock.ts";

const tls = await makeServingCertificate(["127.0.0.1"], { now: new Date(), randomBytes });

t.test("answers say that their connection ends, and calls on it go on until then", async (t) => {
	const app = buildServer({
		tls,
		clientAuthority: undefined,
		logger: pino({ level: "silent" }),
		decide: async () => ({ allowed: true, warnings: [] }),
	});
	const url = await app.listen({ host: "127.0.0.1", port: 0 });
	const agent = new Agent({ keepAlive: true, maxSockets: 1 });
	t.teardown(() => agent.destroy());
	const call = async (): Promise<{ answer: IncomingMessage; port: number | undefined }> => {
		const headers = { "content-type": "application/json" };
		const sent = request(`${url}/validate`, { method: "POST", ca: tls.authority, agent, headers });
		sent.end(JSON.stringify({ apiVersion: "admission.k8s.io/v1", kind: "AdmissionReview", request: { uid: "1" } }));
		const [answer] = (await once(sent, "response")) as [IncomingMessage];
		const port = answer.socket.localPort;
		await text(answer);
		return { answer, port };
	};
	const before = await call();
	t.not(before.answer.headers.connection, "close");
	const clock = virtualClock();
	const closed = closeServer(app, 5_000, clock);
	const last = await call();
	t.equal(last.port, before.port, "the connection was kept");
	t.equal(last.answer.headers.connection, "close");
	const next = await call();
	t.not(next.port, before.port);
	t.equal(next.answer.headers.connection, "close");
	clock.advance(5_000);
	await closed;
	t.notOk(app.server.listening);
});
