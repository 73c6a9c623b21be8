// What is looked up among the given objects.
import t from "tap";
import { fileReferences } from "../../src/cli/references.ts";
import { plainBackup, template } from "../fixtures/seed.ts";
import { secret } from "../gather/world.ts";

t.test("objects are found by kind, namespace and name", async (t) => {
	const backup = { ...plainBackup(), status: { healthy: true } };
	const namespace = { apiVersion: "v1", kind: "Namespace", metadata: { name: "default", labels: { a: "b" } } };
	const references = fileReferences([backup, template("echo"), secret("keys", { a: "b" }), namespace, {}]);
	t.match(await references.secret("default", "keys"), { data: { a: "Yg==" } });
	t.equal(await references.secret("other", "keys"), undefined);
	t.match(await references.template("plain"), { kind: "ClusterBackupProcedureTemplate" });
	t.equal(await references.template("other"), undefined);
	const found = await references.scheduledBackup("default", "app1");
	t.equal(found?.metadata.name, "app1");
	t.equal(found?.status, undefined);
	t.equal(await references.scheduledBackup("default", "other"), undefined);
	t.same(await references.namespaceLabels("default"), { a: "b" });
	t.same(await references.namespaceLabels("other"), {});
	t.same(await references.unfinishedActions("default", "app1"), []);
});
