// Which kubeconfig counts, and what names it.
import t from "tap";
import { parseConfiguration } from "../../src/config.ts";

const standalone = ["--standalone", "--webhook-url", "https://127.0.0.1:9443"];

t.test("where the API server is", (t) => {
	const kubeconfig = (environment: Record<string, string>, ...flags: string[]) =>
		parseConfiguration(["run", ...standalone, ...flags], environment);
	t.match(kubeconfig({ KUBECONFIG: "/a:/b", HOME: "/h" }), { kubeconfig: "/a:/b", kubeconfigSource: "$KUBECONFIG" });
	t.match(kubeconfig({ KUBECONFIG: "/a" }, "--kubeconfig=/b"), { kubeconfig: "/b", kubeconfigSource: "--kubeconfig" });
	const pod = { KUBERNETES_SERVICE_HOST: "10.0.0.1", KUBERNETES_SERVICE_PORT: "6443", HOME: "/h" };
	t.match(kubeconfig(pod), { kubeconfig: undefined, inClusterServer: "https://10.0.0.1:6443" });
	t.match(kubeconfig({ KUBERNETES_SERVICE_HOST: "fd00::1" }), { inClusterServer: "https://[fd00::1]:443" });
	t.match(kubeconfig({ HOME: "/h" }), {
		kubeconfig: "/h/.kube/config",
		kubeconfigSource: "--kubeconfig (default)",
	});
	t.match(kubeconfig({}), { command: "usage-error", message: /^--kubeconfig is needed/ });
	t.end();
});
