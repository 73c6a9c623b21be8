// cert-manager itself on the node: its own chart and CustomResourceDefinitions, its own controllers in pods. Its webhook is
// left out: it checks Certificates, and ours are not what is tested.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { dump, loadAll } from "js-yaml";
import type { Test } from "tap";
import { runProgram } from "../../image/program.ts";
import { findCertManager } from "../cluster/tools.ts";
import { type Manifest, startHelm } from "../integration/support/chart.ts";
import { manifest, namespace } from "../integration/support/objects.ts";
import { mustKubectl } from "../integration/support/status.ts";
import { writeProgramImage } from "../node/images.ts";
import type { World } from "./world.ts";

const NAMESPACE = "cert-manager";
const TOOLS = join(import.meta.dirname, "../cluster/tools/cert-manager");
const VALUES = {
	crds: { enabled: true },
	startupapicheck: { enabled: false },
	// Of upstream's own main, which serves it.
	livenessProbe: { enabled: false },
};

const moduleFolder = async (): Promise<string> =>
	(
		await runProgram("go", ["list", "-m", "-f", "{{.Dir}}", "github.com/cert-manager/cert-manager"], { cwd: TOOLS })
	).trim();

const isWebhook = ({ metadata }: Manifest): boolean => metadata?.labels?.["app.kubernetes.io/component"] === "webhook";

const rendered = async (t: Test, version: string, folder: string): Promise<Manifest[]> => {
	const helm = await startHelm(t);
	const chart = join(await moduleFolder(), "deploy/charts/cert-manager");
	// The module's chart has no version: upstream's release tool writes it, as this does.
	const packaged = await helm.run(["package", chart, "--version", version, "--app-version", version, "-d", folder]);
	if (packaged.code !== 0) throw new Error(`helm package ended with ${packaged.code}: ${packaged.stderr}`);
	const archive = join(folder, `cert-manager-${version}.tgz`);
	const { code, stdout, stderr } = await helm.run(["template", NAMESPACE, archive, "-n", NAMESPACE], VALUES);
	if (code !== 0) throw new Error(`helm template ended with ${code}: ${stderr}`);
	return (loadAll(stdout) as (Manifest | null)[]).filter((object) => object !== null).filter((one) => !isWebhook(one));
};

/** Installs it and waits until its controllers run. */
export const installCertManager = async (t: Test, world: World): Promise<void> => {
	const programs = await findCertManager();
	const folder = await mkdtemp(join(tmpdir(), "bmc-cert-manager-"));
	try {
		for (const name of ["controller", "cainjector"] as const) {
			const target = join(folder, `${name}.tar`);
			const image = `quay.io/jetstack/cert-manager-${name}:${programs.version}`;
			await writeProgramImage(programs[name], { name: image, target });
			await world.node.importImage(target);
		}
		const objects = await rendered(t, programs.version, folder);
		const text = [manifest(namespace(NAMESPACE)), ...objects.map((one) => dump(one))].join("---\n");
		await mustKubectl(world, "apply --server-side -f -", text);
	} finally {
		await rm(folder, { recursive: true, force: true });
	}
	for (const name of ["cert-manager", "cert-manager-cainjector"]) {
		await mustKubectl(world, `rollout status deployment/${name} -n ${NAMESPACE} --timeout=120s`);
	}
};
