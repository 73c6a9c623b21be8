// Addresses and names of the one-node cluster. They exist in its own network namespace alone, so they may be fixed.

export const NODE_NAME = "node";
/** The bridge's address: node, API server and DNS are all there. */
export const NODE_ADDRESS = "10.245.0.1";
export const POD_RANGE = "10.245.0.0/24";
export const SERVICE_RANGE = "10.96.0.0/16";
export const KUBERNETES_ADDRESS = "10.96.0.1";
export const DNS_ADDRESS = "10.96.0.10";
export const BRIDGE = "bmc0";
export const API_PORT = 6443;
export const ETCD_PORT = 2379;
export const CLUSTER_DOMAIN = "cluster.local";
