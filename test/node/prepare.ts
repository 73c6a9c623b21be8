// A node as tests and people want it: with our image, and that of the jobs, on it.
import { access } from "node:fs/promises";
import { join } from "node:path";
import { buildImage } from "../../image/build.ts";
import { type KubernetesNode, startNode } from "./node.ts";
import { findToolsImage } from "./toolsimage.ts";

/** Why this machine can run no node; undefined where it can. */
export const obstacle = (): string | undefined => {
	if (process.platform !== "linux") return "a node needs Linux";
	if (process.getuid?.() !== 0) return "a node needs root";
	return undefined;
};

/** Programs that Debian brings, and the package of each. */
const PROGRAMS: Readonly<Record<string, string>> = {
	"/usr/sbin/runc": "runc",
	"/usr/lib/cni/bridge": "containernetworking-plugins",
	"/usr/sbin/nft": "nftables",
	"/usr/sbin/debootstrap": "debootstrap",
	"/usr/bin/strip": "binutils",
	"/usr/bin/gpg": "gnupg",
	"/usr/sbin/ip": "iproute2",
};

/** Debian packages that a node needs and this machine lacks. */
export const missingPackages = async (): Promise<string[]> => {
	const missing: string[] = [];
	for (const [path, name] of Object.entries(PROGRAMS)) {
		await access(path).catch(() => missing.push(name));
	}
	return missing;
};

/** A node with our image and that of the tests' jobs on it. */
export const prepareNode = async (folder: string): Promise<KubernetesNode> => {
	const tools = await findToolsImage();
	const node = await startNode(folder);
	const image = await buildImage(join(folder, "image.tar"));
	await node.importImage(image.archive);
	await node.importImage(tools);
	return node;
};
