// What was stored while nobody asked for the users' rights is acted on once the controller comes. The guide says how to look
// through it before: its commands are run as they are printed, on what somebody without rights left behind.
import { dirname } from "node:path";
import t from "tap";
import { callApi } from "../cluster/api.ts";
import { execute } from "../cluster/execute.ts";
import { startSession } from "../cluster/session.ts";
import { eventually } from "../cluster/wait.ts";
import { codeBlocks, sectionOf } from "../docs/pages.ts";
import { action, manifest, namespace, PREREQUISITES, scheduledBackup, secret } from "./support/objects.ts";
import { awaitReady, mustKubectl } from "./support/status.ts";

t.setTimeout(300_000);

const session = await startSession(t);
const folder = t.testdir({});

const section = sectionOf("docs/operations.md", "## Before you let the controller in");
const commands = codeBlocks(section, "sh").join("").split("\n");

/** The command of the guide that begins so. @throws Error where it prints none, or several */
const printed = (start: string): string => {
	const [command, ...others] = commands.filter((line) => line.startsWith(start));
	if (command === undefined || others.length > 0) throw new Error(`${1 + others.length} commands begin with ${start}`);
	return command;
};
const follow = (command: string) =>
	execute("bash", ["-euo", "pipefail", "-c", command], {
		cwd: folder,
		env: {
			PATH: `${dirname(session.plane.binaries.kubectl)}:${process.env["PATH"]}`,
			KUBECONFIG: session.plane.kubeconfig,
		},
	});
/** What a command of the guide prints, line by line. @throws Error where it fails */
const lines = async (command: string): Promise<string[]> => {
	const { code, stdout, stderr } = await follow(command);
	if (code !== 0) throw new Error(`${command} ended with ${code}: ${stderr}`);
	return stdout.split("\n").filter(Boolean);
};

const at = { namespace: "team-b" };
const left = manifest(
	scheduledBackup("app1", { operation: "restore", tokenSecretRef: { secretName: "app1-backup" } }, at),
	scheduledBackup("mine", {}, at),
	action("app1-restore", "mine", { action: "restore" }, at),
	action("ended", "mine", { action: "restore" }, at),
);

/** Writes our objects, and reads no Secret; alice may do all of it. */
const USERS = manifest(
	{
		apiVersion: "rbac.authorization.k8s.io/v1",
		kind: "ClusterRole",
		metadata: { name: "writes" },
		rules: [
			{
				apiGroups: ["riotkit.org"],
				resources: ["scheduledbackups", "requestedbackupactions"],
				verbs: ["get", "create", "patch", "update"],
			},
		],
	},
	...[
		["mallory", "writes"],
		["alice", "cluster-admin"],
	].map(([user, role]) => ({
		apiVersion: "rbac.authorization.k8s.io/v1",
		kind: "RoleBinding",
		metadata: { name: user, namespace: "team-b" },
		subjects: [{ apiGroup: "rbac.authorization.k8s.io", kind: "User", name: user }],
		roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: role },
	})),
);

t.test("stored while nobody asked", async (t) => {
	await mustKubectl(session, "apply --server-side -f crds/");
	await session.apply(manifest(namespace("team-b")));
	await session.apply(PREREQUISITES);
	const token = secret("app1-backup", { token: "x.y.z" }, at);
	await session.apply(manifest(secret("vars", { "Params.password": "not-a-real-password" }, at), token));
	await session.apply(USERS);
	const review = {
		apiVersion: "authorization.k8s.io/v1",
		kind: "SubjectAccessReview",
		spec: {
			user: "mallory",
			resourceAttributes: {
				namespace: "team-b",
				verb: "create",
				group: "riotkit.org",
				resource: "scheduledbackups",
			},
		},
	};
	const isAllowed = async (): Promise<boolean> => {
		const { body } = await callApi(session.plane, "POST", "/apis/authorization.k8s.io/v1/subjectaccessreviews", review);
		return (body["status"] as { allowed?: boolean } | undefined)?.allowed === true;
	};
	await eventually(isAllowed, { what: "the rights are in force" });
	await mustKubectl(session, "create --as=mallory -f -", left);
	const ended = ["patch", "requestedbackupaction", "ended", "-n", "team-b", "--subresource=status", "--type=merge"];
	const { code, stderr } = await session.kubectl([...ended, "-p", '{"status":{"phase":"Succeeded"}}']);
	t.equal(code, 0, stderr);
});

t.test("the guide's commands find it", async (t) => {
	const lists = "kubectl get scheduledbackups.riotkit.org -A -o jsonpath=";
	t.same(await lines(printed(`${lists}'{range .items[?`)), ["team-b/app1"]);
	t.same(await lines(printed("kubectl get requestedbackupactions -A")), ["team-b/app1-restore restore mine "]);
	t.same(
		(await lines(printed(`${lists}'{range .items[*]}{`))).map((line) => line.split(/ +/)),
		[
			["team-b/app1", "app1-backup", "vars"],
			["team-b/mine", "vars"],
		],
	);
	const vars = await lines(printed(`${lists}'{range .items[*]}---`));
	t.same(vars.slice(0, 2), ["--- team-b/app1", "Params: {host: db.example.org}"]);
	for (const start of ["kubectl auth can-i get secret", "kubectl auth can-i restore"]) {
		const command = printed(start);
		t.match(await follow(command), { code: 0, stdout: /^yes$/m }, command);
		t.match(await follow(command.replace("alice", "mallory")), { code: 1, stdout: /^no$/m }, command);
	}
});

t.test("taken out, it does not run; what was left in does, and rights are asked for when it is put back", async (t) => {
	for (const start of [
		"kubectl get scheduledbackups.riotkit.org app1",
		"kubectl delete scheduledbackup",
		"kubectl delete requested",
	])
		await lines(printed(start));
	await session.controller();
	await awaitReady(session, { namespace: "team-b", name: "mine" });
	const cronJobs = await session.json("get cronjobs -n team-b");
	t.same(
		cronJobs.items.map((cronJob: { metadata: { name: string } }) => cronJob.metadata.name),
		["mine"],
		"it acts on what nobody asked rights for",
	);
	t.same((await session.json("get jobs -n team-b")).items, []);
	const back = printed("kubectl create -f app1.yaml");
	t.match(await follow(back.replace("alice", "mallory")), { code: 1, stderr: /you are not allowed to/ });
	await lines(back);
	await awaitReady(session, { namespace: "team-b", name: "app1" });
});
