// What people read when their cluster is up.
import t from "tap";
import { clusterAnnouncement, nodeAnnouncement } from "./announcement.ts";

t.test("a control plane", async (t) => {
	t.equal(
		clusterAnnouncement("/src/.cluster/kubeconfig", false),
		`A Kubernetes control plane (etcd, kube-apiserver, kube-controller-manager) is running in the background.
It has no nodes: Jobs are created, and their Pods stay Pending.

Use it, in each terminal:
  export KUBECONFIG=/src/.cluster/kubeconfig
Look at it:
  .cluster/kubectl get namespaces
Start the controller:
  npm run -s bmc -- run --standalone --webhook-url=https://127.0.0.1:9443
End it:
  make cluster-down
`,
	);
});

t.test("a node", async (t) => {
	t.equal(
		nodeAnnouncement("/src/.node/kubeconfig", false),
		`A Kubernetes cluster with one node is running in the background. The node has the image of the controller.

Use it, in each terminal:
  export KUBECONFIG=/src/.node/kubeconfig
Install the controller:
  helm install backup-maker-controller charts/backup-maker-controller -n backups --create-namespace
End it:
  make node-down
`,
	);
});

t.test("one that ran before, in a folder with a blank and a quote", async (t) => {
	for (const text of [
		clusterAnnouncement("/it's mine/kubeconfig", true),
		nodeAnnouncement("/it's mine/kubeconfig", true),
	]) {
		t.match(text, " is already running in the background.");
		t.match(text, "\n  export KUBECONFIG='/it'\\''s mine/kubeconfig'\n");
	}
});
