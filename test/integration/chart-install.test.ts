// A release's life: installed, upgraded with its CRDs, uninstalled with the users' objects left alone, installed again, taken
// over by another release, and removed for good where that was asked for.
import { cp, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import t from "tap";
import { startSession } from "../cluster/session.ts";
import { eventually } from "../cluster/wait.ts";
import { CHART, startHelm } from "./support/chart.ts";
import { manifest, PREREQUISITES, scheduledBackup } from "./support/objects.ts";
import { FULLNAME, install, NAMESPACE, RELEASE } from "./support/release.ts";

const session = await startSession(t);
const helm = await startHelm(t, session.plane.kubeconfig);
const CONFIGURATIONS = ["mutatingwebhookconfiguration", "validatingwebhookconfiguration"];
const CRDS = ["clusterbackupproceduretemplates", "requestedbackupactions", "scheduledbackups"];

const uninstall = async (release = RELEASE): Promise<void> => {
	const { code, stderr } = await helm.run(["uninstall", release, "--namespace", NAMESPACE]);
	if (code !== 0) throw new Error(`helm uninstall ended with ${code}: ${stderr}`);
};

const established = async (): Promise<string[]> => {
	const { items } = await session.json("get crd");
	return items.map(({ spec }: { spec: { names: { plural: string } } }) => spec.names.plural).toSorted();
};

t.test("installed, and what to do next is said", async (t) => {
	const said = await install(helm);
	for (const words of [
		`rollout status deployment/${FULLNAME}`,
		"kubectl get clusterbackupproceduretemplates",
		`--clusterrole=${FULLNAME}-restore`,
		"GPG key outside of the cluster",
		"leaves the CustomResourceDefinitions",
	])
		t.match(said, words);
	t.same(await established(), CRDS);
	t.ok(await session.json(`get deployment ${FULLNAME} -n ${NAMESPACE}`));
});

t.test("an upgrade leaves the caBundle that the controller has written", async (t) => {
	const caBundle = Buffer.from(await readFile(join(session.plane.folder, "certificates/apiserver.crt"))).toString(
		"base64",
	);
	for (const kind of CONFIGURATIONS) {
		const { webhooks } = await session.json(`get ${kind} ${FULLNAME}`);
		for (const hook of webhooks) hook.clientConfig.caBundle = caBundle;
		const patch = JSON.stringify({ webhooks });
		const args = ["patch", kind, FULLNAME, "--type=merge", "--field-manager=backup-maker-controller", "-p", patch];
		t.equal((await session.kubectl(args)).code, 0);
	}
	await install(helm, { webhook: { timeoutSeconds: 7 } });
	for (const kind of CONFIGURATIONS) {
		for (const hook of (await session.json(`get ${kind} ${FULLNAME}`)).webhooks) {
			t.equal(hook.timeoutSeconds, 7, `${kind} ${hook.name} is upgraded`);
			t.equal(hook.clientConfig.caBundle, caBundle, `${kind} ${hook.name} is trusted as before`);
		}
	}
});

t.test("an upgrade changes the CRDs", async (t) => {
	const changed = join(session.folder, "changed-chart");
	await cp(CHART, changed, { recursive: true });
	const file = join(changed, "templates/crds/scheduledbackups.riotkit.org.yaml");
	const text = await readFile(file, "utf8");
	await writeFile(file, text.replace("shortNames: [bmsb]", "shortNames: [bmsb, bmsbs]"));
	const { code, stderr } = await helm.run(["upgrade", RELEASE, changed, "--namespace", NAMESPACE]);
	t.equal(code, 0, stderr);
	const { spec } = await session.json("get crd scheduledbackups.riotkit.org");
	t.same(spec.names.shortNames, ["bmsb", "bmsbs"]);
});

t.test("uninstalled: the users' objects stay, and writing them waits for nobody", async (t) => {
	await install(helm, { webhook: { failurePolicy: { validate: "Ignore" } } });
	await session.apply(PREREQUISITES);
	await session.apply(manifest(scheduledBackup("app")));
	await uninstall();
	t.same(await established(), CRDS);
	t.ok(await session.json("get scheduledbackup app"));
	for (const kind of CONFIGURATIONS)
		t.equal(await session.json(`get ${kind} ${FULLNAME}`), undefined, `${kind} is gone`);
	await session.apply(manifest(scheduledBackup("later")));
});

t.test("installed again, it takes its CRDs over, and the objects are still there", async (t) => {
	await install(helm);
	t.ok(await session.json("get scheduledbackup app"));
	const { metadata } = await session.json("get crd scheduledbackups.riotkit.org");
	t.equal(metadata.annotations["meta.helm.sh/release-name"], RELEASE);
	await uninstall();
});

t.test("another release takes them over where it is told to, and only then", async (t) => {
	const command = ["install", "other", CHART, "--namespace", NAMESPACE];
	const refused = await helm.run(command);
	t.not(refused.code, 0);
	t.match(refused.stderr, /invalid ownership metadata/);
	const taken = await helm.run([...command, "--take-ownership"]);
	t.equal(taken.code, 0, taken.stderr);
	t.ok(await session.json("get scheduledbackup app"));
	await uninstall("other");
});

t.test("beside another release, without CRDs", async (t) => {
	await install(helm, {}, ["--take-ownership"]);
	const second = ["install", "second", CHART, "--namespace", NAMESPACE];
	const { code, stderr } = await helm.run(second, { crds: { install: false }, watchNamespaces: ["default"] });
	t.equal(code, 0, stderr);
	for (const name of [FULLNAME, "second-backup-maker-controller"])
		t.ok(await session.json(`get validatingwebhookconfiguration ${name}`), name);
	await uninstall("second");
	t.ok(await session.json(`get validatingwebhookconfiguration ${FULLNAME}`), "the first one is untouched");
});

t.test("with crds.keep=false everything goes, and it is said beforehand", async (t) => {
	t.match(await install(helm, { crds: { keep: false } }), /WARNING: .*deletes every ScheduledBackup/);
	await uninstall();
	await eventually(async () => (await established()).length === 0, { what: "the CRDs are gone" });
	t.ok(await session.json("get secret vars"), "Secrets are the users'");
});
