import { join } from "node:path";
import t from "tap";
import { type Access, readKubeconfig } from "../../../src/kube/credentials/kubeconfig.ts";

const config = (cluster: object, user: object | undefined, more: object = {}): string =>
	JSON.stringify({
		"current-context": "c",
		clusters: [{ name: "k", cluster }],
		users: user === undefined ? [] : [{ name: "u", user }],
		contexts: [{ name: "c", context: { cluster: "k", ...(user === undefined ? {} : { user: "u" }) } }],
		...more,
	});
const server = { server: "https://10.0.0.1:6443/base" };

t.test("everything that a user and a cluster can say", async (t) => {
	const encoded = (text: string): string => Buffer.from(text).toString("base64");
	const rows: [what: string, cluster: object, user: object | undefined, wanted: (folder: string) => object][] = [
		["no user", server, undefined, () => ({ insecure: false, headers: {} })],
		["token", server, { token: "x" }, () => ({ token: { content: "x" } })],
		["token file first", server, { token: "x", tokenFile: "t" }, (folder) => ({ token: { file: join(folder, "t") } })],
		["password", server, { username: "a", password: "b" }, () => ({ basic: "a:b" })],
		[
			"certificate files",
			{ ...server, "certificate-authority": "ca.crt" },
			{ "client-certificate": "c.crt", "client-key": "/k/c.key" },
			(folder) => ({
				certificateAuthority: { file: join(folder, "ca.crt") },
				certificate: { file: join(folder, "c.crt") },
				key: { file: "/k/c.key" },
			}),
		],
		[
			"certificate data first",
			{ ...server, "certificate-authority": "ca.crt", "certificate-authority-data": encoded("CA") },
			{ "client-certificate-data": encoded("CERT"), "client-key-data": encoded("KEY") },
			() => ({
				certificateAuthority: { content: "CA" },
				certificate: { content: "CERT" },
				key: { content: "KEY" },
			}),
		],
		[
			"odd servers",
			{ server: "http://127.0.0.1:8001", "insecure-skip-tls-verify": true, "tls-server-name": "kube" },
			{},
			() => ({ insecure: true, serverName: "kube" }),
		],
		[
			"impersonation",
			server,
			{ as: "bob", "as-uid": "7", "as-groups": ["a", "b"] },
			() => ({ headers: { "impersonate-user": "bob", "impersonate-uid": "7", "impersonate-group": ["a", "b"] } }),
		],
		[
			"exec plugin",
			server,
			{ exec: { command: "./bin/login", args: ["a", 1], env: [{ name: "E", value: "v" }], apiVersion: "x/v1beta1" } },
			(folder) => ({
				exec: { command: join(folder, "bin/login"), args: ["a", "1"], env: { E: "v" }, apiVersion: "x/v1beta1" },
			}),
		],
		[
			"exec plugin in the path",
			server,
			{ exec: { command: "login" } },
			() => ({ exec: { command: "login", args: [] } }),
		],
	];
	for (const [what, cluster, user, wanted] of rows) {
		const folder = t.testdir({ config: config(cluster, user) });
		t.match(await readKubeconfig(join(folder, "config")), wanted(folder), what);
	}
});

t.test("what cannot be used is told without quoting it", async (t) => {
	const secret = "s3cr3t";
	const rows: [what: string, text: string, message: string | RegExp][] = [
		["no YAML", `a: [${secret}`, /is not valid YAML$/],
		["a list", "- a", /is not a kubeconfig$/],
		["nothing", "", /is not (valid YAML|a kubeconfig)$/],
		["no context", config(server, {}, { "current-context": "other" }), "the kubeconfig has no current context"],
		["no cluster", config(server, {}, { clusters: [] }), "the current context names no known cluster"],
		["no user", config(server, {}, { users: "none" }), "the current context names no known user"],
		["no server", config({}, {}), "the cluster's server is not a URL"],
		["plain HTTP", config({ server: "http://x" }, { token: secret }), "the cluster's server is not https"],
		["proxy", config({ ...server, "proxy-url": "http://x" }, {}), "proxy-url is not supported"],
		["exec without a command", config(server, { exec: {} }), "the user's exec plugin has no command"],
	];
	for (const [what, text, message] of rows) {
		const folder = t.testdir({ config: text });
		await t.rejects(readKubeconfig(join(folder, "config")), { name: "Error", code: "EKUBECONFIG", message }, what);
	}
	await t.rejects(readKubeconfig("/nowhere/config"), { code: "ENOENT" });
	await t.rejects(readKubeconfig("/nowhere/a:/nowhere/b"), { message: "none of these files exists" });
});

t.test("several files: the first entry of a name counts, missing files do not", async (t) => {
	const folder = t.testdir({
		one: JSON.stringify({
			users: [{ name: "u", user: { token: "first" } }, { name: 7 }, "x"],
			clusters: [{ name: "k" }],
		}),
		two: config(server, { token: "second" }),
		three: config(server, { token: "third" }, { clusters: [{ name: "k", cluster: server }] }),
	});
	const path = ["one", "gone", "two"].map((name) => join(folder, name)).join(":");
	await t.rejects(
		readKubeconfig(path),
		{ message: "the cluster's server is not a URL" },
		"its cluster comes first too",
	);
	const access: Access = await readKubeconfig(["two", "three"].map((name) => join(folder, name)).join(":"));
	t.match(access, { token: { content: "second" } });
	await t.rejects(readKubeconfig(`${join(folder, "two")}:${folder}`), { code: "EISDIR" });
});
