// The node's network: a bridge that pods hang on, whose address is also the node's. This kernel has no dummy interfaces,
// and a loopback address cannot be an endpoint of a Service.
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { BRIDGE, NODE_ADDRESS, POD_RANGE, SERVICE_RANGE } from "./addresses.ts";
import type { Namespaces } from "./namespaces.ts";

const networkConfiguration = (folder: string): object => ({
	cniVersion: "1.0.0",
	name: "pods",
	plugins: [
		{
			type: "bridge",
			bridge: BRIDGE,
			// Pods reach each other's Services also where they are an endpoint themselves.
			hairpinMode: true,
			ipam: {
				type: "host-local",
				dataDir: join(folder, "addresses"),
				ranges: [[{ subnet: POD_RANGE, rangeStart: "10.245.0.20", gateway: NODE_ADDRESS }]],
				routes: [{ dst: "0.0.0.0/0" }],
			},
		},
	],
});

const SYSTEM_SETTINGS: Readonly<Record<string, string>> = {
	"net/ipv4/ip_forward": "1",
	"net/bridge/bridge-nf-call-iptables": "1",
};

/** Makes bridge, routes and settings. Out: the folder of CNI's configuration. */
export const makeNetwork = async (inside: Namespaces, folder: string): Promise<string> => {
	const configuration = join(folder, "cni");
	await mkdir(configuration, { recursive: true });
	await writeFile(join(configuration, "10-pods.conflist"), JSON.stringify(networkConfiguration(folder)));
	const settings = Object.entries(SYSTEM_SETTINGS).map(([name, value]) => `echo ${value} >/proc/sys/${name}`);
	const commands = [
		`ip link add ${BRIDGE} type bridge`,
		`ip address add ${NODE_ADDRESS}/24 dev ${BRIDGE}`,
		`ip link set ${BRIDGE} up`,
		// What goes to a Service needs some route before kube-proxy's rules turn it to an endpoint.
		`ip route add ${SERVICE_RANGE} dev ${BRIDGE}`,
		...settings,
	];
	await inside.run("bash", ["-euc", commands.join("\n")]);
	return configuration;
};
