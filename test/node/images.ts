// Images get onto the node as archives: there is no registry, and none is asked.
import { copyFile, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { writeArchive } from "../../image/oci.ts";
import type { NodeTools } from "../cluster/tools.ts";
import type { Namespaces } from "./namespaces.ts";
import { CONTAINERD_SOCKET, PAUSE_IMAGE } from "./runtime.ts";

/** Imports an archive for Kubernetes' use. */
export const importImage = async (inside: Namespaces, tools: NodeTools, archive: string): Promise<void> => {
	await inside.run(tools.ctr, ["--address", CONTAINERD_SOCKET, "-n", "k8s.io", "images", "import", archive]);
};

/** An image of one static program, which it runs. */
export const writeProgramImage = async (
	program: string,
	options: { name: string; target: string; user?: string },
): Promise<void> => {
	const root = await mkdtemp(join(tmpdir(), "bmc-image-"));
	try {
		await copyFile(program, join(root, "program"));
		await writeArchive({
			root,
			target: options.target,
			name: options.name,
			created: new Date(0),
			settings: {
				user: options.user ?? "65532:65532",
				workingDirectory: "/",
				entrypoint: ["/program"],
				command: [],
				environment: {},
				labels: {},
				exposedPorts: [],
			},
		});
	} finally {
		await rm(root, { recursive: true, force: true });
	}
};

/** The image that holds each pod's namespaces. */
export const importPauseImage = async (inside: Namespaces, tools: NodeTools, folder: string): Promise<void> => {
	const target = join(folder, "pause.tar");
	await writeProgramImage(tools.pause, { name: PAUSE_IMAGE, target });
	await importImage(inside, tools, target);
};
