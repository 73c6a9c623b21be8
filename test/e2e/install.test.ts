// Installed by Helm in either certificate mode, the webhooks check and the controller works; and the release goes as it came.
import { X509Certificate } from "node:crypto";
import t, { type Test } from "tap";
import { eventually } from "../cluster/wait.ts";
import { manifest, template } from "../integration/support/objects.ts";
import { awaitReady, mustKubectl, readSecret } from "../integration/support/status.ts";
import { type CertificateMode, install, installedMode, NAMESPACE, RELEASE, uninstall } from "./install.ts";
import { runToSuccess } from "./runs.ts";
import { shellBackup, shellProcedure } from "./shell.ts";
import { useNode } from "./world.ts";

t.setTimeout(600_000);

const world = await useNode(t);

const bundles = async (): Promise<string[]> => {
	const kinds = ["mutatingwebhookconfiguration", "validatingwebhookconfiguration"];
	const found = await Promise.all(kinds.map((kind) => world.json(`get ${kind} ${RELEASE}`)));
	return found.flatMap(({ webhooks }) =>
		webhooks.map(({ clientConfig }: { clientConfig: { caBundle?: string } }) =>
			Buffer.from(clientConfig.caBundle ?? "", "base64").toString(),
		),
	);
};

/** A mistake is refused, and a run succeeds: admission and reconciling work. */
const itWorks = async (t: Test, namespace: string): Promise<void> => {
	await world.apply(manifest(shellProcedure));
	const wrong = await world.kubectl("apply -f -", manifest(template("e2e-wrong", { backup: "{{ .Unclosed" })));
	t.not(wrong.code, 0);
	t.match(wrong.stderr, /The ClusterBackupProcedureTemplate "e2e-wrong" is invalid/);
	await world.apply(manifest(shellBackup(namespace, "hello", { script: "echo hello" })));
	await awaitReady(world, { namespace, name: "hello" });
	await runToSuccess(world, { namespace, name: "hello", of: "hello" });
};

/** Where each mode keeps the authority. */
const AUTHORITIES: Record<CertificateMode, { secret: string; key: string }> = {
	"self-managed": { secret: `${RELEASE}-ca`, key: "tls.crt" },
	"cert-manager": { secret: `${RELEASE}-webhook-tls`, key: "ca.crt" },
};

for (const mode of ["cert-manager", "self-managed"] as const) {
	await t.test(`in mode ${mode}`, async (t) => {
		const started = Date.now();
		await install(t, world, mode);
		t.comment(`installed in ${((Date.now() - started) / 1000).toFixed(1)} s`);
		t.equal(await installedMode(world), mode);
		const { secret, key } = AUTHORITIES[mode];
		const authority = await eventually(
			async () => (await readSecret(world, { namespace: NAMESPACE, name: secret }))?.get(key)?.toString(),
			{ what: `the authority is in Secret ${secret}` },
		);
		t.ok(new X509Certificate(authority).ca);
		for (const bundle of await bundles()) t.match(bundle, authority.trim(), "the API server trusts it");
		const namespace = await world.namespace(`install-${mode}`);
		await itWorks(t, namespace);
	});
}

await t.test("it is uninstalled, and what users made stays", async (t) => {
	const namespace = await world.namespace("install-stays");
	await itWorks(t, namespace);
	await uninstall(t, world);
	t.equal(await world.json(`get deployment -n ${NAMESPACE} ${RELEASE}`), undefined);
	t.ok(
		await world.json(`get scheduledbackup -n ${namespace} hello`),
		"objects stay, with their CustomResourceDefinitions",
	);
	// With nobody there to check, objects can be deleted all the same.
	await mustKubectl(world, `delete scheduledbackup -n ${namespace} hello --timeout=30s`);
	await install(t, world);
	await itWorks(t, namespace);
});
