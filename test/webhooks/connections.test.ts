// The server's connections: both versions of HTTP, callers that go, the end, and another certificate.
import { Agent } from "node:https";
import t from "tap";
import { changeCertificate, closeServer } from "../../webhooks/server.ts";
import { eventually } from "../cluster/wait.ts";
import { virtualClock } from "../kube/fixtures/clock.ts";
import { postHttp1, postHttp2 } from "./calls.ts";
import { build, listening, other, tls } from "./served.ts";

t.test("speaks HTTP/2 and HTTP/1.1", async (t) => {
	const { url } = await listening(t);
	const answer = await postHttp2(url, tls.authority);
	t.match(JSON.parse(answer.body), { response: { allowed: true } });
	t.equal(answer.alpn, "h2");
	const agent = new Agent({ ca: tls.authority });
	t.teardown(() => agent.destroy());
	t.match(JSON.parse(await postHttp1(url, agent)), { response: { allowed: true } });
});

t.test(
	"a call's signal aborts when it is over or its caller is gone, in both versions of HTTP, and not before",
	async (t) => {
		const signals: AbortSignal[] = [];
		const begun: PromiseWithResolvers<void>[] = [Promise.withResolvers(), Promise.withResolvers()];
		const release = Promise.withResolvers<void>();
		const { url } = await listening(t, {
			decide: async (_phase, _request, signal) => {
				begun[signals.push(signal) - 1]?.resolve();
				await release.promise;
				// Each body has long been read, and its stream closed.
				for (let turns = 0; turns < 10; turns++) await new Promise((resolve) => setImmediate(resolve));
				if (signal.aborted) throw new Error("aborted too early");
				return { allowed: true, warnings: [] };
			},
		});
		const agent = new Agent({ ca: tls.authority, keepAlive: true });
		t.teardown(() => agent.destroy());
		const calls = [postHttp2(url, tls.authority).then(({ body }) => body), postHttp1(url, agent)];
		await Promise.all(begun.map(({ promise }) => promise));
		release.resolve();
		for (const body of await Promise.all(calls)) t.match(JSON.parse(body), { response: { allowed: true } });
		await eventually(() => signals.every(({ aborted }) => aborted), { what: "both signals have aborted" });
	},
);

t.test("over HTTP/1.1 too, the deadline is answered and a lost caller ends what it asked for", async (t) => {
	let signal: AbortSignal | undefined;
	const { url } = await listening(t, {
		handlerDeadlineMilliseconds: 100,
		decide: (_phase, _request, given) => {
			signal = given;
			return new Promise(() => undefined);
		},
	});
	const agent = new Agent({ ca: tls.authority });
	t.teardown(() => agent.destroy());
	t.match(JSON.parse(await postHttp1(url, agent)), { message: /could not check the object in time/ });
	t.equal(signal?.aborted, true);
	const slow = await listening(t, {
		decide: (_phase, _request, given) => {
			signal = given;
			agent.destroy();
			return new Promise(() => undefined);
		},
	});
	await t.rejects(postHttp1(slow.url, agent));
	await eventually(() => signal?.aborted, { what: "the signal has aborted" });
});

t.test("stops although a client keeps its connection, and answers what it had begun", async (t) => {
	const begun = Promise.withResolvers<void>();
	let calling = 0;
	const release = Promise.withResolvers<void>();
	const { app, url } = await listening(t, {
		decide: async () => {
			if (++calling === 2) begun.resolve();
			await release.promise;
			return { allowed: true, warnings: [] };
		},
	});
	const agent = new Agent({ ca: tls.authority, keepAlive: true });
	t.teardown(() => agent.destroy());
	const calls = [postHttp2(url, tls.authority).then(({ body }) => body), postHttp1(url, agent)];
	await begun.promise;
	const closed = closeServer(app);
	release.resolve();
	for (const body of await Promise.all(calls)) t.match(JSON.parse(body), { response: { allowed: true } });
	await closed;
	t.notOk(app.server.listening);
});

t.test("serves on for a while before it stops", async (t) => {
	const { app, url } = await listening(t);
	const clock = virtualClock();
	const closed = closeServer(app, 5_000, clock);
	clock.advance(4_999);
	t.match(JSON.parse((await postHttp2(url, tls.authority)).body), { response: { allowed: true } });
	clock.advance(1);
	await closed;
	t.notOk(app.server.listening);
});

t.test("changes its certificate while it serves, and keeps the old one where the new one does not fit", async (t) => {
	const { app, url } = await listening(t);
	t.throws(() => changeCertificate(app, { certificate: other.certificate, key: tls.key }, undefined));
	t.equal((await postHttp2(url, tls.authority)).alpn, "h2");
	changeCertificate(app, other, undefined);
	await t.rejects(postHttp2(url, tls.authority));
	t.equal((await postHttp2(url, other.authority)).alpn, "h2");
});

t.test("a call that arrives after the server has begun to close is answered, not refused", async (t) => {
	const app = build();
	const agent = new Agent({ ca: tls.authority, keepAlive: true });
	t.teardown(() => agent.destroy());
	const answers: string[] = [];
	// Runs once the server is closing, and before its connections are closed.
	app.addHook("preClose", async () => {
		answers.push(await postHttp1(url, agent), (await postHttp2(url, tls.authority)).body);
	});
	const url = await app.listen({ host: "127.0.0.1", port: 0 });
	await closeServer(app);
	const answer = { response: { uid: "1", allowed: true } };
	t.match(
		answers.map((body) => JSON.parse(body)),
		[answer, answer],
	);
	t.equal(answers.length, 2);
});
