// What docs/gitops.md promises to those who apply from Git: a server dry run says everything and leaves nothing, what the
// controller writes is no drift, and a tool that applies again takes nothing away.
import { readFileSync } from "node:fs";
import t from "tap";
import { startSession } from "../cluster/session.ts";
import { ENCRYPTING_TEMPLATE, encryptedBackup, PASSWORD } from "./support/keys.ts";
import { manifest, namespace, secret, template } from "./support/objects.ts";
import { awaitReady, mustKubectl } from "./support/status.ts";

t.setTimeout(300_000);

const session = await startSession(t);
await session.controller();

interface Tool {
	name: string;
	/** How it applies and compares, as kubectl's flags. */
	flags: string[];
}

const TOOLS: Tool[] = [
	{ name: "client", flags: [] },
	{ name: "argocd", flags: ["--server-side", "--force-conflicts", "--field-manager=argocd-controller"] },
	{ name: "flux", flags: ["--server-side", "--force-conflicts", "--field-manager=kustomize-controller"] },
];

/** What is in Git: the Secret gets a key that is not. */
const repository = (at: string): string =>
	manifest(
		namespace(at),
		secret("app", PASSWORD, { namespace: at }),
		encryptedBackup("app1", at, { secretName: "app" }, { varsSecretRef: { secretName: "app" } }),
	);

for (const { name, flags } of TOOLS)
	t.test(`${name}: no drift, and nothing is taken away`, async (t) => {
		const git = [ENCRYPTING_TEMPLATE, repository(name)].join("---\n");
		const apply = () => mustKubectl(session, ["apply", ...flags, "-f", "-"], git);
		await apply();
		const before = await awaitReady(session, { namespace: name, name: "app1" });
		const drift = await session.kubectl(["diff", ...flags, "-f", "-"], git);
		t.equal(drift.stdout, "");
		t.equal(drift.code, 0, drift.stderr);
		const made = await session.json(`get secret -n ${name} app`);
		t.match(Object.keys(made.data).sort(), ["Params.password", "key", "key.pub", "passphrase"]);
		await apply();
		t.strictSame((await session.json(`get secret -n ${name} app`)).data, made.data, "the key stays");
		const after = await awaitReady(session, { namespace: name, name: "app1" });
		t.equal(after.metadata.generation, before.metadata.generation, "nothing was edited");
		t.strictSame(after.status, before.status);
	});

t.test("a server dry run says what is wrong and leaves nothing", async (t) => {
	await session.apply(manifest(namespace("dry"), secret("vars", PASSWORD, { namespace: "dry" })));
	const good = manifest(encryptedBackup("app1", "dry"));
	const dryRun = ["apply", "--server-side", "--dry-run=server", "-f", "-"];
	t.match(await mustKubectl(session, dryRun, good), "app1 serverside-applied (server dry run)");
	const missing = manifest(encryptedBackup("app1", "dry", {}, { varsSecretRef: { secretName: "nope" } }));
	const { code, stderr } = await session.kubectl(dryRun, missing);
	t.equal(code, 1);
	t.match(stderr, 'spec.varsSecretRef.secretName: Secret "nope" does not exist');
	t.equal(await session.json("get scheduledbackup -n dry app1"), undefined);
	t.equal(await session.json("get secret -n dry keys"), undefined, "no key was made");
});

t.test("with missing references as warnings any order goes, in a dry run too", async (t) => {
	await session.apply(manifest(namespace("order", { "riotkit.org/missing-references": "warn" })));
	const early = manifest(encryptedBackup("app1", "order", {}, { templateRef: { name: "late" } }));
	const { code, stderr } = await session.kubectl("apply --dry-run=server -f -", early);
	t.equal(code, 0, stderr);
	t.match(stderr, /Warning: .*ClusterBackupProcedureTemplate "late" does not exist/);
	await session.apply(early);
	await session.apply(manifest(secret("vars", PASSWORD, { namespace: "order" }), template("late")));
	await awaitReady(session, { namespace: "order", name: "app1" });
});

t.test("a caBundle that the manifest does not have survives every way to apply it", async (t) => {
	const object = (name: string) => ({
		apiVersion: "admissionregistration.k8s.io/v1",
		kind: "ValidatingWebhookConfiguration",
		metadata: { name },
		webhooks: ["validate", "validate-delete"].map((hook) => ({
			name: `${hook}.example.org`,
			clientConfig: { service: { name: "webhook", namespace: "backups", path: `/${hook}` } },
			rules: [{ apiGroups: ["example.org"], apiVersions: ["v1"], operations: ["CREATE"], resources: ["things"] }],
			failurePolicy: "Ignore",
			sideEffects: "None",
			admissionReviewVersions: ["v1"],
		})),
	});
	// Any certificate passes the API server's look at it: here its own.
	const kubeconfig = readFileSync(session.plane.kubeconfig, "utf8");
	const bundle = /certificate-authority-data: (\S+?)\s*\}/.exec(kubeconfig)?.[1] ?? "";
	const patch = [0, 1].map((index) => ({ op: "add", path: `/webhooks/${index}/clientConfig/caBundle`, value: bundle }));
	for (const { name, flags } of TOOLS) {
		const git = manifest(object(name));
		await mustKubectl(session, ["apply", ...flags, "-f", "-"], git);
		const place = ["patch", "validatingwebhookconfiguration", name, "--type=json", "-p", JSON.stringify(patch)];
		await mustKubectl(session, place);
		const drift = await session.kubectl(["diff", ...flags, "-f", "-"], git);
		t.equal(drift.code, 0, `${name}: ${drift.stdout}${drift.stderr}`);
		await mustKubectl(session, ["apply", ...flags, "-f", "-"], git);
		const { webhooks } = await session.json(`get validatingwebhookconfiguration ${name}`);
		const bundles = webhooks.map(({ clientConfig }: { clientConfig: { caBundle: string } }) => clientConfig.caBundle);
		t.strictSame(bundles, [bundle, bundle], name);
	}
});
