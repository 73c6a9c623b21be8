import t from "tap";
import { CLUSTER_BACKUP_PROCEDURE_TEMPLATE, NAMESPACE, SCHEDULED_BACKUP, SECRET } from "../../src/api/kinds.ts";
import { collectionPath, objectPath, operationName, withQuery } from "../../src/kube/urls.ts";

t.test("paths", (t) => {
	t.equal(collectionPath(SECRET), "/api/v1/secrets");
	t.equal(collectionPath(SECRET, "a"), "/api/v1/namespaces/a/secrets");
	t.equal(collectionPath(NAMESPACE, "ignored"), "/api/v1/namespaces");
	t.equal(collectionPath(SCHEDULED_BACKUP, "a"), "/apis/riotkit.org/v1alpha1/namespaces/a/scheduledbackups");
	t.equal(
		objectPath(CLUSTER_BACKUP_PROCEDURE_TEMPLATE, { name: "pg13" }),
		"/apis/riotkit.org/v1alpha1/clusterbackupproceduretemplates/pg13",
	);
	t.equal(objectPath(SECRET, { namespace: "a", name: "b.c" }, "status"), "/api/v1/namespaces/a/secrets/b.c/status");
	t.equal(objectPath(SECRET, { namespace: "a", name: "b c?d" }), "/api/v1/namespaces/a/secrets/b%20c%3Fd");
	t.end();
});

t.test("what is no name never becomes a path: a DELETE of it could be one of the whole collection", (t) => {
	for (const name of ["", ".", "..", "a/b", "a%2fb"])
		t.throws(() => objectPath(SECRET, { namespace: "a", name }), TypeError, JSON.stringify(name));
	t.throws(() => objectPath(SECRET, { name: "b" }), TypeError, "no namespace");
	t.throws(() => collectionPath(SECRET, ""), TypeError, "empty namespace");
	t.end();
});

t.test("queries and names of operations", (t) => {
	t.equal(withQuery("/a", { x: undefined }), "/a");
	t.equal(withQuery("/a", { x: 1, y: true, z: "b=c" }), "/a?x=1&y=true&z=b%3Dc");
	t.equal(operationName("list", SECRET), "list secrets");
	t.equal(operationName("get", SECRET, { namespace: "a", name: "b" }), "get secrets a/b");
	t.equal(operationName("get", NAMESPACE, { name: "b" }), "get namespaces b");
	t.end();
});
