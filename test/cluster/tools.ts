// The programs of a whole node, over those of a control plane: what runs pods, and what users install beside us.
import { join } from "node:path";
import { kubernetes } from "./binaries.ts";
import { buildFamily, moduleVersion } from "./family.ts";

const TOOLS = join(import.meta.dirname, "tools");

export const kubernetesNode = {
	...kubernetes,
	packages: {
		kubelet: "k8s.io/kubernetes/cmd/kubelet",
		"kube-scheduler": "k8s.io/kubernetes/cmd/kube-scheduler",
		"kube-proxy": "k8s.io/kubernetes/cmd/kube-proxy",
	},
	seconds: 60,
} as const;

export const containerd = {
	folder: join(TOOLS, "containerd"),
	module: "github.com/containerd/containerd/v2",
	packages: {
		containerd: "github.com/containerd/containerd/v2/cmd/containerd",
		"containerd-shim-runc-v2": "github.com/containerd/containerd/v2/cmd/containerd-shim-runc-v2",
		ctr: "github.com/containerd/containerd/v2/cmd/ctr",
		// The process that holds a pod's namespaces.
		pause: "./pause",
	},
	seconds: 60,
	// Snapshotters of file systems that tests need not have.
	tags: "no_btrfs no_zfs no_devmapper",
} as const;

export const coredns = {
	folder: join(TOOLS, "coredns"),
	module: "github.com/coredns/coredns",
	packages: { coredns: "." },
	seconds: 160,
} as const;

export const certManager = {
	folder: join(TOOLS, "cert-manager"),
	module: "github.com/cert-manager/cert-manager",
	packages: { controller: "./controller", cainjector: "./cainjector" },
	seconds: 107,
} as const;

/** Absolute paths of the programs that make a node. */
export type NodeTools = Record<
	keyof typeof kubernetesNode.packages | keyof typeof containerd.packages | keyof typeof coredns.packages,
	string
>;

/**
 * Finds or builds what a node runs; one after the other, since each build uses the whole machine.
 * @throws Error where Go is missing or a build fails
 */
export const findNodeTools = async (): Promise<NodeTools> => ({
	...(await buildFamily(kubernetesNode)),
	...(await buildFamily(containerd)),
	...(await buildFamily(coredns)),
});

/** cert-manager's programs, and the version that its chart is to be packaged with. */
export const findCertManager = async (): Promise<{ controller: string; cainjector: string; version: string }> => ({
	...(await buildFamily(certManager)),
	version: await moduleVersion(certManager.folder, certManager.module),
});
