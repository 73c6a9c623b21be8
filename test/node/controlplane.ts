// The node's control plane: etcd, API server, controller manager and scheduler, on the bridge's address, with the keys
// that let the API server reach the kubelet (logs, exec, port-forward).
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { API_PORT, ETCD_PORT, NODE_ADDRESS, POD_RANGE, SERVICE_RANGE } from "./addresses.ts";

const ETCD = `http://127.0.0.1:${ETCD_PORT}`;
const PEER = `http://127.0.0.1:${ETCD_PORT + 1}`;

/** Folders of a node. */
export interface NodePaths {
	/** Logs, state, configuration. */
	folder: string;
	/** Certificates and kubeconfigs. */
	keys: string;
}

export const etcdArguments = ({ folder }: NodePaths): string[] => [
	`--data-dir=${join(folder, "etcd")}`,
	"--unsafe-no-fsync",
	`--listen-client-urls=${ETCD}`,
	`--advertise-client-urls=${ETCD}`,
	`--listen-peer-urls=${PEER}`,
	`--initial-advertise-peer-urls=${PEER}`,
	`--initial-cluster=default=${PEER}`,
];

const AUDIT_POLICY = `apiVersion: audit.k8s.io/v1
kind: Policy
omitStages: [RequestReceived]
rules:
  - level: Metadata
    userGroups: ["system:serviceaccounts"]
  - level: None
`;

/** Writes what the API server reads besides keys. In: the administrator's token. */
export const writeApiServerFiles = async ({ folder }: NodePaths, token: string): Promise<void> => {
	await writeFile(join(folder, "tokens.csv"), `${token},admin,admin,system:masters\n`, { mode: 0o600 });
	await writeFile(join(folder, "audit-policy.yaml"), AUDIT_POLICY);
};

export const apiServerArguments = ({ folder, keys }: NodePaths): string[] => [
	`--etcd-servers=${ETCD}`,
	`--bind-address=${NODE_ADDRESS}`,
	`--advertise-address=${NODE_ADDRESS}`,
	`--secure-port=${API_PORT}`,
	`--tls-cert-file=${join(keys, "apiserver.crt")}`,
	`--tls-private-key-file=${join(keys, "apiserver.key")}`,
	`--client-ca-file=${join(keys, "ca.crt")}`,
	`--token-auth-file=${join(folder, "tokens.csv")}`,
	"--authorization-mode=Node,RBAC",
	`--service-account-key-file=${join(keys, "accounts.pub")}`,
	`--service-account-signing-key-file=${join(keys, "accounts.key")}`,
	"--service-account-issuer=https://kubernetes.default.svc",
	`--service-cluster-ip-range=${SERVICE_RANGE}`,
	"--allow-privileged=true",
	`--kubelet-client-certificate=${join(keys, "apiserver-kubelet.crt")}`,
	`--kubelet-client-key=${join(keys, "apiserver-kubelet.key")}`,
	`--kubelet-certificate-authority=${join(keys, "ca.crt")}`,
	"--kubelet-preferred-address-types=InternalIP,Hostname",
	`--audit-policy-file=${join(folder, "audit-policy.yaml")}`,
	`--audit-log-path=${join(folder, "audit.log")}`,
	"--audit-log-mode=batch",
];

export const controllerManagerArguments = ({ keys }: NodePaths): string[] => [
	`--kubeconfig=${join(keys, "controller-manager.kubeconfig")}`,
	`--authentication-kubeconfig=${join(keys, "controller-manager.kubeconfig")}`,
	`--authorization-kubeconfig=${join(keys, "controller-manager.kubeconfig")}`,
	`--service-account-private-key-file=${join(keys, "accounts.key")}`,
	// Into every namespace's `kube-root-ca.crt`, by which pods trust the API server.
	`--root-ca-file=${join(keys, "ca.crt")}`,
	"--use-service-account-credentials=true",
	"--leader-elect=false",
	"--bind-address=127.0.0.1",
	`--cluster-cidr=${POD_RANGE}`,
	`--service-cluster-ip-range=${SERVICE_RANGE}`,
	"--kube-api-qps=1000",
	"--kube-api-burst=2000",
];

export const schedulerArguments = ({ keys }: NodePaths): string[] => [
	`--kubeconfig=${join(keys, "scheduler.kubeconfig")}`,
	`--authentication-kubeconfig=${join(keys, "scheduler.kubeconfig")}`,
	`--authorization-kubeconfig=${join(keys, "scheduler.kubeconfig")}`,
	"--leader-elect=false",
	"--bind-address=127.0.0.1",
];
