// Upgrades over what somebody else has written meanwhile, with the real Helm: from each certificate mode to the others, as
// docs/upgrade.md says, and back to what the chart says after break glass and `kubectl scale`, as docs/operations.md says. The
// controller of the release runs all the while, as it does in a rolling update: it must not put back what was taken out.
import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import t, { type Test } from "tap";
import { makeServingCertificate } from "../../certs/serving.ts";
import type { Controller } from "../cluster/controller.ts";
import { startSession } from "../cluster/session.ts";
import { eventually } from "../cluster/wait.ts";
import { CHART, find, startHelm, type Values } from "./support/chart.ts";
import { CERT_MANAGER } from "./support/foreign.ts";
import { manifest } from "./support/objects.ts";
import { FULLNAME, install, kubeconfigFor, NAMESPACE, RELEASE } from "./support/release.ts";

const session = await startSession(t);
const helm = await startHelm(t, session.plane.kubeconfig);
const KINDS = ["mutatingwebhookconfiguration", "validatingwebhookconfiguration"];
const FORCE = "--force-conflicts";

const makeBundle = async (): Promise<string> => {
	const { authority } = await makeServingCertificate(["a.example.org"], { now: new Date(), randomBytes });
	return Buffer.from(authority.replaceAll("\r", "")).toString("base64");
};
/** What is given in mode provided, and what cert-manager's cainjector writes. */
const GIVEN = await makeBundle();
const INJECTED = await makeBundle();

const certificates = (mode: string, caBundle = ""): Values => ({
	webhook: { certificates: { mode, provided: { secretName: "webhook-tls", caBundle } } },
});
const SELF_MANAGED = certificates("self-managed");
const CERT_MANAGER_MODE = certificates("cert-manager");
const WITH_BUNDLE = certificates("provided", GIVEN);
const WITHOUT_BUNDLE = certificates("provided");

/** The different `caBundle`s of all webhooks; empty text where there is none. */
const bundles = async (): Promise<string[]> => {
	const objects = await Promise.all(KINDS.map((kind) => session.json(`get ${kind} ${FULLNAME}`)));
	const found = objects.flatMap(({ webhooks }) => webhooks).map(({ clientConfig }) => clientConfig.caBundle ?? "");
	return [...new Set<string>(found)];
};

/** As cainjector does in its mode. */
const inject = async (caBundle: string): Promise<void> => {
	for (const kind of KINDS) {
		const { webhooks } = await session.json(`get ${kind} ${FULLNAME}`);
		for (const hook of webhooks) hook.clientConfig.caBundle = caBundle;
		const args = ["patch", kind, FULLNAME, "--type=merge", "--field-manager=cert-manager-cainjector", "-p"];
		const { code, stderr } = await session.kubectl([...args, JSON.stringify({ webhooks })]);
		if (code !== 0) throw new Error(stderr);
	}
};

/** `helm upgrade` to these values. Out: exit code and helm's words. */
const upgrade = (values: Values, args: string[] = []): Promise<{ code: number | null; stderr: string }> =>
	helm.run(["upgrade", RELEASE, CHART, "--namespace", NAMESPACE, "--reset-values", ...args], values);

/** The certificate of the authority that the controller made. */
const authority = async (): Promise<string> => {
	const secret = await session.json(`get secret ${FULLNAME}-ca -n ${NAMESPACE}`);
	return Buffer.from(secret?.data["tls.crt"] ?? "", "base64").toString();
};

/** Whether all webhooks trust the controller. */
const isTrusted = async (): Promise<boolean> => {
	const pem = await authority();
	const texts = (await bundles()).map((bundle) => Buffer.from(bundle, "base64").toString());
	return pem !== "" && texts.every((text) => text.includes(pem));
};

/** The release's controller in mode self-managed, with the rights that the release gives it; its caBundle is written. */
const startSelfManaged = async (): Promise<Controller> => {
	const { args } = find(await helm.template(SELF_MANAGED), "Deployment")["spec"].template.spec.containers[0];
	const controller = await session.controller({
		kubeconfig: await kubeconfigFor(session),
		standalone: false,
		flags: args.slice(1).filter((arg: string) => !/^--(webhook|health-probe|metrics)-bind-address=/.test(arg)),
		env: { POD_NAME: "bmc-0", POD_NAMESPACE: NAMESPACE },
	});
	await eventually(isTrusted, { what: "the controller has written caBundle" });
	return controller;
};

/** The old replica has seen that its bundle is gone, and could not put it back. */
const triedInVain = async (controller: Controller): Promise<void> => {
	await eventually(
		async () => /certificate_failures_total\{reason="forbidden"\} [1-9]/.test(await controller.metrics()),
		{ what: "the old replica may not write any more" },
	);
	await controller.terminate();
};

/** From mode self-managed, whose controller runs until its end, to these values; they must leave only this bundle. */
const leaveSelfManaged = async (t: Test, values: Values, wanted: string): Promise<void> => {
	await install(helm, SELF_MANAGED);
	const controller = await startSelfManaged();
	const refused = await upgrade(values);
	t.not(refused.code, 0, "Helm overwrites nobody's field unless it is told to");
	t.match(refused.stderr, /conflict with "backup-maker-controller"[\s\S]*caBundle/);
	const forced = await upgrade(values, [FORCE]);
	t.equal(forced.code, 0, forced.stderr);
	t.same(await bundles(), [wanted]);
	await triedInVain(controller);
	t.same(await bundles(), [wanted], "the old replica has put nothing back");
	const next = await upgrade({ ...values, logLevel: "debug" });
	t.equal(next.code, 0, `the next upgrade needs no force: ${next.stderr}`);
	t.same(await bundles(), [wanted]);
};

await session.apply(manifest(...CERT_MANAGER));
await session.kubectl("wait --for=condition=Established crd --all --timeout=60s");

t.test("self-managed to provided, with a caBundle, and back", async (t) => {
	await leaveSelfManaged(t, WITH_BUNDLE, GIVEN);
	await install(helm, SELF_MANAGED);
	t.same(await bundles(), [""], "until the new controller has written");
	await (await startSelfManaged()).terminate();
});

t.test("self-managed to provided, trusted by the API server's machine, and back", async (t) => {
	await leaveSelfManaged(t, WITHOUT_BUNDLE, "");
	await install(helm, SELF_MANAGED);
	await (await startSelfManaged()).terminate();
});

t.test("where --force-conflicts was forgotten, a rollback goes back", async (t) => {
	await install(helm, SELF_MANAGED);
	const controller = await startSelfManaged();
	t.not((await upgrade(WITH_BUNDLE)).code, 0);
	const { code, stderr } = await helm.run(["rollback", RELEASE, "--namespace", NAMESPACE]);
	t.equal(code, 0, stderr);
	t.ok(await isTrusted());
	const { spec } = await session.json(`get deployment ${FULLNAME} -n ${NAMESPACE}`);
	t.ok(spec.template.spec.containers[0].args.includes(`--certs-secret=${FULLNAME}-ca`));
	await controller.terminate();
});

t.test("self-managed to cert-manager, on to provided, and back", async (t) => {
	await install(helm, SELF_MANAGED);
	const controller = await startSelfManaged();
	const before = await bundles();
	await install(helm, CERT_MANAGER_MODE);
	t.same(await bundles(), before, "until cainjector has written");
	await inject(INJECTED);
	await triedInVain(controller);
	t.same(await bundles(), [INJECTED]);
	await install(helm, SELF_MANAGED);
	t.same(await bundles(), [INJECTED], "what is served is trusted until the new controller has written");
	await (await startSelfManaged()).terminate();
	const pem = Buffer.from(INJECTED, "base64").toString();
	const [bundle = "", ...others] = await bundles();
	t.same(others, [], "all webhooks have the same");
	t.match(Buffer.from(bundle, "base64").toString(), pem, "and beside it");
	await install(helm, CERT_MANAGER_MODE);
	await inject(INJECTED);
	for (const [values, wanted] of [
		[WITH_BUNDLE, GIVEN],
		[WITHOUT_BUNDLE, ""],
	] as const) {
		await install(helm, CERT_MANAGER_MODE);
		await inject(INJECTED);
		t.not((await upgrade(values)).code, 0);
		t.equal((await upgrade(values, [FORCE])).code, 0);
		t.same(await bundles(), [wanted]);
	}
});

/** The command of docs/operations.md that lets failed calls pass, for this release. */
const breakGlass = (policy: string): string[] => {
	const page = readFileSync("docs/operations.md", "utf8");
	const [, name, type, patch = ""] =
		/^kubectl patch (validatingwebhookconfiguration) backup-maker-controller (--type=\w+) -p '(.*)'$/m.exec(page) ?? [];
	return ["patch", String(name), FULLNAME, String(type), "-p", patch.replace("Ignore", policy)];
};

const policies = async (): Promise<string[]> => {
	const { webhooks } = await session.json(`get validatingwebhookconfiguration ${FULLNAME}`);
	return webhooks.map(({ failurePolicy }: { failurePolicy: string }) => failurePolicy);
};

t.test(
	"after break glass the policy is put back by helm upgrade where it is told to, or by the same command",
	async (t) => {
		await install(helm, SELF_MANAGED, [FORCE]);
		t.equal((await session.kubectl(breakGlass("Ignore"))).code, 0);
		t.same(await policies(), ["Ignore", "Ignore"]);
		const refused = await upgrade(SELF_MANAGED);
		t.not(refused.code, 0);
		t.match(refused.stderr, /conflict with "kubectl-patch"[\s\S]*failurePolicy/);
		t.same(await policies(), ["Ignore", "Ignore"], "rights stay unchecked");
		const forced = await upgrade(SELF_MANAGED, [FORCE]);
		t.equal(forced.code, 0, forced.stderr);
		t.same(await policies(), ["Fail", "Ignore"]);

		t.equal((await session.kubectl(breakGlass("Ignore"))).code, 0);
		t.equal((await session.kubectl(breakGlass("Fail"))).code, 0);
		t.same(await policies(), ["Fail", "Ignore"]);
		const next = await upgrade(SELF_MANAGED);
		t.equal(next.code, 0, next.stderr);
	},
);

t.test("after kubectl scale helm upgrade sets the replicas where it is told to", async (t) => {
	const replicas = async (): Promise<number> =>
		(await session.json(`get deployment ${FULLNAME} -n ${NAMESPACE}`)).spec.replicas;
	t.equal((await session.kubectl(`scale deployment/${FULLNAME} -n ${NAMESPACE} --replicas=3`)).code, 0);
	const refused = await upgrade(SELF_MANAGED);
	t.not(refused.code, 0);
	t.match(refused.stderr, /conflict with "kubectl" with subresource "scale"[\s\S]*replicas/);
	t.equal(await replicas(), 3);
	const forced = await upgrade(SELF_MANAGED, [FORCE]);
	t.equal(forced.code, 0, forced.stderr);
	t.equal(await replicas(), 1);
});
