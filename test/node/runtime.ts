// The configuration of what runs pods: containerd, kubelet, kube-proxy, CoreDNS. Which settings this kind of machine needs, and
// why, is said at each.
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { CLUSTER_DOMAIN, DNS_ADDRESS, NODE_ADDRESS, NODE_NAME, POD_RANGE } from "./addresses.ts";
import type { NodePaths } from "./controlplane.ts";
import { writeRegistryHosts } from "./registry.ts";

export const PAUSE_IMAGE = "registry.k8s.io/pause:3.10";
/** Inside of the node, where `/run` is its own. */
export const CONTAINERD_SOCKET = "/run/containerd/containerd.sock";
const RUNC = "/usr/sbin/runc";
const CNI_PROGRAMS = "/usr/lib/cni";

/** Writes containerd's configuration. Out: the file. */
export const writeContainerdConfiguration = async (
	{ folder }: NodePaths,
	shim: string,
	cniConfiguration: string,
): Promise<string> => {
	const runtime = "plugins.'io.containerd.cri.v1.runtime'";
	const registries = await writeRegistryHosts(folder);
	const text = `version = 3
root = '${join(folder, "containerd")}'
state = '/run/containerd'
disabled_plugins = ['io.containerd.nri.v1.nri', 'io.containerd.tracing.processor.v1.otlp', 'io.containerd.internal.v1.tracing']
[grpc]
address = '${CONTAINERD_SOCKET}'
[plugins.'io.containerd.cri.v1.images']
snapshotter = 'overlayfs'
[plugins.'io.containerd.cri.v1.images'.registry]
config_path = '${registries}'
[plugins.'io.containerd.cri.v1.images'.pinned_images]
sandbox = '${PAUSE_IMAGE}'
[${runtime}]
# The machine lacks CAP_SYS_RESOURCE: without this runc ends with "can't get final child's PID from pipe: EOF".
restrict_oom_score_adj = true
[${runtime}.cni]
bin_dirs = ['${CNI_PROGRAMS}']
conf_dir = '${cniConfiguration}'
[${runtime}.containerd]
default_runtime_name = 'runc'
[${runtime}.containerd.runtimes.runc]
runtime_type = 'io.containerd.runc.v2'
runtime_path = '${shim}'
[${runtime}.containerd.runtimes.runc.options]
BinaryName = '${RUNC}'
SystemdCgroup = false
`;
	const file = join(folder, "containerd.toml");
	await writeFile(file, text);
	return file;
};

const kubeletConfiguration = ({ folder, keys }: NodePaths, cgroup: string): object => ({
	apiVersion: "kubelet.config.k8s.io/v1beta1",
	kind: "KubeletConfiguration",
	address: NODE_ADDRESS,
	authentication: {
		x509: { clientCAFile: join(keys, "ca.crt") },
		anonymous: { enabled: false },
		webhook: { enabled: false },
	},
	authorization: { mode: "AlwaysAllow" },
	tlsCertFile: join(keys, "kubelet-serving.crt"),
	tlsPrivateKeyFile: join(keys, "kubelet-serving.key"),
	clusterDomain: CLUSTER_DOMAIN,
	clusterDNS: [DNS_ADDRESS],
	resolvConf: join(folder, "resolv.conf"),
	containerRuntimeEndpoint: `unix://${CONTAINERD_SOCKET}`,
	podLogsDir: join(folder, "pods"),
	// The machine has cgroup v1 beside v2.
	failCgroupV1: false,
	cgroupDriver: "cgroupfs",
	cgroupRoot: `/${cgroup}`,
	enforceNodeAllocatable: [],
	failSwapOn: false,
	// The machine's disk is not the node's to judge; what a pod uses over its own limits still is.
	evictionHard: {
		"memory.available": "0%",
		"nodefs.available": "0%",
		"nodefs.inodesFree": "0%",
		"imagefs.available": "0%",
		"imagefs.inodesFree": "0%",
	},
	imageGCHighThresholdPercent: 100,
	// Minutes by default, which a test would wait for.
	volumeStatsAggPeriod: "5s",
	syncFrequency: "10s",
	registerNode: true,
	serializeImagePulls: false,
	localStorageCapacityIsolation: true,
	protectKernelDefaults: false,
	makeIPTablesUtilChains: false,
});

/** Writes the kubelet's configuration. Out: its arguments. */
export const writeKubeletConfiguration = async (paths: NodePaths, cgroup: string): Promise<string[]> => {
	const file = join(paths.folder, "kubelet.json");
	// Nothing outside of the cluster is there to be asked.
	await writeFile(join(paths.folder, "resolv.conf"), "");
	await writeFile(file, JSON.stringify(kubeletConfiguration(paths, cgroup)));
	return [
		`--config=${file}`,
		`--kubeconfig=${join(paths.keys, "kubelet.kubeconfig")}`,
		`--root-dir=${join(paths.folder, "kubelet")}`,
		`--hostname-override=${NODE_NAME}`,
		`--node-ip=${NODE_ADDRESS}`,
	];
};

/** Writes kube-proxy's configuration. Out: its arguments. */
export const writeProxyConfiguration = async ({ folder, keys }: NodePaths): Promise<string[]> => {
	const file = join(folder, "proxy.json");
	const configuration = {
		apiVersion: "kubeproxy.config.k8s.io/v1alpha1",
		kind: "KubeProxyConfiguration",
		mode: "nftables",
		clusterCIDR: POD_RANGE,
		detectLocalMode: "ClusterCIDR",
		hostnameOverride: NODE_NAME,
		clientConnection: { kubeconfig: join(keys, "proxy.kubeconfig") },
		// Settings of the whole machine that are not ours to change.
		conntrack: { maxPerCore: 0 },
		nftables: { syncPeriod: "30s", minSyncPeriod: "100ms" },
		bindAddress: NODE_ADDRESS,
		healthzBindAddress: "127.0.0.1:10256",
		metricsBindAddress: "127.0.0.1:10249",
	};
	await writeFile(file, JSON.stringify(configuration));
	return [`--config=${file}`];
};

/** Writes CoreDNS' configuration: it knows the names of the cluster, and says of every other that it does not exist. Out: its arguments. */
export const writeDnsConfiguration = async ({ folder, keys }: NodePaths): Promise<string[]> => {
	const file = join(folder, "Corefile");
	const kubernetes = `kubernetes ${CLUSTER_DOMAIN} in-addr.arpa . {\n\t\tkubeconfig ${join(keys, "admin.kubeconfig")}\n\t}`;
	const text = `.:53 {\n\tbind ${NODE_ADDRESS} 127.0.0.1\n\terrors\n\tready 127.0.0.1:8181\n\t${kubernetes}\n}\n`;
	await mkdir(dirname(file), { recursive: true });
	await writeFile(file, text);
	return ["-conf", file];
};
