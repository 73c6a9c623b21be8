// One Kubernetes control plane on loopback: etcd, API server, controller manager. Free ports, own keys, own folder,
// so that any number of them run side by side.
import { generateKeyPairSync } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ADMISSION_FILE, writeAdmission } from "./admission.ts";
import { type Binaries, findBinaries } from "./binaries.ts";
import { execute } from "./execute.ts";
import { freePorts } from "./ports.ts";
import { type Running, start } from "./processes.ts";
import { eventually } from "./wait.ts";

/** How to reach a control plane that runs. */
export interface ControlPlane {
	readonly binaries: Binaries;
	/** Path of a kubeconfig with every right. */
	readonly kubeconfig: string;
	/** `https://127.0.0.1:PORT` */
	readonly server: string;
	readonly token: string;
	readonly folder: string;
}

/** One that this process started. */
export interface OwnControlPlane extends ControlPlane {
	/** Where etcd serves its clients: `http://127.0.0.1:PORT` */
	readonly etcd: string;
	/** Process ids, in the order in which they must end. */
	pids(): number[];
	/** Ends the API server as a crash would. */
	killApiServer(): Promise<void>;
	/** Starts it again on the same port and waits until it is ready. */
	startApiServer(): Promise<void>;
	stop(): Promise<void>;
}

export interface ControlPlaneOptions {
	/** Takes keys, logs, etcd's data and the kubeconfig. Must exist. */
	folder: string;
	detached?: boolean;
	/** Writes one line per write request to `audit.log` in the folder (the benchmarks count them). */
	audit?: boolean;
	/** Certificate and key (PEM) that the API server shows to webhooks. */
	webhookClient?: { certificate: string; key: string };
}

const TOKEN = "admin-token-of-a-test-cluster";

const AUDIT_POLICY = `apiVersion: audit.k8s.io/v1
kind: Policy
omitStages: [RequestReceived]
rules:
  - level: Metadata
    verbs: [create, update, patch, delete, deletecollection, get, list, watch]
`;

const kubeconfigText = (server: string, authority: string): string => `apiVersion: v1
kind: Config
current-context: test
clusters:
  - name: test
    cluster: { server: "${server}", certificate-authority-data: ${Buffer.from(authority).toString("base64")} }
users:
  - name: admin
    user: { token: ${TOKEN} }
contexts:
  - name: test
    context: { cluster: test, user: admin }
`;

const writeKeys = async (folder: string): Promise<void> => {
	const { privateKey, publicKey } = generateKeyPairSync("rsa", {
		modulusLength: 2048,
		publicKeyEncoding: { type: "spki", format: "pem" },
		privateKeyEncoding: { type: "pkcs8", format: "pem" },
	});
	await writeFile(join(folder, "service-account.key"), privateKey, { mode: 0o600 });
	await writeFile(join(folder, "service-account.pub"), publicKey);
	await writeFile(join(folder, "tokens.csv"), `${TOKEN},admin,admin,system:masters\n`, { mode: 0o600 });
	await writeFile(join(folder, "audit-policy.yaml"), AUDIT_POLICY);
};

const apiServerArguments = (
	folder: string,
	port: number,
	etcdPort: number,
	{ audit = false, webhookClient }: ControlPlaneOptions,
): string[] => [
	`--etcd-servers=http://127.0.0.1:${etcdPort}`,
	"--bind-address=127.0.0.1",
	`--secure-port=${port}`,
	`--cert-dir=${join(folder, "certificates")}`,
	"--authorization-mode=Node,RBAC",
	`--token-auth-file=${join(folder, "tokens.csv")}`,
	`--service-account-key-file=${join(folder, "service-account.pub")}`,
	`--service-account-signing-key-file=${join(folder, "service-account.key")}`,
	"--service-account-issuer=https://kubernetes.default.svc",
	"--service-cluster-ip-range=10.0.0.0/24",
	// A loopback address cannot be an endpoint of the `kubernetes` Service.
	"--endpoint-reconciler-type=none",
	...(audit
		? [
				`--audit-policy-file=${join(folder, "audit-policy.yaml")}`,
				`--audit-log-path=${join(folder, "audit.log")}`,
				"--audit-log-mode=batch",
			]
		: []),
	...(webhookClient === undefined ? [] : [`--admission-control-config-file=${join(folder, ADMISSION_FILE)}`]),
];

/** Those whose work the tests see, and what people who try things expect; each of the others costs watches and looks again and again. */
const CONTROLLERS = [
	"clusterrole-aggregation",
	"cronjob",
	"deployment",
	"garbage-collector",
	"job",
	"namespace",
	"pod-garbage-collector",
	"replicaset",
	"resourcequota",
	"root-ca-certificate-publisher",
	"serviceaccount",
	"ttl-after-finished",
];

const controllerManagerArguments = (folder: string, kubeconfig: string): string[] => [
	`--kubeconfig=${kubeconfig}`,
	`--service-account-private-key-file=${join(folder, "service-account.key")}`,
	"--leader-elect=false",
	"--bind-address=127.0.0.1",
	"--secure-port=0",
	// With its defaults 300 Jobs take 88 s.
	"--kube-api-qps=1000",
	"--kube-api-burst=2000",
	"--concurrent-job-syncs=20",
	"--concurrent-cron-job-syncs=20",
	`--controllers=${CONTROLLERS.map((name) => `${name}-controller`).join(",")}`,
];

/**
 * Starts a control plane and waits until it serves and has made the default namespace's service account.
 * @throws Error where a program cannot be built or does not get ready within 60 s (its log is in the folder)
 */
export const startControlPlane = async (options: ControlPlaneOptions): Promise<OwnControlPlane> => {
	const { folder, detached = false } = options;
	const binaries = await findBinaries();
	const [etcdPort = 0, peerPort = 0, port = 0] = await freePorts(3);
	const server = `https://127.0.0.1:${port}`;
	const kubeconfig = join(folder, "kubeconfig");
	await mkdir(join(folder, "certificates"), { recursive: true });
	await writeKeys(folder);
	if (options.webhookClient !== undefined) await writeAdmission(folder, options.webhookClient);
	const launch = (name: keyof Binaries, args: string[]): Running =>
		start(binaries[name], args, { log: join(folder, `${name}.log`), detached });

	const etcd = launch("etcd", [
		`--data-dir=${join(folder, "etcd")}`,
		"--unsafe-no-fsync",
		// It has no peers that must notice its death: the defaults, 100 ms and 1 s, only cost.
		"--heartbeat-interval=1000",
		"--election-timeout=10000",
		`--listen-client-urls=http://127.0.0.1:${etcdPort}`,
		`--advertise-client-urls=http://127.0.0.1:${etcdPort}`,
		`--listen-peer-urls=http://127.0.0.1:${peerPort}`,
		`--initial-advertise-peer-urls=http://127.0.0.1:${peerPort}`,
		`--initial-cluster=default=http://127.0.0.1:${peerPort}`,
	]);
	const launchApiServer = () => launch("kube-apiserver", apiServerArguments(folder, port, etcdPort, options));
	let apiServer = launchApiServer();

	const certificate = join(folder, "certificates", "apiserver.crt");
	const writeKubeconfig = async (): Promise<void> =>
		writeFile(kubeconfig, kubeconfigText(server, await readFile(certificate, "utf8")), { mode: 0o600 });
	const ready = async (): Promise<boolean> => {
		if (apiServer.ended()) throw new Error(`kube-apiserver ended, see ${folder}/kube-apiserver.log`);
		await writeKubeconfig();
		const { code } = await execute(binaries.kubectl, ["--kubeconfig", kubeconfig, "get", "--raw", "/readyz"]);
		return code === 0;
	};
	const waitUntilReady = () => eventually(ready, { timeout: 60, what: "the API server is ready" });
	await waitUntilReady();
	const manager = launch("kube-controller-manager", controllerManagerArguments(folder, kubeconfig));
	await eventually(
		async () => {
			const args = ["--kubeconfig", kubeconfig, "get", "serviceaccount", "default", "-n", "default"];
			return (await execute(binaries.kubectl, args)).code === 0;
		},
		{ timeout: 60, what: "the controller manager made the default service account" },
	);
	return {
		binaries,
		kubeconfig,
		server,
		token: TOKEN,
		folder,
		etcd: `http://127.0.0.1:${etcdPort}`,
		pids: () => [manager.pid, apiServer.pid, etcd.pid],
		killApiServer: () => apiServer.end("SIGKILL"),
		async startApiServer() {
			apiServer = launchApiServer();
			await waitUntilReady();
		},
		async stop() {
			await Promise.all([manager.end("SIGKILL"), apiServer.end("SIGKILL")]);
			await etcd.end("SIGKILL");
		},
	};
};
