// What the reflector makes of the objects that it gets: what counts as a change, what is kept, and whose mistakes end nothing.
import t from "tap";
import { SECRET } from "../../../src/api/kinds.ts";
import type { ConfigMap } from "../../../src/api/kubernetes.ts";
import { identityOnly } from "../../../src/kube/reflector.ts";
import { event, fakeApi, object, reflect } from "../fixtures/reflecting.ts";
import { json, startServer } from "../fixtures/server.ts";

const server = await startServer();
t.teardown(() => server.close());

const list = (resourceVersion: string, ...items: object[]) => ({ metadata: { resourceVersion }, items });

t.test("duplicates and replays are no changes; the same name with another UID is two", async (t) => {
	const { nextWatch } = fakeApi(server, [list("10", object("x", "5"))]);
	const { said, until } = await reflect(t, server);
	const watch = await nextWatch();
	await watch.send(
		[
			event("ADDED", object("x", "5")),
			event("MODIFIED", object("x", "5")),
			event("DELETED", object("x", "4", {}, "long-gone")),
			event("DELETED", object("unknown", "11")),
			event("ADDED", object("x", "12", {}, "other")),
			event("ADDED", object("end", "13")),
		].join(""),
	);
	await until("added end u-end");
	t.strictSame(said, ["added x u-x", "deleted x u-x", "added x other", "added end u-end"]);
});

t.test("mistakes of ours: a handler, a transform or an index that throws ends nothing", async (t) => {
	const { nextWatch } = fakeApi(server, [list("10", object("bad-handler", "1"), object("bad-transform", "2"))]);
	const seen: string[] = [];
	const { reflector, said, until } = await reflect(t, server, {
		transform: (one: ConfigMap) => {
			if (one.metadata?.name === "bad-transform") throw new Error("transform");
			return one;
		},
		indexes: {
			bad: () => {
				throw new Error("index");
			},
		},
		onChange: ({ type, object: { metadata } }) => {
			seen.push(`${type} ${metadata?.name}`);
			if (metadata?.name === "bad-handler") throw new Error("handler");
		},
	});
	await reflector.synced;
	const watch = await nextWatch();
	await watch.send(event("MODIFIED", object("bad-handler", "11")) + event("ADDED", object("bad-transform", "12")));
	await watch.send(event("DELETED", object("bad-handler", "13")) + event("DELETED", object("bad-transform", "14")));
	await watch.send("end\n");
	await until("drop ConfigMap unparsable");
	t.strictSame(seen, ["added bad-handler", "modified bad-handler", "deleted bad-handler"]);
	t.strictSame([...reflector.store.list()], []);
	t.equal(said.filter((text) => text === "drop ConfigMap handler").length, 3);
	t.equal(said.filter((text) => text === "drop ConfigMap transform").length, 3);
	t.ok(said.includes("index function failed"));
});

t.test("several namespaces: one watch each, synced when all are listed", async (t) => {
	const { nextWatch, listed } = fakeApi(server, [
		(seen, response) =>
			json(
				response,
				200,
				list("10", { metadata: { ...object("x", "1").metadata, namespace: seen.path.split("/")[4] } }),
			),
	]);
	const { reflector } = await reflect(t, server, { namespaces: ["a", "b", "a"] });
	await reflector.synced;
	const paths = [(await nextWatch()).seen.path, (await nextWatch()).seen.path].sort();
	t.strictSame(paths, ["/api/v1/namespaces/a/configmaps", "/api/v1/namespaces/b/configmaps"]);
	t.equal(listed.length, 2);
	t.equal([...reflector.store.list()].length, 2);
});

t.test("metadata only: asks for it, and keeps identities", async (t) => {
	const secret = { kind: "PartialObjectMetadata", ...object("x", "1"), data: undefined };
	const { nextWatch, listed } = fakeApi(server, [list("10", secret)]);
	const { reflector } = await reflect(t, server, {
		kind: SECRET as never,
		metadataOnly: true,
		transform: identityOnly,
	});
	await reflector.synced;
	const watch = await nextWatch();
	t.equal(listed[0]?.headers.accept, "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1");
	t.equal(watch.seen.headers.accept, "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1");
	t.strictSame(
		[...reflector.store.list()],
		[{ apiVersion: "v1", kind: "Secret", metadata: { namespace: "a", name: "x", uid: "u-x", resourceVersion: "1" } }],
	);
});
