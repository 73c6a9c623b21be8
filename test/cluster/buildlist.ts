// All that is built once for tests and the demo, and which stages need it. A new family of programs gets a line here.
import { obstacle, toolsImage } from "../node/prepare.ts";
import { toolsImageIsMade } from "../node/toolsimage.ts";
import { controlPlane, crane, etcd, helm } from "./binaries.ts";
import { buildFamily, type Family, isBuilt, locate } from "./family.ts";
import { certManager, containerd, coredns, kubernetesNode } from "./tools.ts";

/** Who needs a build. */
export type Stage = "demo" | "integration" | "e2e";

/** Something that is made once. */
export interface Build {
	/** For people. */
	name: string;
	/** How long it takes with nothing cached, on 2 cores. */
	seconds: number;
	stages: readonly Stage[];
	isMade(): Promise<boolean>;
	make(): Promise<unknown>;
	/** One line for each program of the machine that could have been used, but does not fit. */
	rejected?(): Promise<string[]>;
}

const program = (name: string, stages: readonly Stage[], family: Family & { seconds: number }): Build => ({
	name,
	seconds: family.seconds,
	stages,
	isMade: () => isBuilt(family),
	make: () => buildFamily(family),
	rejected: async () => (await locate(family)).rejected,
});

/** In the order in which they are built: first what the earlier stages need. */
export const BUILDS: readonly Build[] = [
	program("etcd", ["demo", "integration", "e2e"], etcd),
	program("kubernetes", ["demo", "integration", "e2e"], controlPlane),
	program("helm", ["integration", "e2e"], helm),
	program("crane", ["integration"], crane),
	program("kubelet", ["e2e"], kubernetesNode),
	program("containerd", ["e2e"], containerd),
	program("coredns", ["e2e"], coredns),
	program("cert-manager", ["e2e"], certManager),
	{
		name: "the image of the end-to-end tests",
		seconds: 120,
		stages: ["e2e"],
		isMade: async () => obstacle() !== undefined || (await toolsImageIsMade()),
		make: toolsImage,
	},
];
