// A kubeconfig that cannot be used is reported with what names it.
import { join } from "node:path";
import t from "tap";
import { connectTo } from "../../src/run/connection.ts";

const REMEDY = "set --kubeconfig or $KUBECONFIG to the path of a kubeconfig that this program can use";

t.test("a good one, and a pod without one", async (t) => {
	const cluster = { server: "https://127.0.0.1:1" };
	const config = {
		"current-context": "c",
		clusters: [{ name: "k", cluster }],
		contexts: [{ name: "c", context: { cluster: "k" } }],
	};
	const kubeconfig = join(t.testdir({ config: JSON.stringify(config) }), "config");
	const named = { kubeconfig, kubeconfigSource: "--kubeconfig", inClusterServer: undefined };
	for (const place of [named, { ...named, kubeconfig: undefined, inClusterServer: "https://127.0.0.1:1" }]) {
		const connection = await connectTo(place);
		await connection.close();
	}
	t.pass("no request is made");
});

t.test("refused", async (t) => {
	const folder = t.testdir({ list: "[]", secret: "token: 'hunter2", empty: "{}" });
	const cases: [source: string, name: string, found: string][] = [
		["--kubeconfig", "gone", "file or folder not found (ENOENT)"],
		["$KUBECONFIG", ".", "it is a folder, not a file (EISDIR)"],
		["--kubeconfig (default)", "list", `${join(folder, "list")} is not a kubeconfig`],
		["--kubeconfig", "secret", `${join(folder, "secret")} is not valid YAML`],
		["--kubeconfig", "empty", "the kubeconfig has no current context"],
	];
	for (const [kubeconfigSource, name, found] of cases) {
		const kubeconfig = join(folder, name);
		await t.rejects(connectTo({ kubeconfig, kubeconfigSource, inClusterServer: undefined }), {
			name: "FlagValueError",
			flag: kubeconfigSource,
			message: `${kubeconfigSource}: Invalid value: ${JSON.stringify(kubeconfig)}: ${found}; ${REMEDY}`,
		});
	}
});

t.test("in a pod, it is not about a flag", async (t) => {
	const wrong = { kubeconfig: undefined, kubeconfigSource: "$KUBECONFIG", inClusterServer: "no URL" };
	await t.rejects(connectTo(wrong), { name: "UnavailableError" });
});
