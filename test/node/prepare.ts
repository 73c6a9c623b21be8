// A node as tests and people want it: with our image, and that of the jobs, on it.
import { join } from "node:path";
import { cacheFolder } from "../cluster/cache.ts";
import { withLock } from "../cluster/lock.ts";
import { missingPrograms, programsFor } from "../setup/programs.ts";
import { type KubernetesNode, startNode } from "./node.ts";
import { findToolsImage } from "./toolsimage.ts";

/** Why this machine can run no node; undefined where it can. */
export const obstacle = (): string | undefined => {
	if (process.platform !== "linux") return "a node needs Linux";
	if (process.getuid?.() !== 0) return "a node needs root";
	return undefined;
};

/** Debian packages that a node needs and this machine lacks. */
export const missingPackages = async (): Promise<string[]> =>
	missingPrograms(programsFor("e2e")).map(({ debian }) => debian);

/**
 * The path of the image of the end-to-end tests; where another process makes it, waits for that one.
 * @throws Error where debootstrap fails
 */
export const toolsImage = (): Promise<string> => withLock(join(cacheFolder(), "tools-image.lock"), findToolsImage);

/** A node with our image and that of the tests' jobs on it. */
export const prepareNode = async (folder: string): Promise<KubernetesNode> => {
	const tools = await toolsImage();
	const node = await startNode(folder);
	try {
		// Loaded here: a product that does not compile must not keep the runner from starting.
		const { buildImage } = await import("../../image/build.ts");
		const image = await buildImage(join(folder, "image.tar"));
		await node.importImage(image.archive);
		await node.importImage(tools);
		return node;
	} catch (error) {
		await node.stop();
		throw error;
	}
};
