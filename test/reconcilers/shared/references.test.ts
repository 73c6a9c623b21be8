// Where gathering reads: Secrets always live, the rest from the watches, and of what is about to run all of it live.
import t from "tap";
import { liveReferences, watchedReferences } from "../../../reconcilers/shared/references.ts";
import { CLUSTER_BACKUP_PROCEDURE_TEMPLATE, SECRET } from "../../../src/api/kinds.ts";
import type { ClusterBackupProcedureTemplate, ScheduledBackup } from "../../../src/api/types.ts";
import * as objects from "../../integration/support/objects.ts";
import { readyBackup, requested } from "../requestedbackupaction/context.ts";
import { createWorld } from "../world.ts";

const template = (image: string) => objects.template("simple", { image }) as unknown as ClusterBackupProcedureTemplate;

const setUp = (watched?: ClusterBackupProcedureTemplate) => {
	const world = createWorld();
	const reads: string[] = [];
	const { get } = world.kube;
	world.kube.get = (kind, key) => {
		reads.push(`${kind.plural} ${key.namespace ?? ""}/${key.name}`);
		return get(kind, key);
	};
	const asked: unknown[] = [];
	const answering = <T>(question: unknown, answer: T): T => {
		asked.push(question);
		return answer;
	};
	const watches = {
		templates: { get: (key: unknown) => answering(key, watched) },
		scheduledBackups: { get: (key: unknown) => answering(key, readyBackup()) },
		actions: { byIndex: (...index: unknown[]) => answering(index, [requested("backup")]) },
	};
	return { world, reads, asked, context: { kube: world.kube, watches } as never };
};

t.test("Secrets are read live, by namespace and name", async (t) => {
	const { world, reads, context } = setUp();
	world.put(SECRET, { metadata: { name: "keys", namespace: "team" }, data: { a: "Yg==" } });
	const references = watchedReferences(context);
	t.match(await references.secret("team", "keys"), { data: { a: "Yg==" } });
	t.equal(await references.secret("team", "other"), undefined);
	t.strictSame(reads, ["secrets team/keys", "secrets team/other"]);
});

t.test("a template that the watch does not show is asked for", async (t) => {
	const known = setUp(template("watched:1"));
	t.equal((await watchedReferences(known.context).template("simple"))?.spec.image, "watched:1");
	t.strictSame([known.reads, known.asked], [[], [{ name: "simple" }]]);
	const unknown = setUp();
	unknown.world.put(CLUSTER_BACKUP_PROCEDURE_TEMPLATE, template("live:1"));
	t.equal((await watchedReferences(unknown.context).template("simple"))?.spec.image, "live:1");
	t.equal(await watchedReferences(unknown.context).template("other"), undefined);
});

t.test("objects of users come from the watches", async (t) => {
	const { reads, asked, context } = setUp();
	const references = watchedReferences(context);
	t.equal((await references.scheduledBackup("team", "app"))?.metadata.name, "app");
	t.equal((await references.unfinishedActions("team", "app"))[0]?.metadata.name, "run");
	t.strictSame(await references.namespaceLabels("team"), {});
	t.strictSame(asked, [{ namespace: "team", name: "app" }, ["scheduledBackup", "team/app"]]);
	t.strictSame(reads, []);
});

t.test("of what is about to run nothing comes from a watch, and its template is read once", async (t) => {
	const { world, reads, asked, context } = setUp(template("watched:1"));
	world.put(CLUSTER_BACKUP_PROCEDURE_TEMPLATE, template("live:1"));
	const target = readyBackup({ collectionId: "live" }) as ScheduledBackup;
	const references = liveReferences(context, target);
	t.equal(await references.scheduledBackup("default", "app"), target);
	t.equal((await references.template("simple"))?.spec.image, "live:1");
	t.equal((await references.template("simple"))?.spec.image, "live:1");
	t.equal(await references.template("other"), undefined);
	t.strictSame(reads, ["clusterbackupproceduretemplates /simple", "clusterbackupproceduretemplates /other"]);
	t.strictSame(asked, []);
});
