import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import { loadCredentials } from "../../../src/kube/credentials/credentials.ts";
import { virtualClock } from "../fixtures/clock.ts";
import { everythingOf } from "../fixtures/server.ts";

const execConfig = (script: string): string =>
	JSON.stringify({
		"current-context": "c",
		clusters: [{ name: "k", cluster: { server: "https://x" } }],
		users: [{ name: "u", user: { exec: { command: process.execPath, args: ["-e", script] } } }],
		contexts: [{ name: "c", context: { cluster: "k", user: "u" } }],
	});

/** A plugin that counts its runs in a file, and prints this as its status. */
const plugin = (folder: string, status: string): string => `
	const fs = require("node:fs");
	fs.appendFileSync(${JSON.stringify(join(folder, "runs"))}, ".");
	if (JSON.parse(process.env.KUBERNETES_EXEC_INFO).spec.interactive !== false) process.exit(1);
	console.log(JSON.stringify({ kind: "ExecCredential", status: ${status} }));`;

const withPlugin = (folder: string, status: string): string => {
	const file = join(folder, "config");
	writeFileSync(file, execConfig(plugin(folder, status)));
	return file;
};

t.test("an exec plugin runs once for many requests, and again when its credential expires or is refused", async (t) => {
	const folder = t.testdir({});
	const clock = virtualClock(Date.parse("2026-01-01T00:00:00Z"));
	const runs = (): number => readFileSync(join(folder, "runs"), "utf8").length;
	const kubeconfig = withPlugin(folder, `{token: "t", expirationTimestamp: "2026-01-01T01:00:00Z"}`);
	const credentials = await loadCredentials({ kubeconfig, clock });
	const all = await Promise.all(Array.from({ length: 10 }, () => credentials.headers()));
	t.strictSame(all[9], { authorization: "Bearer t" });
	clock.advance(59 * 60_000);
	await credentials.headers();
	t.equal(runs(), 1);
	clock.advance(60_000);
	await credentials.headers();
	t.equal(runs(), 2);
	credentials.reload();
	await credentials.headers();
	t.equal(runs(), 3);
});

t.test("an exec plugin may make a client certificate", async (t) => {
	const kubeconfig = withPlugin(t.testdir({}), `{clientCertificateData: "CERT", clientKeyData: "KEY"}`);
	const credentials = await loadCredentials({ kubeconfig, clock: virtualClock() });
	t.strictSame(await credentials.tls(), { cert: "CERT", key: "KEY" });
	t.strictSame(await credentials.headers(), {});
});

t.test("a plugin that fails: told without its output, and tried again", async (t) => {
	const folder = t.testdir({});
	const secret = "s3cr3t";
	for (const [script, message] of [
		[`console.error("${secret}"); process.exit(3)`, /failed \(3\)$/],
		[`console.log("${secret}")`, /printed no ExecCredential$/],
		[`console.log("null")`, /printed no ExecCredential$/],
	] as const) {
		writeFileSync(join(folder, "config"), execConfig(script));
		const credentials = await loadCredentials({ kubeconfig: join(folder, "config"), clock: virtualClock() });
		const error = await credentials.headers().catch((thrown) => thrown);
		t.match(error, { name: "UnavailableError", message: "read credentials: failed (EKUBECONFIG)", cause: { message } });
		t.notMatch(everythingOf(error), secret);
		writeFileSync(join(folder, "config"), execConfig(plugin(folder, `{token: "t"}`)));
		credentials.reload();
		t.strictSame(await credentials.headers(), { authorization: "Bearer t" });
	}
});

t.test("in a pod: the service account's mount, and a CA that is rotated", async (t) => {
	const clock = virtualClock();
	const serviceAccountFolder = t.testdir({ token: "one\n", "ca.crt": "CA1" });
	const inClusterServer = "https://[fd00::1]:443";
	const credentials = await loadCredentials({ serviceAccountFolder, inClusterServer, clock });
	t.equal(credentials.server.href, "https://[fd00::1]/");
	t.strictSame(await credentials.headers(), { authorization: "Bearer one" });
	const tls = await credentials.tls();
	t.strictSame(tls, { ca: "CA1" });
	writeFileSync(join(serviceAccountFolder, "token"), "two");
	clock.advance(31_000);
	t.strictSame(await credentials.headers(), { authorization: "Bearer two" });
	t.equal(await credentials.tls(), tls, "unchanged material is the same object: no new connector");
	writeFileSync(join(serviceAccountFolder, "ca.crt"), "CA2");
	clock.advance(31_000);
	t.strictSame(await credentials.tls(), { ca: "CA2" });
	const outside = await loadCredentials({ serviceAccountFolder: "/nowhere", clock });
	t.equal(outside.server.href, "https://kubernetes.default.svc/");
	await t.rejects(outside.headers(), { name: "UnavailableError", message: "read credentials: failed (ENOENT)" });
});

t.test("no kubeconfig there", async (t) => {
	await t.rejects(loadCredentials({ kubeconfig: "/nowhere/config", clock: virtualClock() }), {
		name: "UnavailableError",
		message: "read credentials: failed (ENOENT)",
		cause: { message: /\/nowhere\/config/ },
	});
});

t.test("name and password, and a user that may impersonate", async (t) => {
	const folder = t.testdir({
		config: JSON.stringify({
			"current-context": "c",
			clusters: [{ name: "k", cluster: { server: "https://x", "insecure-skip-tls-verify": true } }],
			users: [{ name: "u", user: { username: "a", password: "b", as: "bob" } }],
			contexts: [{ name: "c", context: { cluster: "k", user: "u" } }],
		}),
	});
	const credentials = await loadCredentials({ kubeconfig: join(folder, "config"), clock: virtualClock() });
	t.strictSame(await credentials.headers(), { authorization: "Basic YTpi", "impersonate-user": "bob" });
	t.strictSame(await credentials.tls(), { rejectUnauthorized: false });
});
