import { writeFileSync } from "node:fs";
import { join } from "node:path";
import t, { type Test } from "tap";
import { ExpiredError, ForbiddenError, UnavailableError } from "../../src/kube/errors.ts";
import { createTransport, type TransportOptions } from "../../src/kube/transport.ts";
import { virtualClock } from "./fixtures/clock.ts";
import { everythingOf, failure, json, SECRET_TEXT, selfSigned, startServer } from "./fixtures/server.ts";

const server = await startServer();
t.teardown(() => server.close());
t.beforeEach(() => {
	server.seen.length = 0;
});

const TOKEN = "t0ken-that-must-not-leak";

const start = async (test: Test, options: TransportOptions = {}, user: object = { token: TOKEN }) => {
	const folder = test.testdir({ config: server.kubeconfig(user) });
	const transport = await createTransport({ kubeconfig: join(folder, "config"), ...options });
	test.teardown(() => transport.close());
	return { transport, folder };
};

const get = { method: "GET", path: "/api/v1/things", operation: "list things" } as const;
const caught = (promise: Promise<unknown>): Promise<Error & Record<string, unknown>> =>
	promise.then(
		() => t.fail("did not throw") as never,
		(error) => error,
	);

t.test("sends the token and JSON, and answers the parsed body", async (t) => {
	const { transport } = await start(t);
	server.answer((_seen, response) => json(response, 201, { fine: "ä" }));
	const call = { method: "POST", path: "/x?y=1", operation: "create x", body: { a: "ö" } } as const;
	t.strictSame(await transport.call(call), { fine: "ä" });
	t.match(server.seen, [
		{
			method: "POST",
			path: "/x",
			body: '{"a":"ö"}',
			headers: { authorization: `Bearer ${TOKEN}`, "content-type": "application/json", accept: "application/json" },
		},
	]);
});

t.test("200 calls at once use 16 connections", async (t) => {
	const { transport } = await start(t);
	const before = server.connections();
	server.answer((_seen, response) => json(response, 200, {}));
	await Promise.all(Array.from({ length: 200 }, () => transport.call(get)));
	t.equal(server.connections() - before, 16);
});

t.test("a failure is typed and holds no part of the body or the headers", async (t) => {
	const { transport } = await start(t);
	server.answer((_seen, response) => json(response, 429, failure(429, "TooManyRequests"), { "retry-after": "7" }));
	const error = await caught(transport.call(get));
	t.type(error, UnavailableError);
	t.match(error, { status: 429, reason: "TooManyRequests", retryAfter: 7, operation: "list things" });
	t.notMatch(everythingOf(error), SECRET_TEXT);
	t.notMatch(everythingOf(error), TOKEN);
});

t.test("a body that is no Status, or no JSON", async (t) => {
	const { transport } = await start(t);
	server.answer((_seen, response) => void response.writeHead(410).end(`<html>${SECRET_TEXT}`));
	const error = await caught(transport.call(get));
	t.type(error, ExpiredError);
	t.notMatch(everythingOf(error), SECRET_TEXT);
	server.answer((_seen, response) => void response.writeHead(200).end(`{"torn": "${SECRET_TEXT}`));
	const torn = await caught(transport.call(get));
	t.type(torn, UnavailableError);
	t.notMatch(everythingOf(torn), SECRET_TEXT);
});

t.test("a GET is sent again after a reset, once, as is what is repeatable; a POST is not", async (t) => {
	const { transport } = await start(t);
	let resets = 1;
	server.answer((_seen, response) => {
		if (resets-- > 0) response.destroy();
		else json(response, 200, { fine: true });
	});
	t.strictSame(await transport.call(get), { fine: true });
	resets = 9;
	t.match(await caught(transport.call(get)), { name: "UnavailableError", message: /^list things: no answer \(/ });
	t.equal(server.seen.length, 4);
	resets = 1;
	const apply = { ...get, method: "PATCH", body: {} } as const;
	t.strictSame(await transport.call({ ...apply, repeatable: true }), { fine: true });
	t.equal(server.seen.length, 6);
	resets = 9;
	t.type(await caught(transport.call(apply)), UnavailableError);
	t.equal(server.seen.length, 7);
	const error = await caught(transport.call({ ...get, method: "POST", body: { a: SECRET_TEXT } }));
	t.type(error, UnavailableError);
	t.equal(server.seen.length, 8);
	t.notMatch(everythingOf(error), SECRET_TEXT);
	t.notMatch(everythingOf(error), TOKEN);
});

t.test("no answer in time", async (t) => {
	const clock = virtualClock();
	const { transport } = await start(t, { clock, timeout: 4000 });
	const asked = new Promise<void>((resolve) => server.answer(() => resolve()));
	const call = caught(transport.call(get));
	await asked;
	clock.advance(4000);
	t.match(await call, { name: "UnavailableError", message: "list things: no answer within 4 s" });
	t.strictSame(clock.waits(), []);
});

t.test("headers in time, but a body that never ends", async (t) => {
	const clock = virtualClock();
	const { transport } = await start(t, { clock, timeout: 4000 });
	const asked = new Promise<void>((resolve) =>
		server.answer((_seen, response) => {
			response.writeHead(200).write("{", () => resolve());
		}),
	);
	const call = caught(transport.call(get));
	await asked;
	clock.advance(4000);
	t.match(await call, { name: "UnavailableError", message: /no answer within 4 s/ });
});

t.test("stopped from outside", async (t) => {
	const stop = new AbortController();
	const { transport } = await start(t, { signal: stop.signal });
	server.answer(() => stop.abort());
	t.match(await caught(transport.call(get)), { message: /^list things: stopped/ });
});

t.test("nobody listens", async (t) => {
	const gone = await startServer();
	const folder = t.testdir({ config: gone.kubeconfig({ token: TOKEN }) });
	await gone.close();
	const transport = await createTransport({ kubeconfig: join(folder, "config") });
	t.teardown(() => transport.close());
	const error = await caught(transport.call(get));
	t.match(error, { name: "UnavailableError", message: "list things: no answer (ECONNREFUSED)" });
});

t.test("a server that our CA did not sign", async (t) => {
	const other = await startServer(selfSigned());
	t.teardown(() => other.close());
	const folder = t.testdir({ config: server.kubeconfig({ token: TOKEN }, { server: other.url }) });
	const transport = await createTransport({ kubeconfig: join(folder, "config") });
	t.teardown(() => transport.close());
	const error = await caught(transport.call(get));
	t.match(error, { name: "UnavailableError", message: /SELF_SIGNED|CERT/ });
	t.equal(other.seen.length, 0);
	t.notMatch(everythingOf(error), TOKEN);
});

t.test("after a 401 the credentials are read anew, once", async (t) => {
	const { transport, folder } = await start(t, {}, { tokenFile: "token" }).catch(() => ({
		transport: undefined,
		folder: "",
	}));
	t.ok(transport, "a token file is not needed before the first call");
	if (transport === undefined) return;
	writeFileSync(join(folder, "token"), "old\n");
	server.answer((seen, response) => {
		const good = seen.headers.authorization === "Bearer new";
		if (!good) writeFileSync(join(folder, "token"), "new\n");
		json(response, good ? 200 : 401, good ? { fine: true } : failure(401, "Unauthorized"));
	});
	t.strictSame(await transport.call(get), { fine: true });
	t.strictSame(
		server.seen.map((seen) => seen.headers.authorization),
		["Bearer old", "Bearer new"],
	);
});

t.test(
	"credentials that are refused for good end in a ForbiddenError, and make no new connections each time",
	async (t) => {
		const { transport } = await start(t);
		const before = server.connections();
		server.answer((_seen, response) => json(response, 401, failure(401, "Unauthorized")));
		for (let i = 0; i < 20; i++) t.type(await caught(transport.call(get)), ForbiddenError);
		t.ok(server.connections() - before <= 4, "few connections, before and after the one renewal");
		t.equal(server.seen.length, 21);
	},
);

t.test("a rotated token is used within 60 s", async (t) => {
	const clock = virtualClock();
	const folder = t.testdir({ config: server.kubeconfig({ tokenFile: "token" }), token: "one" });
	const transport = await createTransport({ kubeconfig: join(folder, "config"), clock });
	t.teardown(() => transport.close());
	server.answer((_seen, response) => json(response, 200, {}));
	await transport.call(get);
	writeFileSync(join(folder, "token"), "two");
	await transport.call(get);
	clock.advance(59_000);
	await transport.call(get);
	t.strictSame(
		server.seen.map((seen) => seen.headers.authorization),
		["Bearer one", "Bearer one", "Bearer two"],
	);
});

t.test("a stream gives chunks as they come, and says when it breaks off", async (t) => {
	const { transport } = await start(t);
	server.answer((_seen, response) => {
		response.writeHead(200);
		response.write("one", () => response.destroy());
	});
	const chunks: string[] = [];
	const error = await caught(
		(async () => {
			for await (const chunk of await transport.stream(get)) chunks.push(Buffer.from(chunk).toString());
		})(),
	);
	t.strictSame(chunks, ["one"]);
	t.match(error, { name: "UnavailableError", message: /^list things: broken off/ });
});
