// The release is there and its controller is not, as after a crash, an eviction, or a cluster that is torn down: writing our
// kinds waits for it, and nothing else in the cluster ever does.
import t from "tap";
import { callApi } from "../cluster/api.ts";
import { startSession } from "../cluster/session.ts";
import { eventually } from "../cluster/wait.ts";
import { startHelm } from "./support/chart.ts";
import { action, manifest, namespace, scheduledBackup, secret, template } from "./support/objects.ts";
import { FULLNAME, install, NAMESPACE, RELEASE } from "./support/release.ts";

const session = await startSession(t);
const helm = await startHelm(t, session.plane.kubeconfig);
const TEAMS = ["one", "two", "three"];

/** Stored while nobody checks; then the release is as users have it. */
const objectsOf = (team: string): string =>
	manifest(
		namespace(team),
		secret("vars", { "Params.password": "not-a-real-password" }, { namespace: team }),
		scheduledBackup("app", {}, { namespace: team, finalizers: ["example.org/somebodys"] }),
		action("now", "app", {}, { namespace: team }),
	);
await install(helm, { webhook: { failurePolicy: { validate: "Ignore" } } });
await session.apply(manifest(template("simple"), template("unused")));
for (const team of TEAMS) await session.apply(objectsOf(team));
await install(helm);

const succeeds = async (
	t: { equal(a: unknown, b: unknown, name: string): unknown },
	args: string | string[],
	input?: string,
) => {
	const { code, stderr } = await session.kubectl(args, input);
	t.equal(code, 0, `kubectl ${args} ${stderr}`);
};

const gone = (what: string): Promise<unknown> =>
	eventually(async () => (await session.json(`get ${what}`)) === undefined, { what: `${what} is gone` });

t.test("our kinds wait for the controller, and say so", async (t) => {
	const path = "/apis/riotkit.org/v1alpha1/clusterbackupproceduretemplates?dryRun=All";
	await eventually(async () => (await callApi(session.plane, "POST", path, template("new"))).status === 500, {
		what: "the API server has taken notice of the registration",
	});
	for (const object of [scheduledBackup("new"), action("new", "app"), template("new")]) {
		const { code, stderr } = await session.kubectl("create -f -", manifest(object));
		t.not(code, 0, object.kind);
		t.match(stderr, /failed calling webhook "validate\.riotkit\.org"/, object.kind);
	}
});

t.test("Pods, Secrets and all else do not", async (t) => {
	const pod = { apiVersion: "v1", kind: "Pod", metadata: { name: "pod", namespace: "one" } };
	const spec = { containers: [{ name: "c", image: "example.org/x:1" }] };
	await succeeds(t, "apply -f -", manifest({ ...pod, spec }, secret("other", { a: "b" }, { namespace: "one" })));
	await succeeds(t, "create configmap c -n one --from-literal=a=b");
	await succeeds(t, "create deployment d -n one --image=example.org/x:1");
	await succeeds(t, "delete pod pod -n one --grace-period=0 --force");
	await succeeds(t, "delete secret other -n one");
});

t.test("nor do metadata, status and finalizers of our kinds", async (t) => {
	await succeeds(t, "annotate scheduledbackup app -n one example.org/a=b");
	await succeeds(t, "label requestedbackupaction now -n one a=b");
	const status = JSON.stringify({ status: { observedGeneration: 1 } });
	await succeeds(t, [
		"patch",
		"scheduledbackup",
		"app",
		"-n",
		"one",
		"--subresource=status",
		"--type=merge",
		"-p",
		status,
	]);
	await succeeds(t, "delete scheduledbackup app -n one --wait=false");
	await succeeds(t, [
		"patch",
		"scheduledbackup",
		"app",
		"-n",
		"one",
		"--type=json",
		"-p",
		'[{"op":"remove","path":"/metadata/finalizers"}]',
	]);
	await gone("scheduledbackup app -n one");
	await succeeds(t, "delete requestedbackupaction now -n one");
	await succeeds(t, "delete clusterbackupproceduretemplate unused");
});

const withoutFinalizer = (team: string): Promise<unknown> =>
	session.kubectl([
		"patch",
		"scheduledbackup",
		"app",
		"-n",
		team,
		"--type=merge",
		"-p",
		'{"metadata":{"finalizers":null}}',
	]);

t.test("a namespace goes while the release is there", async (t) => {
	await succeeds(t, "delete namespace two --wait=false");
	await withoutFinalizer("two");
	await gone("namespace two");
});

t.test(
	"the release's own namespace goes first: others still do, and a new install takes over what is left",
	async (t) => {
		await succeeds(t, `delete namespace ${NAMESPACE} --wait=false`);
		await gone(`namespace ${NAMESPACE}`);
		t.ok(await session.json(`get validatingwebhookconfiguration ${FULLNAME}`), "its registration is left behind");
		await succeeds(t, "delete namespace three --wait=false");
		await withoutFinalizer("three");
		await gone("namespace three");
		await install(helm);
		t.ok(await session.json(`get deployment ${FULLNAME} -n ${NAMESPACE}`));
	},
);

t.test("helm uninstall, and then our kinds can be written again", async (t) => {
	const { code, stderr } = await helm.run(["uninstall", RELEASE, "--namespace", NAMESPACE]);
	t.equal(code, 0, stderr);
	await succeeds(t, "apply -f -", manifest(scheduledBackup("new")));
});

t.test("the CRDs go while the registration is there", async (t) => {
	await install(helm);
	await succeeds(t, "delete crd --all --timeout=60s");
	t.ok(await session.json(`get validatingwebhookconfiguration ${FULLNAME}`));
	const { code, stderr } = await helm.run(["uninstall", RELEASE, "--namespace", NAMESPACE]);
	t.equal(code, 0, stderr);
});
