// Where the programs of tests come from: KUBEBUILDER_ASSETS or PATH, where their versions fit, or our own builds from Go
// modules, cached per version outside the tree. Nothing is downloaded but source that go.sum pins.
import { join } from "node:path";
import { buildFamily } from "./family.ts";

/** Absolute paths of the programs. */
export interface Binaries {
	etcd: string;
	"kube-apiserver": string;
	"kube-controller-manager": string;
	kubectl: string;
}

const TOOLS = join(import.meta.dirname, "tools");

export const etcd = {
	folder: join(TOOLS, "etcd"),
	module: "go.etcd.io/etcd/server/v3",
	label: "etcd",
	packages: { etcd: "go.etcd.io/etcd/server/v3" },
	seconds: 27,
} as const;

/** A family of one program: the folder here has its name, and the package upstream is `cmd/NAME` of the module. */
const oneProgram = <Name extends string>(name: Name, module: string, seconds: number) => ({
	folder: join(TOOLS, name),
	module,
	packages: { [name]: `${module}/cmd/${name}` } as Record<Name, string>,
	seconds,
});

export const helm = oneProgram("helm", "helm.sh/helm/v4", 110);

/** Pushes images without a container engine, and serves a registry: https://github.com/google/go-containerregistry */
export const crane = oneProgram("crane", "github.com/google/go-containerregistry", 15);

/** Checks GitHub's workflows as GitHub reads them: https://github.com/rhysd/actionlint */
export const actionlint = oneProgram("actionlint", "github.com/rhysd/actionlint", 15);

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

/** The programs of Kubernetes that make a control plane. */
export const controlPlane = {
	...kubernetes,
	packages: {
		"kube-apiserver": "k8s.io/kubernetes/cmd/kube-apiserver",
		"kube-controller-manager": "k8s.io/kubernetes/cmd/kube-controller-manager",
		kubectl: "k8s.io/kubernetes/cmd/kubectl",
	},
	seconds: 420,
} as const;

/** Helm, as users have it. @throws Error where Go is missing or the build fails */
export const findHelm = async (): Promise<string> => (await buildFamily(helm)).helm;

/** crane's path. @throws Error where Go is missing or the build fails */
export const findCrane = async (): Promise<string> => (await buildFamily(crane)).crane;

/** actionlint's path. @throws Error where Go is missing or the build fails */
export const findActionlint = async (): Promise<string> => (await buildFamily(actionlint)).actionlint;

/**
 * Finds or builds the programs of a control plane.
 * @throws Error where Go is missing or a build fails
 */
export const findBinaries = async (): Promise<Binaries> => ({
	...(await buildFamily(etcd)),
	...(await buildFamily(controlPlane)),
});
