// The only container registry that a node can reach: its own, which has no image. What the machine's network would answer
// for another one, and when, depends on the machine, and no test may.

import { mkdir, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { join } from "node:path";
import { CLUSTER_DOMAIN, NODE_ADDRESS } from "./addresses.ts";
import type { Namespaces } from "./namespaces.ts";

const PORT = 5000;
const SERVICE = "registry";
const NAMESPACE = "kube-system";
/** As images name it: containerd finds it by the cluster's own DNS, as the Service below. */
export const REGISTRY = `${SERVICE}.${NAMESPACE}.svc.${CLUSTER_DOMAIN}:${PORT}`;

/** A headless Service: its name is the node's address. */
export const REGISTRY_OBJECTS = `---
apiVersion: v1
kind: List
items:
  - apiVersion: v1
    kind: Service
    metadata: { name: ${SERVICE}, namespace: ${NAMESPACE} }
    spec: { clusterIP: None, ports: [{ name: http, port: ${PORT} }] }
  - apiVersion: discovery.k8s.io/v1
    kind: EndpointSlice
    metadata: { name: ${SERVICE}-node, namespace: ${NAMESPACE}, labels: { kubernetes.io/service-name: ${SERVICE} } }
    addressType: IPv4
    endpoints: [{ addresses: ["${NODE_ADDRESS}"], conditions: { ready: true } }]
    ports: [{ name: http, port: ${PORT} }]
`;

/**
 * Writes how containerd speaks to the registry: without TLS.
 * Out: the folder for its `config_path`, https://github.com/containerd/containerd/blob/main/docs/hosts.md
 */
export const writeRegistryHosts = async (folder: string): Promise<string> => {
	const hosts = join(folder, "registries");
	await mkdir(join(hosts, REGISTRY), { recursive: true });
	await writeFile(join(hosts, REGISTRY, "hosts.toml"), `server = "http://${REGISTRY}"\n`);
	return hosts;
};

/** Starts it inside. */
export const startRegistry = (inside: Namespaces, folder: string): void => {
	inside.start(process.execPath, [import.meta.filename], { log: join(folder, "registry.log") });
};

/** https://github.com/opencontainers/distribution-spec/blob/main/spec.md#error-codes */
const UNKNOWN = JSON.stringify({ errors: [{ code: "MANIFEST_UNKNOWN", message: "this registry has no image" }] });

if (process.argv[1] === import.meta.filename)
	createServer((request, response) => {
		const isRoot = request.url === "/v2/";
		response.writeHead(isRoot ? 200 : 404, { "content-type": "application/json" }).end(isRoot ? "{}" : UNKNOWN);
	}).listen(PORT, NODE_ADDRESS);
