// Against a real HTTPS server: what matters is whether a request's bytes were sent.
import { join } from "node:path";
import t, { type Test } from "tap";
import { CONFIG_MAP } from "../../src/api/kinds.ts";
import { createKube } from "../../src/kube/client.ts";
import { NotPermittedError, UnavailableError } from "../../src/kube/errors.ts";
import { type Permit, permitted, untilAborted } from "../../src/kube/permission.ts";
import { createTransport } from "../../src/kube/transport.ts";
import { createWorld } from "../reconcilers/world.ts";
import { json, startServer } from "./fixtures/server.ts";

const server = await startServer();
t.teardown(() => server.close());
t.beforeEach(() => {
	server.seen.length = 0;
});

const start = async (test: Test, connections = 4) => {
	const folder = test.testdir({ config: server.kubeconfig({ token: "x" }) });
	const transport = await createTransport({ kubeconfig: join(folder, "config"), connections });
	test.teardown(() => transport.close());
	const end = new AbortController();
	let may = true;
	const permit: Permit = { signal: end.signal, mayWrite: () => may };
	const kube = createKube(permitted(transport, permit));
	const forbid = (): void => {
		may = false;
	};
	return { kube, forbid, end: () => end.abort() };
};

const thrown = (promise: Promise<unknown>): Promise<unknown> =>
	promise.then(
		() => undefined,
		(error) => error,
	);
const object = { metadata: { namespace: "n", name: "a" } };
const precondition = { uid: "u" };

t.test("with a permit all is as ever", async (t) => {
	const { kube } = await start(t);
	server.answer((_seen, response) => json(response, 201, object));
	t.strictSame(await kube.create(CONFIG_MAP, object), object);
	t.strictSame(await kube.get(CONFIG_MAP, object.metadata), object);
	t.same(
		server.seen.map(({ method }) => method),
		["POST", "GET"],
	);
});

t.test("without one, no write is sent, and reads are", async (t) => {
	const { kube, forbid } = await start(t);
	server.answer((_seen, response) => json(response, 200, object));
	forbid();
	const stored = { ...object, metadata: { ...object.metadata, resourceVersion: "1" } };
	for (const [what, write] of Object.entries({
		create: () => kube.create(CONFIG_MAP, object),
		apply: () => kube.apply(CONFIG_MAP, object),
		patch: () => kube.patch(CONFIG_MAP, object.metadata, {}, precondition),
		status: () => kube.replaceStatus(CONFIG_MAP, stored),
		delete: () => kube.delete(CONFIG_MAP, object.metadata, precondition),
		event: () => kube.createEvent({ ...object, involvedObject: {} }),
	})) {
		const error = await thrown(write());
		t.type(error, NotPermittedError, what);
		t.match(error, { operation: /n\/a$/ });
	}
	t.strictSame(await kube.get(CONFIG_MAP, object.metadata), object);
	t.same(
		server.seen.map(({ method }) => method),
		["GET"],
	);
});

t.test("a write that waited for a connection meanwhile is not sent either", async (t) => {
	const { kube, forbid } = await start(t, 1);
	const asked = Promise.withResolvers<() => void>();
	server.answer((_seen, response) => asked.resolve(() => json(response, 200, object)));
	const first = kube.create(CONFIG_MAP, object);
	const answerFirst = await asked.promise;
	const second = thrown(kube.create(CONFIG_MAP, object));
	forbid();
	answerFirst();
	await first;
	t.type(await second, NotPermittedError);
	t.equal(server.seen.length, 1);
	server.answer((_seen, response) => json(response, 200, object));
	t.strictSame(await kube.get(CONFIG_MAP, object.metadata), object, "the connection is as good as before");
});

t.test("its end cuts what is under way", async (t) => {
	const { kube, end } = await start(t);
	const asked = Promise.withResolvers<void>();
	server.answer(() => asked.resolve());
	const call = thrown(kube.create(CONFIG_MAP, object));
	await asked.promise;
	end();
	t.type(await call, UnavailableError);
	t.match(await call, { message: /: stopped/ });
});

t.test("work that was called off reads, and writes no more", async (t) => {
	const world = createWorld();
	const called = new AbortController();
	const kube = untilAborted(world.kube, called.signal);
	const made = await kube.create(CONFIG_MAP, object);
	t.strictSame(world.writes, ["create configmaps a"]);
	called.abort();
	for (const write of [
		() => kube.create(CONFIG_MAP, object),
		() => kube.apply(CONFIG_MAP, object),
		() => kube.patch(CONFIG_MAP, object.metadata, {}, precondition),
		() => kube.replaceStatus(CONFIG_MAP, made),
		() => kube.delete(CONFIG_MAP, object.metadata, precondition),
	])
		t.type(await thrown(write()), NotPermittedError);
	t.strictSame(world.writes, ["create configmaps a"]);
	t.match(await kube.get(CONFIG_MAP, object.metadata), object);
});
