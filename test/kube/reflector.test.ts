// The reflector against a server that misbehaves in every way that was seen of API servers, proxies and networks.
import t from "tap";
import { event, fakeApi, object, reflect } from "./fixtures/reflecting.ts";
import { failure, json, startServer } from "./fixtures/server.ts";

const server = await startServer();
t.teardown(() => server.close());

const list = (resourceVersion: string, ...items: object[]) => ({ metadata: { resourceVersion }, items });

t.test("lists in pages, then watches from there", async (t) => {
	const { nextWatch, listed } = fakeApi(server, [
		{ metadata: { resourceVersion: "10", continue: "next" }, items: [object("x", "1")] },
		list("10", object("y", "2")),
	]);
	const { reflector, said, until } = await reflect(t, server, {
		labelSelector: "a=b",
		indexes: { initial: (one) => [one.metadata?.name?.[0] ?? ""] },
	});
	t.equal(reflector.store.synced, false);
	await reflector.synced;
	t.equal(reflector.store.synced, true);
	t.strictSame(said, ["added x u-x", "added y u-y"]);
	const watch = await nextWatch();
	t.strictSame(Object.fromEntries(watch.seen.query), {
		watch: "true",
		allowWatchBookmarks: "true",
		resourceVersion: "10",
		timeoutSeconds: "450",
		labelSelector: "a=b",
	});
	t.strictSame(
		listed.map((seen) => Object.fromEntries(seen.query)),
		[
			{ labelSelector: "a=b", limit: "500" },
			{ labelSelector: "a=b", limit: "500", continue: "next" },
		],
		"without a resourceVersion: the most recent state",
	);
	const kept = reflector.store.get({ namespace: "a", name: "x" });
	t.strictSame(kept, {
		apiVersion: "v1",
		kind: "ConfigMap",
		metadata: { name: "x", namespace: "a", uid: "u-x", resourceVersion: "1" },
	});
	t.ok(Object.isFrozen(kept) && Object.isFrozen(kept?.metadata));
	await watch.send(event("MODIFIED", object("x", "11")));
	await until("modified x u-x");
	await watch.send(event("DELETED", object("x", "12")));
	await until("deleted x u-x");
	t.strictSame(
		reflector.store.byIndex("initial", "y").map((one) => one.metadata?.name),
		["y"],
	);
	t.strictSame(reflector.store.byIndex("initial", "x"), []);
	reflector.stop();
	await watch.closed;
	t.notOk(said.some((text) => text.startsWith("restart")));
});

t.test("the server's own time-out: at once, from the last bookmark, without a list", async (t) => {
	const { nextWatch, listed } = fakeApi(server, [list("10")]);
	const { until, clock } = await reflect(t, server);
	const first = await nextWatch();
	await first.send(event("ADDED", object("x", "11")) + event("BOOKMARK", { metadata: { resourceVersion: "40" } }));
	await until("added x u-x");
	clock.advance(2000);
	first.end();
	const second = await nextWatch();
	t.equal(second.seen.query.get("resourceVersion"), "40");
	await until("restart ConfigMap timeout");
	t.equal(listed.length, 1);
});

t.test("a watch that ends at once, again and again, is not hammered", async (t) => {
	const { nextWatch } = fakeApi(server, [list("10")]);
	const { backOff } = await reflect(t, server);
	for (const wanted of [750, 1500, 3000]) {
		(await nextWatch()).end();
		t.equal(await backOff(), wanted);
	}
	await nextWatch();
});

t.test("a reset in the middle of a line: nothing lost, nothing twice", async (t) => {
	const { nextWatch, listed } = fakeApi(server, [list("10")]);
	const { said, until, backOff } = await reflect(t, server);
	const first = await nextWatch();
	const torn = event("ADDED", object("y", "12"));
	await first.send(event("ADDED", object("x", "11")) + torn.slice(0, 40));
	await until("added x u-x");
	first.reset();
	t.equal(await backOff(), 750);
	const second = await nextWatch();
	t.equal(second.seen.query.get("resourceVersion"), "11");
	await second.send(torn);
	await until("added y u-y");
	t.strictSame(said, ["added x u-x", "restart ConfigMap unavailable", "added y u-y"]);
	t.equal(listed.length, 1);
});

t.test("a character split over two chunks", async (t) => {
	const { nextWatch } = fakeApi(server, [list("10")]);
	const { reflector, until } = await reflect(t, server);
	const watch = await nextWatch();
	const bytes = Buffer.from(event("ADDED", object("x", "11", { data: { text: "€😀" } })));
	const middle = bytes.indexOf(Buffer.from("😀")) + 2;
	await watch.send(bytes.subarray(0, middle));
	await watch.send(bytes.subarray(middle));
	await until("added x u-x");
	t.match(reflector.store.get({ namespace: "a", name: "x" }), { data: { text: "€😀" } });
});

for (const how of ["as an event", "as an answer"] as const)
	t.test(`410 ${how}: lists again, and tells the difference`, async (t) => {
		const { nextWatch, listed } = fakeApi(server, [
			list("10", object("x", "1"), object("y", "2"), object("z", "3")),
			list("50", object("y", "2"), object("z", "45", {}, "other")),
		]);
		// What throws here must not end the watch.
		const refuse = (): never => {
			throw new Error("unreadable");
		};
		const lists: (string | number | undefined)[][] = [];
		const { reflector, said, backOff, until } = await reflect(t, server, {
			deletedUnseen: (namespace, resourceVersion) => {
				lists.push([namespace, resourceVersion, said.length]);
				return resourceVersion === "50" ? [object("unseen", "49")] : refuse();
			},
		});
		await reflector.synced;
		said.length = 0;
		const first = await nextWatch();
		if (how === "as an event") await first.send(event("ERROR", failure(410, "Expired")));
		else {
			first.reset();
			await backOff();
			const second = await nextWatch();
			// The headers are out already: end the connection, and answer the next watch with 410.
			server.answer((seen, response) => {
				if (seen.query.get("watch") === "true") json(response, 410, failure(410, "Expired"));
				else {
					listed.push(seen);
					fakeApi(server, [list("50")]);
					json(response, 200, list("50", object("y", "2"), object("z", "45", {}, "other")));
				}
			});
			second.reset();
			await backOff();
		}
		await until("restart ConfigMap expired");
		await backOff();
		await until("deleted unseen u-unseen");
		t.strictSame(
			said.filter((text) => !text.startsWith("restart")),
			["deleted x u-x", "deleted z u-z", "added z other", "deleted unseen u-unseen"],
		);
		t.equal(listed.length, 2);
		t.strictSame(lists, [
			[undefined, "10", 3],
			[undefined, "50", said.length - 1],
		]);
	});

t.test("any other ERROR event: a wait, and on from where it was", async (t) => {
	const { nextWatch, listed } = fakeApi(server, [list("10")]);
	const { said, until, backOff } = await reflect(t, server);
	for (const status of [failure(504, "Timeout"), { code: "odd" }, {}]) {
		said.length = 0;
		await (await nextWatch()).send(event("ERROR", status));
		await until("restart ConfigMap unavailable");
		await backOff();
	}
	t.equal((await nextWatch()).seen.query.get("resourceVersion"), "10");
	t.equal(listed.length, 1);
});

t.test("429 and 503 on lists and watches: waits as long as the server asks, and never ends", async (t) => {
	const refuse = (status: number, seconds?: string) => (_seen: unknown, response: Parameters<typeof json>[0]) =>
		json(response, status, failure(status, "Busy"), seconds === undefined ? {} : { "retry-after": seconds });
	const { nextWatch } = fakeApi(server, [
		refuse(429, "17"),
		refuse(503),
		refuse(500),
		refuse(403),
		refuse(404),
		list("10", object("x", "1")),
	]);
	const { reflector, backOff, said } = await reflect(t, server);
	const waits: number[] = [];
	for (let i = 0; i < 5; i++) waits.push(await backOff());
	t.strictSame(waits, [17_000, 1500, 3000, 6000, 12_000]);
	await reflector.synced;
	await nextWatch();
	t.strictSame(said, [
		"restart ConfigMap unavailable",
		"restart ConfigMap unavailable",
		"restart ConfigMap unavailable",
		"restart ConfigMap forbidden",
		"restart ConfigMap error",
		"added x u-x",
	]);
});

t.test("a long outage: the wait stays below its cap, and the first success ends it", async (t) => {
	let up = false;
	const { nextWatch } = fakeApi(server, [
		(_seen, response) => (up ? json(response, 200, list("10")) : response.destroy()),
	]);
	const { reflector, backOff, until } = await reflect(t, server);
	let last = 0;
	for (let i = 0; i < 12; i++) last = await backOff();
	t.equal(last, 22_500, "30 s, less half of its jitter");
	up = true;
	await reflector.synced;
	const watch = await nextWatch();
	await watch.send(event("ADDED", object("x", "11")));
	await until("added x u-x");
	watch.reset();
	t.equal(await backOff(), 750, "counted from one again");
});

t.test("silence: aborted after the idle time, and begun again", async (t) => {
	const { nextWatch } = fakeApi(server, [list("10")]);
	const { until, clock, backOff } = await reflect(t, server);
	const first = await nextWatch();
	await clock.untilTimer((wait) => wait === 150_000);
	clock.advance(100_000);
	await first.send(event("ADDED", object("x", "11")));
	await until("added x u-x");
	clock.advance(50_000);
	t.notOk(first.response.closed, "the event put the end off");
	clock.advance(100_000);
	await first.closed;
	await until("restart ConfigMap idle");
	await backOff();
	t.equal((await nextWatch()).seen.query.get("resourceVersion"), "11");
});

t.test("lines that cannot be read: counted, the watch goes on, and a list follows it", async (t) => {
	const { nextWatch, listed } = fakeApi(server, [list("10"), list("20", object("x", "11"), object("lost", "12"))]);
	const { said, until, clock, backOff } = await reflect(t, server);
	const first = await nextWatch();
	await first.send(`{"type":"ADDED","object":{"metadata"\nnull\n\n${event("ADDED", object("x", "11"))}`);
	await until("added x u-x");
	t.strictSame(
		said.filter((text) => text.startsWith("drop")),
		["drop ConfigMap unparsable", "drop ConfigMap unparsable"],
	);
	t.equal(listed.length, 1);
	clock.advance(31_000);
	await first.send(event("BOOKMARK", { metadata: { resourceVersion: "13" } }));
	await first.closed;
	await until("restart ConfigMap incomplete");
	await backOff();
	await until("added lost u-lost");
	t.equal(listed.length, 2);
});

t.test("stopped while it waits: no more requests", async (t) => {
	fakeApi(server, [(_seen, response) => response.destroy()]);
	const { reflector, clock } = await reflect(t, server);
	await clock.untilTimer((wait) => wait < 150_000);
	const before = server.seen.length;
	reflector.stop();
	clock.advance(1_000_000);
	t.strictSame(clock.waits(), []);
	t.equal(server.seen.length, before);
});
