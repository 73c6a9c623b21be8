// A control plane that test files share, one after the other: the runner starts it, says in a file how to reach it, and makes
// it as new between two files.
import { readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { ControlPlane } from "./controlplane.ts";

/** The variable that holds the folder of the shared control plane. */
export const SHARED_PLANE = "TEST_CONTROL_PLANE";

/** Folder below the control plane's, for what kubectl caches: a port can have been another cluster's a minute ago. */
export const KUBECTL_CACHE = "kubectl-cache";

const FILE = "plane.json";

/** Says how to reach a control plane. */
export const writeShared = async ({ binaries, kubeconfig, server, token, folder }: ControlPlane): Promise<void> => {
	const aside = join(folder, `${FILE}.new`);
	await writeFile(aside, JSON.stringify({ binaries, kubeconfig, server, token, folder }), { mode: 0o600 });
	await rename(aside, join(folder, FILE));
};

/** What was said in this folder. @throws Error where nothing was */
export const readShared = async (folder: string): Promise<ControlPlane> =>
	JSON.parse(await readFile(join(folder, FILE), "utf8")) as ControlPlane;
