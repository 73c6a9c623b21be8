// Where the programs of tests come from: a folder that KUBEBUILDER_ASSETS names, or our own builds from Go modules, cached
// per version outside the tree. Nothing is downloaded but source that go.sum pins.
import { join } from "node:path";
import { buildFamily, exists } from "./family.ts";

/** Absolute paths of the programs. */
export interface Binaries {
	etcd: string;
	"kube-apiserver": string;
	"kube-controller-manager": string;
	kubectl: string;
}

const TOOLS = join(import.meta.dirname, "tools");

const etcd = {
	folder: join(TOOLS, "etcd"),
	module: "go.etcd.io/etcd/server/v3",
	label: "etcd",
	packages: { etcd: "go.etcd.io/etcd/server/v3" },
} as const;

const helm = {
	folder: join(TOOLS, "helm"),
	module: "helm.sh/helm/v4",
	packages: { helm: "helm.sh/helm/v4/cmd/helm" },
} as const;

const VERSION = "k8s.io/component-base/version";

/** What every program of Kubernetes is built with, so that it knows its version. */
export const kubernetes = {
	folder: join(TOOLS, "kubernetes"),
	module: "k8s.io/kubernetes",
	linkerFlags: (version: string): string => {
		const [major, minor] = version.slice(1).split(".");
		return `-X ${VERSION}.gitVersion=${version} -X ${VERSION}.gitMajor=${major} -X ${VERSION}.gitMinor=${minor}`;
	},
} as const;

const MANAGER = { "kube-controller-manager": "k8s.io/kubernetes/cmd/kube-controller-manager" } as const;
const CONTROL_PLANE = {
	"kube-apiserver": "k8s.io/kubernetes/cmd/kube-apiserver",
	...MANAGER,
	kubectl: "k8s.io/kubernetes/cmd/kubectl",
} as const;

/** Helm, as users have it. @throws Error where Go is missing or the build fails */
export const findHelm = async (): Promise<string> => (await buildFamily(helm)).helm;

/** KUBEBUILDER_ASSETS has no controller-manager, without which no Job ever gets a condition. */
const assetsManager = async (assets: string): Promise<string> => {
	const path = join(assets, "kube-controller-manager");
	if (await exists(path)) return path;
	return (await buildFamily({ ...kubernetes, packages: MANAGER }))["kube-controller-manager"];
};

/**
 * Finds or builds the programs of a control plane.
 * @throws Error where Go is missing or a build fails
 */
export const findBinaries = async (): Promise<Binaries> => {
	const assets = process.env["KUBEBUILDER_ASSETS"];
	if (assets !== undefined && assets !== "") {
		return {
			etcd: join(assets, "etcd"),
			"kube-apiserver": join(assets, "kube-apiserver"),
			kubectl: join(assets, "kubectl"),
			"kube-controller-manager": await assetsManager(assets),
		};
	}
	return { ...(await buildFamily(etcd)), ...(await buildFamily({ ...kubernetes, packages: CONTROL_PLANE })) };
};
