// What people may do with the chart's roles, asked of the API server: who edits a namespace may declare backups; nobody gets
// a restore, a look at vars or a template with it.
import t from "tap";
import { startSession } from "../cluster/session.ts";
import { eventually } from "../cluster/wait.ts";
import { startHelm, type Values } from "./support/chart.ts";
import { action, manifest, scheduledBackup, secret, template } from "./support/objects.ts";
import { FULLNAME, install, startRelease } from "./support/release.ts";

const session = await startSession(t);
const helm = await startHelm(t, session.plane.kubeconfig);
await session.kubectl("create namespace team");
for (const role of ["view", "edit", "admin"])
	await session.kubectl(`create rolebinding ${role} -n team --clusterrole=${role} --user=${role}`);
await session.kubectl("create rolebinding restorer -n team --clusterrole=edit --user=restorer");

/** `plural[/name][ --flag]` with the group where kubectl wants it. */
const qualified = (resource: string): string => resource.replace(/^[a-z]+/, (plural) => `${plural}.riotkit.org`);

const may = async (user: string, verb: string, resource: string, where = "-n team"): Promise<boolean> =>
	(await session.kubectl(`auth can-i ${verb} ${qualified(resource)} ${where} --as=${user}`)).stdout.trim() === "yes";

/** Rows: user, verb, resource, whether. Aggregation is the work of a moment of the controller manager's. */
const holds = async (
	t: { equal(found: unknown, wanted: unknown, name: string): unknown },
	rows: readonly [string, string, string, boolean][],
): Promise<void> => {
	for (const [user, verb, resource, wanted] of rows) {
		const found = await eventually(
			async () => ((await may(user, verb, resource)) === wanted ? "as wanted" : undefined),
			{
				timeout: 20,
				what: `${user} ${wanted ? "may" : "may not"} ${verb} ${resource}`,
			},
		);
		t.equal(found, "as wanted", `${user} ${wanted ? "may" : "may not"} ${verb} ${resource}`);
	}
};

await startRelease(session, helm, "provided", {});

const EVERYWHERE = ["scheduledbackups", "requestedbackupactions"];

t.test("as it is installed", async (t) => {
	await session.kubectl(`create rolebinding restores -n team --clusterrole=${FULLNAME}-restore --user=restorer`);
	await holds(t, [
		...EVERYWHERE.flatMap((resource): [string, string, string, boolean][] => [
			["edit", "create", resource, true],
			["edit", "deletecollection", resource, true],
			["admin", "patch", resource, true],
			["view", "get", resource, false],
		]),
		["edit", "restore", "scheduledbackups", false],
		["admin", "restore", "scheduledbackups", false],
		["restorer", "restore", "scheduledbackups", true],
		["restorer", "restore", "scheduledbackups/app1", true],
		["edit", "update", "scheduledbackups --subresource=status", false],
		["admin", "create", "clusterbackupproceduretemplates", false],
		["admin", "get", "clusterbackupproceduretemplates", false],
	]);
	t.notOk(await may("restorer", "restore", "scheduledbackups", "-n default"), "not in other namespaces");
});

t.test("through the release's own webhook", async (t) => {
	const as = (user: string, object: object) =>
		session.kubectl(["create", `--as=${user}`, "-f", "-"], manifest({ ...object }));
	const inTeam = { namespace: "team" };
	await session.apply(
		manifest(template("simple"), secret("vars", { "Params.password": "not-a-real-password" }, inTeam)),
	);
	const backup = await as("edit", scheduledBackup("app", {}, inTeam));
	t.equal(backup.code, 0, backup.stderr);
	const run = await as("edit", action("run", "app", {}, inTeam));
	t.equal(run.code, 0, run.stderr);
	const denied = await as("edit", action("back", "app", { action: "restore" }, inTeam));
	t.not(denied.code, 0, "edit may not restore");
	t.match(denied.stderr, /restore/);
	const allowed = await as("restorer", action("back", "app", { action: "restore" }, inTeam));
	t.equal(allowed.code, 0, allowed.stderr);
	t.match((await as("admin", template("mine"))).stderr, /is forbidden/, "templates are the cluster's admins'");
});

t.test("as the values say", async (t) => {
	const rows: [Values, [string, string, string, boolean][]][] = [
		[
			{ aggregateView: true },
			[
				["view", "list", "scheduledbackups", true],
				["view", "create", "scheduledbackups", false],
			],
		],
		[
			{ aggregateRestoreToAdmin: true },
			[
				["admin", "restore", "scheduledbackups", true],
				["edit", "restore", "scheduledbackups", false],
			],
		],
		[
			{ aggregateClusterRoles: false },
			[
				["edit", "create", "scheduledbackups", false],
				["admin", "get", "scheduledbackups", false],
			],
		],
	];
	for (const [rbac, wanted] of rows) {
		// The Service was pointed to this machine, for which Helm would rightly stop.
		await install(helm, { rbac }, ["--force-conflicts"]);
		await holds(t, wanted);
	}
});
