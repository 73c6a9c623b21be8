// A release that is really installed, and its controller: no node runs the Deployment here, so the process runs on this
// machine, but with the Deployment's flags, the ServiceAccount's token, and behind the release's own Service, certificate
// and webhook configurations. What it may not do, it cannot do here either.
import { randomBytes } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { makeServingCertificate } from "../../../certs/serving.ts";
import type { Controller } from "../../cluster/controller.ts";
import { freePorts } from "../../cluster/ports.ts";
import type { Session } from "../../cluster/session.ts";
import { CHART, find, type Helm, type Manifest, type Values } from "./chart.ts";

export const RELEASE = "bmc";
export const NAMESPACE = "backups";
export const FULLNAME = "bmc-backup-maker-controller";
/** As the API server names it. */
export const ACCOUNT = `system:serviceaccount:${NAMESPACE}:${FULLNAME}`;

/** Installs the chart, or upgrades it to these values (Helm would keep the earlier ones where none are given). @throws Error with helm's words */
export const install = async (helm: Helm, values: Values = {}, args: string[] = []): Promise<string> => {
	const command = [
		"upgrade",
		"--install",
		RELEASE,
		CHART,
		"--namespace",
		NAMESPACE,
		"--create-namespace",
		"--reset-values",
		...args,
	];
	const { code, stdout, stderr } = await helm.run(command, values);
	if (code !== 0) throw new Error(`helm ended with ${code}: ${stderr}`);
	return stdout;
};

/** A kubeconfig of the release's ServiceAccount. @throws Error */
export const kubeconfigFor = async (session: Session): Promise<string> => {
	const { code, stdout, stderr } = await session.kubectl(`create token ${FULLNAME} -n ${NAMESPACE} --duration=2h`);
	if (code !== 0) throw new Error(`no token: ${stderr}`);
	const file = join(session.folder, "kubeconfig-of-the-release");
	const admin = await readFile(session.plane.kubeconfig, "utf8");
	await writeFile(file, admin.replaceAll(session.plane.token, stdout.trim()), { mode: 0o600 });
	return file;
};

/** An API server without a node cannot reach a Service's address; a name that it resolves itself it can. */
const pointServiceHere = async (session: Session): Promise<void> => {
	const spec = { type: "ExternalName", externalName: "localhost", clusterIP: null, clusterIPs: null };
	const patch = [
		"patch",
		"service",
		`${FULLNAME}-webhook`,
		"-n",
		NAMESPACE,
		"--type=merge",
		"-p",
		JSON.stringify({ spec }),
	];
	const { code, stderr } = await session.kubectl(patch);
	if (code !== 0) throw new Error(`the Service cannot be pointed here: ${stderr}`);
};

/** Files of the release's ConfigMaps and Secrets where the kubelet would mount them, below `folder`. */
const mount = async (folder: string, objects: readonly Manifest[]): Promise<void> => {
	for (const [ending, path] of [
		["templates", "templates"],
		["config", "config"],
	] as const) {
		const map = objects.find(
			({ kind, metadata }) => kind === "ConfigMap" && metadata?.name === `${FULLNAME}-${ending}`,
		);
		await mkdir(join(folder, path), { recursive: true });
		for (const [name, text] of Object.entries((map?.["data"] ?? {}) as Record<string, string>))
			await writeFile(join(folder, path, name), text);
	}
};

/** Addresses are this machine's, and what is mounted in the pod is in a folder here. */
const flagsFor = (args: readonly string[], folder: string): string[] =>
	args
		.slice(1)
		.filter((arg) => !/^--(webhook|health-probe|metrics)-bind-address=/.test(arg))
		.map((arg) => arg.replace(/=(\/(?:certs|templates|config)\b)/, (_, path) => `=${folder}${path}`));

export interface InstalledRelease {
	/** What helm rendered. */
	objects: Manifest[];
	/** Stands for the pod's file system: `certs`, `templates`, `config`. */
	folder: string;
	/** Ends the controller as the kubelet does, and starts another. */
	restart(): Promise<void>;
}

/** A certificate for the release's Service, in the folder that stands for the mounted Secret. Out: the values for it. */
const provideCertificate = async (folder: string): Promise<Values> => {
	const host = `${FULLNAME}-webhook.${NAMESPACE}.svc`;
	const { certificate, key, authority } = await makeServingCertificate([host], { now: new Date(), randomBytes });
	await mkdir(join(folder, "certs"), { recursive: true });
	await writeFile(join(folder, "certs", "tls.crt"), certificate);
	await writeFile(join(folder, "certs", "tls.key"), key, { mode: 0o600 });
	return { mode: "provided", provided: { secretName: "webhook-tls", caBundle: authority } };
};

/** Installs the release, and starts its controller; ready when this answers. */
export const startRelease = async (
	session: Session,
	helm: Helm,
	mode: "self-managed" | "provided",
	values: Values,
): Promise<InstalledRelease> => {
	const folder = join(session.folder, "mounted");
	const [port = 0, health = 0, metrics = 0] = await freePorts(3);
	const certificates = mode === "provided" ? await provideCertificate(folder) : { mode };
	const all: Values = { ...values, webhook: { service: { port }, certificates } };
	await install(helm, all);
	await pointServiceHere(session);
	const objects = await helm.template(all);
	await mount(folder, objects);
	const container = find(objects, "Deployment")["spec"].template.spec.containers[0];
	const kubeconfig = await kubeconfigFor(session);
	const start = (): Promise<Controller> =>
		session.controller({
			kubeconfig,
			standalone: false,
			ports: { webhook: port, health, metrics },
			flags: flagsFor(container.args, folder),
			env: { POD_NAME: "bmc-0", POD_NAMESPACE: NAMESPACE },
		});
	let controller = await start();
	return {
		objects,
		folder,
		async restart() {
			await controller.terminate();
			controller = await start();
		},
	};
};
