// A node that another process started: what it wrote down is enough to use it.
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { findBinaries } from "../cluster/binaries.ts";
import { findNodeTools } from "../cluster/tools.ts";
import { importImage } from "./images.ts";
import { enterNamespaces } from "./namespaces.ts";
import type { KubernetesNode } from "./node.ts";

const FILE = "node.json";

interface Written {
	/** Of the process that started it. */
	supervisor: number;
	/** Of the init of its namespaces. */
	init: number;
	server: string;
	token: string;
}

/** Writes down how to use a running node, in its folder. */
export const writeNode = async (node: KubernetesNode): Promise<void> => {
	const { folder, server, token, inside } = node;
	const written: Written = { supervisor: process.pid, init: inside.pid, server, token };
	await writeFile(join(folder, FILE), JSON.stringify(written), { mode: 0o600 });
};

/** What was written; undefined where nothing was. */
export const readWritten = async (folder: string): Promise<Written | undefined> => {
	const text = await readFile(join(folder, FILE), "utf8").catch(() => undefined);
	return text === undefined ? undefined : JSON.parse(text);
};

/**
 * The node of a folder; stopping it is left to who started it.
 * @throws Error where there is none
 */
export const attachNode = async (folder: string): Promise<KubernetesNode> => {
	const written = await readWritten(folder);
	if (written === undefined) throw new Error(`${folder} has no ${FILE}: no node was started there`);
	const [binaries, tools] = [await findBinaries(), await findNodeTools()];
	const inside = enterNamespaces(written.init);
	const { server, token } = written;
	return {
		...{ folder, binaries, tools, server, token, inside },
		kubeconfig: join(folder, "kubeconfig"),
		importImage: (archive) => importImage(inside, tools, archive),
		stop: async () => undefined,
	};
};
