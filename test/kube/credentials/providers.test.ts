// Users with an auth-provider: OIDC against an issuer on the loopback interface, the clouds' against programs; and that
// everybody else loads nothing of client-node.
import { execFileSync } from "node:child_process";
import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import { systemClock } from "../../../src/kube/clock.ts";
import { loadCredentials } from "../../../src/kube/credentials/credentials.ts";
import { compileCache } from "../../runner/compilecache.ts";
import { virtualClock } from "../fixtures/clock.ts";
import { startIssuer } from "../fixtures/issuer.ts";
import { everythingOf } from "../fixtures/server.ts";

const HOUR = 3_600_000;

const kubeconfigWith = (folder: string, user: object): string => {
	const file = join(folder, "config");
	const content = {
		"current-context": "c",
		clusters: [{ name: "k", cluster: { server: "https://x" } }],
		users: [{ name: "u", user }],
		contexts: [{ name: "c", context: { cluster: "k", user: "u" } }],
	};
	writeFileSync(file, JSON.stringify(content));
	return file;
};

const withProvider = (folder: string, name: string, config: object): string =>
	kubeconfigWith(folder, { "auth-provider": { name, config } });

/** An issuer, and how a kubeconfig names it. */
const withIssuer = async (t: Tap) => {
	const issuer = await startIssuer();
	t.teardown(() => issuer.close());
	const folder = t.testdir({ "ca.crt": issuer.authority });
	const config = {
		"idp-issuer-url": issuer.url,
		"client-id": "kubernetes",
		"refresh-token": "refresh-0",
		"idp-certificate-authority": "ca.crt",
	};
	return { issuer, folder, config };
};
type Tap = Pick<typeof t, "teardown" | "testdir">;

t.test("oidc: a token that is valid is used, and nobody is asked", async (t) => {
	const { issuer, folder, config } = await withIssuer(t);
	const token = issuer.idToken(Date.now() + HOUR);
	const kubeconfig = withProvider(folder, "oidc", { ...config, "id-token": token });
	const credentials = await loadCredentials({ kubeconfig, clock: systemClock });
	t.strictSame(await credentials.headers(), { authorization: `Bearer ${token}` });
	t.same(issuer.asked, []);
});

t.test("oidc: an expired token is replaced once, and after a 401 with the next refresh token", async (t) => {
	const { issuer, folder, config } = await withIssuer(t);
	const clock = virtualClock(Date.now());
	const kubeconfig = withProvider(folder, "oidc", { ...config, "id-token": issuer.idToken(Date.now() - HOUR) });
	const credentials = await loadCredentials({ kubeconfig, clock });
	const all = await Promise.all(Array.from({ length: 5 }, () => credentials.headers()));
	const [, claims = ""] = String(all[0]?.["authorization"]).split(".");
	t.match(JSON.parse(Buffer.from(claims, "base64url").toString()), { iss: issuer.url, sub: "bob" });
	clock.advance(HOUR / 2);
	await credentials.headers();
	t.same(issuer.asked, ["refresh-0"], "what is valid is not replaced, however often it is read");
	credentials.reload();
	await credentials.headers();
	t.same(issuer.asked, ["refresh-0", "refresh-1"], "the file still has the first one, which is used up");
	clock.advance(HOUR);
	await credentials.headers();
	t.same(issuer.asked, ["refresh-0", "refresh-1", "refresh-2"]);
});

t.test("oidc: a client secret is sent, and a refresh token that the issuer keeps is used again", async (t) => {
	const { issuer, folder, config } = await withIssuer(t);
	issuer.answer = () => {
		const token = issuer.idToken(Date.now() + HOUR);
		return { status: 200, body: { access_token: "a", token_type: "Bearer", id_token: token, expires_in: 3600 } };
	};
	const { "idp-certificate-authority": _file, ...rest } = config;
	const kubeconfig = withProvider(folder, "oidc", {
		...rest,
		"idp-certificate-authority-data": Buffer.from(issuer.authority).toString("base64"),
		"client-secret": "hush",
		"id-token": issuer.idToken(Date.now() - HOUR),
	});
	const clock = virtualClock(Date.now());
	const credentials = await loadCredentials({ kubeconfig, clock });
	await credentials.headers();
	clock.advance(2 * HOUR);
	t.match(await credentials.headers(), { authorization: /^Bearer / });
	t.same(issuer.asked, ["refresh-0", "refresh-0"]);
	t.equal(issuer.clients[0], `Basic ${Buffer.from("kubernetes:hush").toString("base64")}`);
});

t.test("oidc: a new login in the file counts", async (t) => {
	const { issuer, folder, config } = await withIssuer(t);
	const expired = { ...config, "id-token": issuer.idToken(Date.now() - HOUR), "refresh-token": "revoked" };
	const kubeconfig = withProvider(folder, "oidc", expired);
	const credentials = await loadCredentials({ kubeconfig, clock: systemClock });
	await t.rejects(credentials.headers(), { name: "UnavailableError" });
	const token = issuer.idToken(Date.now() + HOUR);
	withProvider(folder, "oidc", { ...config, "id-token": token });
	credentials.reload();
	t.strictSame(await credentials.headers(), { authorization: `Bearer ${token}` });
});

t.test("oidc: failures name the provider, and quote nothing", async (t) => {
	const { issuer, folder, config } = await withIssuer(t);
	const secret = "s3cr3t";
	const expired = { ...config, "id-token": issuer.idToken(Date.now() - HOUR), "refresh-token": secret };
	const { "refresh-token": _none, ...withoutRefresh } = expired;
	const rows: Record<string, [config: object, message: RegExp]> = {
		"the issuer refuses": [expired, /^the auth-provider "oidc" failed to make a token \(\w+\)$/],
		"nothing to refresh with": [withoutRefresh, /^the auth-provider "oidc" has no valid token/],
		"no token": [config, /^the auth-provider "oidc" has no valid token/],
		"not trusted": [{ ...expired, "idp-certificate-authority": undefined }, /failed to make a token/],
	};
	issuer.answer = () => ({ status: 400, body: { error: "invalid_grant", error_description: secret } });
	for (const [name, [row, message]] of Object.entries(rows)) {
		const kubeconfig = withProvider(folder, "oidc", row);
		const credentials = await loadCredentials({ kubeconfig, clock: systemClock });
		const error = await credentials.headers().catch((thrown) => thrown);
		t.match(error, { name: "UnavailableError", cause: { message } }, name);
		t.notMatch(everythingOf(error), secret, name);
	}
});

t.test("gcp and azure: a program makes tokens", async (t) => {
	const folder = t.testdir({});
	const program = join(folder, "login tool");
	writeFileSync(program, `#!/bin/sh\necho '{"credential": {"token": "made", "expiry": "2099-01-01T00:00:00Z"}}'\n`);
	chmodSync(program, 0o755);
	const config = {
		"cmd-path": program,
		"cmd-args": "print",
		"token-key": "{.credential.token}",
		"expiry-key": "{.credential.expiry}",
		"access-token": "old",
		expiry: "2001-01-01T00:00:00Z",
	};
	for (const name of ["gcp", "azure"]) {
		const kubeconfig = withProvider(folder, name, config);
		const credentials = await loadCredentials({ kubeconfig, clock: systemClock });
		t.strictSame(await credentials.headers(), { authorization: "Bearer made" }, name);
		const broken = withProvider(folder, name, { ...config, "cmd-path": "/bin/false" });
		const failing = await loadCredentials({ kubeconfig: broken, clock: systemClock });
		await t.rejects(failing.headers(), { cause: { message: `the auth-provider "${name}" failed to make a token` } });
	}
});

t.test("a provider that nobody knows", async (t) => {
	const kubeconfig = withProvider(t.testdir({}), "openstack", {});
	const credentials = await loadCredentials({ kubeconfig, clock: systemClock });
	await t.rejects(credentials.headers(), {
		cause: {
			message: 'the auth-provider "openstack" is not supported; supported are oidc, gcp, azure, and exec plugins',
		},
	});
});

/** Whether a process that reads these credentials has opened a file of client-node. */
const loadsClient = (options: object): boolean => {
	const program = `
		import { registerHooks } from "node:module";
		let loaded = false;
		registerHooks({ load: (url, context, next) => { loaded ||= url.includes("@kubernetes/client-node"); return next(url, context); } });
		const { loadCredentials } = await import("./src/kube/credentials/credentials.ts");
		const { systemClock } = await import("./src/kube/clock.ts");
		const credentials = await loadCredentials({ ...${JSON.stringify(options)}, clock: systemClock });
		await credentials.headers();
		await credentials.tls();
		console.log(loaded);`;
	const output = execFileSync(process.execPath, ["--input-type=module", "-e", program], {
		env: { PATH: process.env["PATH"], ...compileCache() },
	});
	return output.toString() === "true\n";
};

t.test("client-node is loaded for an auth-provider, and for nothing else", async (t) => {
	const folder = t.testdir({ pod: { token: "t", "ca.crt": "CA" } });
	const exec = { command: process.execPath, args: ["-e", 'console.log(`{"status": {"token": "t"}}`)'] };
	t.equal(loadsClient({ serviceAccountFolder: join(folder, "pod"), inClusterServer: "https://x" }), false, "in a pod");
	t.equal(loadsClient({ kubeconfig: kubeconfigWith(folder, { token: "t" }) }), false, "a token");
	t.equal(loadsClient({ kubeconfig: kubeconfigWith(folder, { exec }) }), false, "an exec plugin");
	t.equal(loadsClient({ kubeconfig: withProvider(folder, "gcp", { "access-token": "t" }) }), true, "an auth-provider");
});
