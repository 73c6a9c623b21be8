import t from "tap";
import type { KubernetesObject } from "../../../src/api/kubernetes.ts";
import type { Change } from "../../../src/kube/port.ts";
import { createStore, storeKey } from "../../../src/kube/reflector/store.ts";

const object = (name: string, resourceVersion: string, uid = `u-${name}`, labels: Record<string, string> = {}) => ({
	metadata: { namespace: "a", name, uid, resourceVersion, labels },
});
const told = (changes: Change<KubernetesObject>[]): string[] =>
	changes.map(({ type, object, previous }) =>
		[type, object.metadata?.name, object.metadata?.uid, previous?.metadata?.resourceVersion].join(" ").trim(),
	);
const colours = { colour: (one: KubernetesObject) => Object.keys(one.metadata?.labels ?? {}) };

t.test("says what really changed", (t) => {
	const store = createStore();
	t.strictSame(told(store.put(object("x", "1"))), ["added x u-x"]);
	t.strictSame(told(store.put(object("x", "1"))), [], "known already");
	t.strictSame(told(store.put(object("x", "2"))), ["modified x u-x 1"]);
	t.strictSame(told(store.put(object("x", "3", "other"))), ["deleted x u-x 2", "added x other"]);
	t.strictSame(told(store.remove(object("x", "4"))), [], "the deletion of an older one");
	t.strictSame(told(store.remove(object("x", "4", "other"))), ["deleted x other 3"]);
	t.strictSame(told(store.remove(object("x", "4", "other"))), []);
	t.equal(store.get({ namespace: "a", name: "x" }), undefined);
	t.end();
});

t.test("a list replaces one namespace, or all", (t) => {
	const store = createStore();
	const elsewhere = { metadata: { ...object("z", "1").metadata, namespace: "b" } };
	store.put(elsewhere);
	for (const name of ["gone", "same", "newer", "remade"]) store.put(object(name, "1"));
	const wanted = [object("same", "1"), object("newer", "2"), object("remade", "2", "other"), object("fresh", "2")];
	const listed = new Map(wanted.map((one) => [`a/${one.metadata.name}`, one]));
	t.strictSame(told(store.replace(listed, "a")).sort(), [
		"added fresh u-fresh",
		"added remade other",
		"deleted gone u-gone 1",
		"deleted remade u-remade 1",
		"modified newer u-newer 1",
	]);
	t.equal([...store.list()].length, 5);
	t.equal(told(store.replace(new Map(), undefined)).length, 5);
	t.strictSame([...store.list()], []);
	t.end();
});

t.test("indexes follow every change", (t) => {
	const store = createStore(colours);
	const names = (colour: string) => store.byIndex("colour", colour).map((one) => one.metadata?.name);
	store.put(object("x", "1", "u", { red: "", blue: "" }));
	store.put(object("y", "1", "v", { red: "" }));
	t.strictSame([names("red"), names("blue"), names("green")], [["x", "y"], ["x"], []]);
	store.put(object("x", "2", "u", { green: "" }));
	t.strictSame([names("red"), names("blue"), names("green")], [["y"], [], ["x"]]);
	store.put(object("x", "3", "other", { blue: "" }));
	t.strictSame([names("red"), names("blue"), names("green")], [["y"], ["x"], []]);
	store.remove(object("y", "2", "v"));
	t.strictSame([names("red"), names("blue")], [[], ["x"]]);
	t.strictSame(store.byIndex("unknown", "red"), []);
	t.end();
});

t.test("cluster-scoped objects, and synced", (t) => {
	const store = createStore();
	t.equal(store.synced, false);
	store.markSynced();
	t.equal(store.synced, true);
	const template = { metadata: { name: "pg13", uid: "u", resourceVersion: "1" } };
	store.put(template);
	t.equal(store.get({ name: "pg13" }), template);
	t.end();
});

t.test("keys are those that people write", async (t) => {
	t.equal(storeKey({ namespace: "a", name: "x" }), "a/x");
	t.equal(storeKey({ name: "x" }), "x");
});
