// Which manifests define the same object.
import t from "tap";
import type { KubernetesObject } from "../../src/api/kubernetes.ts";
import { identityKey, namespaceOf, scopeOf } from "../../src/manifests/identity.ts";

t.test("kubectl's namespace", async (t) => {
	t.equal(namespaceOf({}), "default");
	t.equal(namespaceOf({ metadata: { namespace: "" } }), "default");
	t.equal(namespaceOf({ metadata: { namespace: "n" } }), "n");
	t.equal(scopeOf({}), "default");
	t.equal(scopeOf({ kind: "Secret", metadata: { namespace: "n" } }), "n");
	t.equal(scopeOf({ kind: "Namespace", metadata: { namespace: "n" } }), "");
	t.equal(scopeOf({ kind: "ClusterBackupProcedureTemplate" }), "");
});

const object = (apiVersion: string, kind: string, name: string, namespace?: string): KubernetesObject => ({
	apiVersion,
	kind,
	metadata: { name, ...(namespace === undefined ? {} : { namespace }) },
});

const web = object("apps/v1", "Deployment", "web");
const others: [name: string, left: KubernetesObject, right: KubernetesObject, same: boolean][] = [
	["another version of the group", web, object("apps/v1beta1", "Deployment", "web"), true],
	["the default namespace, stated", web, object("apps/v1", "Deployment", "web", "default"), true],
	["another namespace", web, object("apps/v1", "Deployment", "web", "other"), false],
	["another name", web, object("apps/v1", "Deployment", "api"), false],
	["another kind", web, object("apps/v1", "StatefulSet", "web"), false],
	["another group", web, object("extensions/v1", "Deployment", "web"), false],
	["the core group", object("v1", "Secret", "a"), object("a.example/v1", "Secret", "a"), false],
	["a cluster-scoped kind", object("v1", "Namespace", "a", "x"), object("v1", "Namespace", "a"), true],
];
for (const [name, left, right, same] of others)
	t.test(`the same object: ${name}`, async (t) => {
		t.equal(identityKey(left) === identityKey(right), same);
		t.type(identityKey(left), "string");
	});

t.test("what is not complete has no identity", async (t) => {
	const incomplete: unknown[] = [
		{},
		{ kind: "Secret", metadata: { name: "a" } },
		{ apiVersion: "v1", metadata: { name: "a" } },
		{ apiVersion: "v1", kind: "Secret" },
		{ apiVersion: "v1", kind: "Secret", metadata: { generateName: "a-" } },
		{ apiVersion: "v1", kind: "Secret", metadata: { name: "" } },
		{ apiVersion: "v1", kind: "Secret", metadata: { name: ["a"] } },
		{ apiVersion: 1, kind: "Secret", metadata: { name: "a" } },
		{ apiVersion: "v1", kind: {}, metadata: { name: "a" } },
	];
	for (const each of incomplete) t.equal(identityKey(each as KubernetesObject), undefined, JSON.stringify(each));
});
