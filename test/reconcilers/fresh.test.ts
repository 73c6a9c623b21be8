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

const named = (name: string, resourceVersion: string, namespace = "n"): ConfigMap => ({
	metadata: { namespace, name, uid: name, resourceVersion },
});

t.test("what was created and deleted while the watch was interrupted is missing from the next list", async (t) => {
	let now = 0;
	const store = createStore<ConfigMap>();
	const fresh = createFresh(
		() => store,
		() => now,
	);
	const created = [named("gone", "9"), named("kept", "10"), named("later", "12"), named("elsewhere", "9", "m")];
	for (const object of created) fresh.created(object);
	fresh.wrote(named("foreign", "9"));
	fresh.wrote(named("elsewhere", "10", "m"));
	now = 3_600_000;
	t.equal(fresh.get({ namespace: "n", name: "gone" }), undefined, "no longer used, and not forgotten");
	t.equal(fresh.get({ namespace: "n", name: "foreign" }), undefined, "not used, and forgotten");
	const list = new Map([["n/kept", named("kept", "10")]]);
	for (const change of store.replace(list, "n")) fresh.observe(change);
	t.strictSame(
		fresh.deletedUnseen("n", "11"),
		[created[0]],
		"not what is there, nor what came after the list, nor elsewhere, nor what may lack our labels",
	);
	t.strictSame(fresh.deletedUnseen("n", "11"), [], "once");
	t.strictSame(
		fresh.deletedUnseen(undefined, "100"),
		[created[2], named("elsewhere", "10", "m")],
		"a list of all namespaces; what we changed after we created it",
	);
});

t.test("what was created and deleted before the answer to our call came is deleted", async (t) => {
	let now = 0;
	const store = createStore<ConfigMap>();
	const deleted: ConfigMap[] = [];
	const fresh = createFresh(
		() => store,
		() => now,
		(object) => deleted.push(object),
	);
	fresh.deletedUnseen("n", "11");
	fresh.created(named("listed", "9"));
	fresh.created(named("elsewhere", "9", "m"));
	t.strictSame(deleted, [named("listed", "9")]);
	for (const change of store.put(named("seen", "12"))) fresh.observe(change);
	for (const change of store.remove(named("seen", "13"))) fresh.observe(change);
	fresh.created(named("seen", "12"));
	t.strictSame(deleted, [named("listed", "9"), named("seen", "12")]);
	t.equal(fresh.get({ namespace: "n", name: "seen" }), undefined);
	fresh.created(named("new", "14"));
	t.equal(version(fresh.get({ namespace: "n", name: "new" })), "14");
	fresh.wrote(named("foreign", "5"));
	t.equal(version(fresh.get({ namespace: "n", name: "foreign" })), "5", "the watch may not select it");
	now = 3_600_000;
	t.equal(fresh.get({ namespace: "n", name: "foreign" }), undefined);
	now = 0;
	t.equal(fresh.get({ namespace: "n", name: "foreign" }), undefined, "forgotten: it would be kept for ever");
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
