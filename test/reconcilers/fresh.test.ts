import t from "tap";
import { createFresh, isAtLeast } from "../../reconcilers/shared/fresh.ts";
import { replacing } from "../../reconcilers/shared/merge.ts";
import type { ConfigMap } from "../../src/api/kubernetes.ts";
import { createStore } from "../../src/kube/reflector/store.ts";

const object = (resourceVersion: string, uid = "u"): ConfigMap => ({
	metadata: { namespace: "n", name: "a", uid, resourceVersion },
});
const key = { namespace: "n", name: "a" };
const version = (found: ConfigMap | undefined): string | undefined => found?.metadata?.resourceVersion;

t.test("resource versions are numbers of any length", async (t) => {
	t.ok(isAtLeast("10", "9"));
	t.ok(isAtLeast("9", "9"));
	t.notOk(isAtLeast("99", "100"));
	t.notOk(isAtLeast(undefined, "1"));
});

t.test("our own write is seen before the watch tells of it, and is forgotten then", async (t) => {
	let now = 0;
	const store = createStore<ConfigMap>({ all: () => ["x"] });
	const fresh = createFresh(
		() => store,
		() => now,
	);
	t.equal(fresh.get(key), undefined);
	fresh.wrote(object("9"));
	t.equal(version(fresh.get(key)), "9", "not in the watch yet");
	const observed = (changes: ReturnType<typeof store.put>) => changes.map((change) => fresh.observe(change));
	t.same(observed(store.put(object("8"))), [false], "somebody else's");
	t.equal(version(fresh.get(key)), "9", "the watch lags");
	t.equal(version(fresh.byIndex("all", "x")[0]), "9");
	t.same(observed(store.put(object("9"))), [true], "our own");
	t.same(observed(store.put(object("10"))), [false]);
	t.equal(version(fresh.get(key)), "10");
	fresh.wrote(object("11"));
	t.equal(observed(store.remove(object("12"))).length, 1);
	t.equal(fresh.get(key), undefined, "deleted");
	fresh.wrote(object("13"));
	now = 60_000;
	t.equal(fresh.get(key), undefined, "what the watch never told of is not believed for ever");
});

t.test("what was made and deleted while the watch was interrupted is told of after the next list", async (t) => {
	let now = 0;
	const named = (name: string, resourceVersion: string, namespace = "n"): ConfigMap => ({
		metadata: { namespace, name, uid: name, resourceVersion },
	});
	const store = createStore<ConfigMap>();
	const fresh = createFresh(
		() => store,
		() => now,
	);
	const made = [named("gone", "9"), named("kept", "10"), named("later", "12"), named("elsewhere", "9", "m")];
	for (const object of made) fresh.wrote(object);
	now = 3_600_000;
	t.equal(fresh.get({ namespace: "n", name: "gone" }), undefined, "no longer believed, and not forgotten");
	const list = new Map([["n/kept", named("kept", "10")]]);
	for (const change of store.replace(list, "n")) fresh.observe(change);
	t.strictSame(fresh.listed("n", "11"), [made[0]], "not what is there, nor what came after the list, nor elsewhere");
	t.strictSame(fresh.listed("n", "11"), [], "once");
	t.strictSame(fresh.listed(undefined, "100"), [made[2], made[3]], "a list of all namespaces");
});

t.test("what is gone stays out of sight until the watch says so too", async (t) => {
	const store = createStore<ConfigMap>({ all: () => ["x"] });
	const fresh = createFresh(
		() => store,
		() => 0,
	);
	store.put(object("8"));
	fresh.wrote(object("9"));
	fresh.gone(object("8"));
	t.equal(fresh.get(key), undefined);
	t.strictSame(fresh.byIndex("all", "x"), []);
	for (const change of store.put(object("9"))) fresh.observe(change);
	t.equal(fresh.get(key), undefined, "an older word of the watch");
	for (const change of store.put(object("12", "another"))) fresh.observe(change);
	t.equal(version(fresh.get(key)), "12", "another one of its name");
	fresh.gone(object("12", "another"));
	for (const change of store.remove(object("13", "another"))) fresh.observe(change);
	t.equal(fresh.get(key), undefined);
});

t.test("a patch that replaces", async (t) => {
	const live = { schedule: "old", extra: 1, map: { a: 1, b: { c: 1 } }, list: [{ x: 1, y: 2 }], same: true };
	const wanted = { schedule: "new", map: { a: 2, b: {} }, list: [{ x: 1 }], same: true, added: { z: 1 } };
	t.strictSame(replacing(live, wanted), {
		extra: null,
		schedule: "new",
		map: { a: 2, b: { c: null } },
		list: [{ x: 1 }],
		same: true,
		added: { z: 1 },
	});
	t.strictSame(replacing(undefined, { a: 1 }), { a: 1 });
});
