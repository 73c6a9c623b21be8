// Credential plugins as real programs: what they are given, and what is made of what they print.
import t from "tap";
import { runExecPlugin } from "../../../src/kube/credentials/exec.ts";
import { type ExecPlugin, KubeconfigError } from "../../../src/kube/credentials/kubeconfig.ts";

const plugin = (script: string, env: Record<string, string> = {}): ExecPlugin => ({
	apiVersion: "client.authentication.k8s.io/v1",
	command: process.execPath,
	args: ["-e", script],
	env,
});
const prints = (status: unknown): ExecPlugin => plugin(`console.log(${JSON.stringify(JSON.stringify({ status }))})`);

t.test("a plugin that reads its input to the end gets one at once", async (t) => {
	const script = `process.stdin.resume().on("end", () => console.log('{"status":{"token":"read"}}'))`;
	t.strictSame(await runExecPlugin(plugin(script)), { token: "read" });
});

t.test("a plugin is told the version and that no terminal is there, in our environment and its own", async (t) => {
	process.env["EXEC_TEST_OURS"] = "ours";
	t.teardown(() => delete process.env["EXEC_TEST_OURS"]);
	const script = `const { KUBERNETES_EXEC_INFO, EXEC_TEST_OURS, MINE } = process.env;
		console.log(JSON.stringify({ status: { token: [KUBERNETES_EXEC_INFO, EXEC_TEST_OURS, MINE].join(" ") } }));`;
	const info = {
		apiVersion: "client.authentication.k8s.io/v1",
		kind: "ExecCredential",
		spec: { interactive: false },
	};
	t.strictSame(await runExecPlugin(plugin(script, { MINE: "mine" })), { token: `${JSON.stringify(info)} ours mine` });
});

const rows: [name: string, status: object, wanted: object][] = [
	["a token", { token: "t" }, { token: "t" }],
	["a certificate", { clientCertificateData: "C", clientKeyData: "K" }, { certificate: "C", key: "K" }],
	[
		"until then",
		{ token: "t", expirationTimestamp: "2026-01-01T00:00:00Z" },
		{ token: "t", expiresAt: 1_767_225_600_000 },
	],
	["until no time at all", { token: "t", expirationTimestamp: "soon" }, { token: "t" }],
	["values of other types", { token: 1, clientCertificateData: {}, clientKeyData: null, expirationTimestamp: 5 }, {}],
];
for (const [name, status, wanted] of rows)
	t.test(`prints ${name}`, async (t) => t.strictSame(await runExecPlugin(prints(status)), wanted));

const failures: [name: string, plugin: ExecPlugin, message: RegExp][] = [
	["ends with a code", plugin("console.log('{\"status\":{}}'); process.exit(4)"), /^the exec plugin \S+ failed \(4\)$/],
	[
		"does not exist",
		{ ...plugin(""), command: "/nowhere/plugin" },
		/^the exec plugin \/nowhere\/plugin failed \(ENOENT\)$/,
	],
	["prints more than a credential can be", plugin("console.log('x'.repeat(2 * 1024 * 1024))"), /MAXBUFFER/],
	["prints no JSON", plugin("console.log('secret')"), /^the exec plugin \S+ printed no ExecCredential$/],
	["prints null", plugin("console.log('null')"), /printed no ExecCredential$/],
	["prints no status", plugin("console.log('{}')"), /printed no ExecCredential$/],
	["prints an empty status", plugin("console.log('{\"status\":null}')"), /printed no ExecCredential$/],
	["prints a text as its status", plugin('console.log(\'{"status":"x"}\')'), /printed no ExecCredential$/],
];
for (const [name, failing, message] of failures)
	t.test(`a plugin that ${name}`, async (t) => {
		const error = await runExecPlugin(failing).catch((thrown: unknown) => thrown);
		t.type(error, KubeconfigError);
		t.match(error, { message });
	});

t.test("a megabyte is enough for anybody", async (t) => {
	const script = "console.log(JSON.stringify({ status: { token: 'x'.repeat(1000 * 1024) } }))";
	t.equal((await runExecPlugin(plugin(script))).token?.length, 1000 * 1024);
});
