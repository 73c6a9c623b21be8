// What `make cluster-up` and `make node-up` print at their end: what runs, what to type next, and how to end it.

/** A cluster that goes on running after the command that started it. */
interface Announced {
	/** One sentence. */
	what: string;
	/** Path. */
	kubeconfig: string;
	/** What to type next, with what it does. */
	next: readonly { does: string; command: string }[];
	/** The command that ends it. */
	end: string;
}

const PLAIN = /^[\w/.,:@+-]+$/;

/** A path as a word of a shell. */
const shellWord = (path: string): string => (PLAIN.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`);

/** The text, with its final line break. */
const announcement = ({ what, kubeconfig, next, end }: Announced): string =>
	[
		what,
		"",
		"Use it, in each terminal:",
		`  export KUBECONFIG=${shellWord(kubeconfig)}`,
		...next.flatMap(({ does, command }) => [`${does}:`, `  ${command}`]),
		"End it:",
		`  ${end}`,
		"",
	].join("\n");

/** @param running whether it ran before */
const state = (running: boolean): string => (running ? "is already running" : "is running");

/** After `make cluster-up`. @param kubeconfig path */
export const clusterAnnouncement = (kubeconfig: string, running: boolean): string =>
	announcement({
		what: `A Kubernetes control plane (etcd, kube-apiserver, kube-controller-manager) ${state(running)} in the background.
It has no nodes: Jobs are created, and their Pods stay Pending.`,
		kubeconfig,
		next: [
			{ does: "Look at it", command: ".cluster/kubectl get namespaces" },
			{
				does: "Start the controller",
				command: "npm run -s bmc -- run --standalone --webhook-url=https://127.0.0.1:9443",
			},
		],
		end: "make cluster-down",
	});

/** After `make node-up`. @param kubeconfig path */
export const nodeAnnouncement = (kubeconfig: string, running: boolean): string =>
	announcement({
		what: `A Kubernetes cluster with one node ${state(running)} in the background. The node has the image of the controller.`,
		kubeconfig,
		next: [
			{
				does: "Install the controller",
				command: "helm install backup-maker-controller charts/backup-maker-controller -n backups --create-namespace",
			},
		],
		end: "make node-down",
	});
