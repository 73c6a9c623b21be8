// A whole Kubernetes of one node, in namespaces of its own: pods really run, Services really route, images are really
// started. From nothing to a Ready node in seconds; ends with the process that started it.
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Binaries, findBinaries } from "../cluster/binaries.ts";
import { type Execution, execute } from "../cluster/execute.ts";
import type { Running } from "../cluster/processes.ts";
import { findNodeTools, type NodeTools } from "../cluster/tools.ts";
import { eventually } from "../cluster/wait.ts";
import { API_PORT, DNS_ADDRESS, NODE_ADDRESS, NODE_NAME } from "./addresses.ts";
import { kubeconfigOf, writeCertificates } from "./certificates.ts";
import { cgroupName, makeCgroups, removeCgroups } from "./cgroups.ts";
import {
	apiServerArguments,
	controllerManagerArguments,
	etcdArguments,
	type NodePaths,
	schedulerArguments,
	writeApiServerFiles,
} from "./controlplane.ts";
import { openForward } from "./forward.ts";
import { importImage, importPauseImage } from "./images.ts";
import { makeNamespaces, type Namespaces } from "./namespaces.ts";
import { makeNetwork } from "./network.ts";
import { REGISTRY_OBJECTS, startRegistry } from "./registry.ts";
import {
	CONTAINERD_SOCKET,
	writeContainerdConfiguration,
	writeDnsConfiguration,
	writeKubeletConfiguration,
	writeProxyConfiguration,
} from "./runtime.ts";

export interface KubernetesNode {
	/** Takes everything that is written. */
	readonly folder: string;
	readonly binaries: Binaries;
	readonly tools: NodeTools;
	/** Of an administrator, usable from the machine. */
	readonly kubeconfig: string;
	/** `https://127.0.0.1:PORT` */
	readonly server: string;
	readonly token: string;
	readonly inside: Namespaces;
	importImage(archive: string): Promise<void>;
	stop(): Promise<void>;
}

const TOKEN = "admin-token-of-a-test-node";
const COMPONENTS = ["kubelet", "controller-manager", "scheduler", "proxy", "admin"];
/** kube-proxy and CoreDNS are no pods here, so their rights are not in any manifest of theirs. */
const RIGHTS = `apiVersion: v1
kind: List
items:
  - apiVersion: rbac.authorization.k8s.io/v1
    kind: ClusterRoleBinding
    metadata: { name: node-proxier }
    roleRef: { apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: "system:node-proxier" }
    subjects: [{ apiGroup: rbac.authorization.k8s.io, kind: User, name: "system:kube-proxy" }]
  - apiVersion: v1
    kind: Service
    metadata: { name: kube-dns, namespace: kube-system }
    spec:
      clusterIP: ${DNS_ADDRESS}
      ports: [{ name: dns, port: 53, protocol: UDP }, { name: dns-tcp, port: 53, protocol: TCP }]
  - apiVersion: discovery.k8s.io/v1
    kind: EndpointSlice
    metadata: { name: kube-dns-node, namespace: kube-system, labels: { kubernetes.io/service-name: kube-dns } }
    addressType: IPv4
    endpoints: [{ addresses: ["${NODE_ADDRESS}"] }]
    ports: [{ name: dns, port: 53, protocol: UDP }, { name: dns-tcp, port: 53, protocol: TCP }]
`;

/** What is under way while a node starts. */
interface Starting {
	paths: NodePaths;
	inside: Namespaces;
	binaries: Binaries;
	tools: NodeTools;
	launch(name: string, program: string, args: string[]): Running;
}

const writeKubeconfigs = async (keys: string): Promise<void> => {
	for (const component of COMPONENTS) {
		const text = kubeconfigOf(keys, component, `https://${NODE_ADDRESS}:${API_PORT}`);
		await writeFile(join(keys, `${component}.kubeconfig`), text, { mode: 0o600 });
	}
};

const userKubeconfig = (server: string, authority: string): string =>
	JSON.stringify({
		apiVersion: "v1",
		kind: "Config",
		"current-context": "node",
		clusters: [
			{
				name: "node",
				cluster: { server, "certificate-authority-data": Buffer.from(authority).toString("base64") },
			},
		],
		users: [{ name: "admin", user: { token: TOKEN } }],
		contexts: [{ name: "node", context: { cluster: "node", user: "admin" } }],
	});

const startRuntime = async ({ paths, inside, tools, launch }: Starting, cni: string): Promise<void> => {
	const configuration = await writeContainerdConfiguration(paths, tools["containerd-shim-runc-v2"], cni);
	const containerd = launch("containerd", tools.containerd, ["--config", configuration]);
	await eventually(
		async () => {
			if (containerd.ended()) throw new Error("containerd ended");
			return (await inside.execute(tools.ctr, ["--address", CONTAINERD_SOCKET, "version"])).code === 0;
		},
		{ timeout: 30, what: "containerd answers" },
	);
	await importPauseImage(inside, tools, paths.folder);
};

/** Everything that only talks to the API server, which may not be there yet: each tries until it is. */
const startClients = async ({ paths, binaries, tools, launch }: Starting, cgroup: string): Promise<void> => {
	launch("kube-controller-manager", binaries["kube-controller-manager"], controllerManagerArguments(paths));
	launch("kube-scheduler", tools["kube-scheduler"], schedulerArguments(paths));
	launch("kubelet", tools.kubelet, await writeKubeletConfiguration(paths, cgroup));
	launch("kube-proxy", tools["kube-proxy"], await writeProxyConfiguration(paths));
	launch("coredns", tools.coredns, await writeDnsConfiguration(paths));
};

const nodeIsReady = async (kubectl: (args: string[], input?: string) => Promise<Execution>): Promise<boolean> => {
	const template = '{.status.conditions[?(@.type=="Ready")].status}';
	const { stdout } = await kubectl(["get", "node", NODE_NAME, "-o", `jsonpath=${template}`]);
	if (stdout !== "True") return false;
	return (await kubectl(["get", "serviceaccount", "default", "-n", "default"])).code === 0;
};

/**
 * Starts a node and waits until it is Ready. One at a time: its folders may differ, its cgroup's name is told apart by
 * the process id.
 * @param folder takes everything; must not exist or be empty
 * @throws Error where the machine does not let us, or it is not ready within 120 s; logs are in the folder
 */
export const startNode = async (folder: string): Promise<KubernetesNode> => {
	const [binaries, tools] = [await findBinaries(), await findNodeTools()];
	const paths: NodePaths = { folder, keys: join(folder, "keys") };
	await mkdir(folder, { recursive: true });
	const cgroup = cgroupName();
	const inside = await makeNamespaces(folder);
	let close = (): void => undefined;
	const stop = async (): Promise<void> => {
		close();
		await inside.stop();
		await removeCgroups(cgroup);
	};
	try {
		const [authority, cni] = await Promise.all([
			writeCertificates(paths.keys),
			makeNetwork(inside, folder),
			makeCgroups(cgroup),
			writeApiServerFiles(paths, TOKEN),
		]);
		await writeKubeconfigs(paths.keys);
		const launch: Starting["launch"] = (name, program, args) =>
			inside.start(program, args, { log: join(folder, `${name}.log`) });
		const starting: Starting = { paths, inside, binaries, tools, launch };
		launch("etcd", binaries.etcd, etcdArguments(paths));
		launch("kube-apiserver", binaries["kube-apiserver"], apiServerArguments(paths));
		const forward = await openForward(inside, folder);
		close = forward.close;
		const server = `https://127.0.0.1:${forward.port}`;
		const kubeconfig = join(folder, "kubeconfig");
		await writeFile(kubeconfig, userKubeconfig(server, authority), { mode: 0o600 });
		const kubectl = (args: string[], input?: string): Promise<Execution> =>
			execute(binaries.kubectl, ["--kubeconfig", kubeconfig, ...args], input === undefined ? {} : { input });
		startRegistry(inside, folder);
		await startRuntime(starting, cni);
		await eventually(async () => (await kubectl(["get", "--raw", "/readyz"])).code === 0, {
			timeout: 60,
			what: "the API server is ready",
		});
		await startClients(starting, cgroup);
		await eventually(async () => (await kubectl(["apply", "-f", "-"], RIGHTS + REGISTRY_OBJECTS)).code === 0, {
			timeout: 30,
			what: "rights and DNS Service are applied",
		});
		await eventually(() => nodeIsReady(kubectl), { timeout: 120, what: "the node is Ready" });
		return {
			folder,
			binaries,
			tools,
			kubeconfig,
			server,
			token: TOKEN,
			inside,
			importImage: (archive) => importImage(inside, tools, archive),
			stop,
		};
	} catch (cause) {
		const log = await readFile(join(folder, "kubelet.log"), "utf8").catch(() => "");
		await stop();
		throw new Error(`${(cause as Error).message}\n${log.slice(-2000)}`, { cause });
	}
};
