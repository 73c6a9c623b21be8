// The controller as users install it: by Helm, from this tree's chart, in either certificate mode.
import type { Test } from "tap";
import { CHART, startHelm, type Values } from "../integration/support/chart.ts";
import { mustKubectl } from "../integration/support/status.ts";
import { installCertManager } from "./certmanager.ts";
import type { World } from "./world.ts";

export const NAMESPACE = "backups";
export const RELEASE = "backup-maker-controller";

export type CertificateMode = "self-managed" | "cert-manager";

const WAIT = ["--wait", "--timeout=180s"];

/** In which mode the controller runs now; undefined where it is not installed or not ready. */
export const installedMode = async (world: World): Promise<CertificateMode | undefined> => {
	const deployment = await world.json(`get deployment -n ${NAMESPACE} ${RELEASE}`);
	if (deployment === undefined || !(deployment.status.readyReplicas > 0)) return undefined;
	const args: string[] = deployment.spec.template.spec.containers[0].args;
	return args.some((arg) => arg.startsWith("--certs-secret=")) ? "self-managed" : "cert-manager";
};

/** Under pod security `restricted`, which the chart's pods must fit. */
const prepareNamespace = async (world: World): Promise<void> => {
	await world.apply(
		JSON.stringify({
			apiVersion: "v1",
			kind: "Namespace",
			metadata: { name: NAMESPACE, labels: { "pod-security.kubernetes.io/enforce": "restricted" } },
		}),
	);
};

/** `helm upgrade --install`, and waits until the controller is ready. In: values over the chart's own. */
export const helmInstall = async (t: Test, world: World, values: Values = {}): Promise<void> => {
	const helm = await startHelm(t, world.node.kubeconfig);
	await prepareNamespace(world);
	const command = ["upgrade", "--install", RELEASE, CHART, "--namespace", NAMESPACE, ...WAIT];
	const { code, stdout, stderr } = await helm.run(command, values);
	if (code === 0) return;
	const logs = await world.kubectl(`logs -n ${NAMESPACE} deployment/${RELEASE} --tail=20`);
	throw new Error(`helm ended with ${code}: ${stdout}${stderr}\n${logs.stdout}${logs.stderr}`);
};

/** Removes the release, its CA too, as somebody would who begins again. */
export const uninstall = async (t: Test, world: World): Promise<void> => {
	const helm = await startHelm(t, world.node.kubeconfig);
	const { code, stderr } = await helm.run(["uninstall", RELEASE, "--namespace", NAMESPACE, ...WAIT]);
	if (code !== 0) throw new Error(`helm ended with ${code}: ${stderr}`);
	await mustKubectl(world, `delete secret -n ${NAMESPACE} ${RELEASE}-ca ${RELEASE}-webhook-tls --ignore-not-found`);
};

/** Makes sure that the controller runs in this mode, and is ready. */
export const install = async (t: Test, world: World, mode: CertificateMode = "self-managed"): Promise<void> => {
	const found = await installedMode(world);
	if (found === mode) return;
	if (found !== undefined) await uninstall(t, world);
	if (mode === "cert-manager") await installCertManager(t, world);
	await helmInstall(t, world, { webhook: { certificates: { mode } } });
};
