// Beside other backup products, kubectl finds each product's own objects: a category of ours once hid their `backups`, and
// `kubectl delete backups --all` deleted our templates.
import t from "tap";
import { procedureTemplate, requestedBackupAction, scheduledBackup, withMetadata } from "../api/objects.ts";
import { execute } from "../cluster/execute.ts";
import { startSession } from "../cluster/session.ts";
import { manifest } from "./support/objects.ts";
import { mustKubectl } from "./support/status.ts";

t.setTimeout(300_000);

/** A CustomResourceDefinition with the names of another product, and no schema. */
const definition = (kind: string, group: string): object => {
	const singular = kind.toLowerCase();
	const openAPIV3Schema = { type: "object", "x-kubernetes-preserve-unknown-fields": true };
	return {
		apiVersion: "apiextensions.k8s.io/v1",
		kind: "CustomResourceDefinition",
		metadata: { name: `${singular}s.${group}` },
		spec: {
			...{ group, scope: "Namespaced", names: { kind, singular, plural: `${singular}s`, listKind: `${kind}List` } },
			versions: [{ name: "v1", served: true, storage: true, schema: { openAPIV3Schema } }],
		},
	};
};

const session = await startSession(t);
await session.apply((await execute(process.execPath, ["src/cli.ts", "crds"])).stdout);
await session.apply(
	manifest(
		definition("Backup", "velero.io") as never,
		definition("Schedule", "velero.io") as never,
		definition("ScheduledBackup", "postgresql.cnpg.io") as never,
	),
);
await mustKubectl(session, "wait --for=condition=Established crd --all --timeout=60s");
const theirs = (kind: string, group: string) =>
	({ apiVersion: `${group}/v1`, kind, metadata: { name: "theirs", namespace: "default" } }) as never;
const ours = [procedureTemplate(), withMetadata(requestedBackupAction(), { name: "run" }), scheduledBackup()];
await session.apply(
	manifest(
		theirs("Backup", "velero.io"),
		theirs("Schedule", "velero.io"),
		theirs("ScheduledBackup", "postgresql.cnpg.io"),
		...ours,
	),
);
const names = async (what: string): Promise<string[]> =>
	(await mustKubectl(session, `get ${what} -o name`))
		.trim()
		.split("\n")
		.map((line) => line.split("/")[0] as string)
		.filter((name) => name !== "");
const OURS = [
	"clusterbackupproceduretemplate.riotkit.org",
	"requestedbackupaction.riotkit.org",
	"scheduledbackup.riotkit.org",
];

t.test("other products' words lead to their objects", async (t) => {
	t.same(await names("backups"), ["backup.velero.io"]);
	t.same(await names("backup"), ["backup.velero.io"]);
	t.same(await names("schedules"), ["schedule.velero.io"]);
});

t.test("our words lead to ours, all of them by the category", async (t) => {
	t.same((await names("backup-maker")).toSorted(), OURS);
	t.same(await names("bmsb"), ["scheduledbackup.riotkit.org"]);
	t.same(await names("scheduledbackups.riotkit.org"), ["scheduledbackup.riotkit.org"]);
	t.same(await names("rba"), ["requestedbackupaction.riotkit.org"]);
	t.same(await names("cbpt"), ["clusterbackupproceduretemplate.riotkit.org"]);
});

t.test("what is deleted by their words is theirs, and what is deleted by ours is ours", async (t) => {
	await mustKubectl(session, "delete backups --all");
	t.same((await names("backup-maker")).toSorted(), OURS, "none of ours");
	await mustKubectl(session, "delete requestedbackupactions.riotkit.org,scheduledbackups.riotkit.org -A --all");
	await mustKubectl(session, "delete clusterbackupproceduretemplates.riotkit.org --all");
	t.same(await names("backup-maker"), []);
	t.same(await names("scheduledbackups.postgresql.cnpg.io"), ["scheduledbackup.postgresql.cnpg.io"], "theirs stays");
});
