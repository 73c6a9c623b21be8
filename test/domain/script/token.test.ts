// A token must name the same environment variable wherever it is made, and stay one word wherever it is printed.

import t from "tap";
import { secretEnvironment } from "../../../src/domain/script/environment.ts";
import { containsToken, environmentName, TOKEN_START, tokenFor } from "../../../src/domain/script/token.ts";
import { SecretValue } from "../../../src/template/value.ts";
import fc from "../../property.ts";

t.test("a name derives from Secret and key", async (t) => {
	t.equal(environmentName("backup-keys", "Params.password"), environmentName("backup-keys", "Params.password"));
	t.match(environmentName("backup-keys", "Params.password"), /^BMC_PARAMS_PASSWORD_[0-9a-f]{16}$/);
	t.not(environmentName("backup-keys", "Params.password"), environmentName("other", "Params.password"));
	t.not(environmentName("backup-keys", "a.b"), environmentName("backup-keys", "a_b"));
	t.not(environmentName("a", "b.c"), environmentName("a.b", "c"));
});

t.test("a name is one that bash, POSIX and Kubernetes take", async (t) => {
	const key = fc.stringMatching(/^[-._a-zA-Z0-9]{1,253}$/);
	fc.assert(
		fc.property(key, key, (secret, data) => /^BMC_[A-Z0-9_]{1,40}_[0-9a-f]{16}$/.test(environmentName(secret, data))),
	);
	t.pass("for every Secret and key");
});

t.test("a token names the variable and what is done to it", async (t) => {
	const secret = new SecretValue("Params.password", "backup-keys", "Params.password");
	const name = environmentName("backup-keys", "Params.password");
	t.equal(tokenFor(secret, []), `@BMC{${name}}@`);
	t.equal(tokenFor(secret, ["b64enc", "shellQuote"]), `@BMC{${name}:b64enc:shellQuote}@`);
	t.ok(tokenFor(secret, []).startsWith(TOKEN_START));
});

t.test("text that could be taken for a token is found", async (t) => {
	t.ok(containsToken("echo @BMC{"));
	t.notOk(containsToken("echo @BMC {a@b}@"));
});

t.test("the environment refers to each used key once, in a fixed order", async (t) => {
	const password = new SecretValue("Params.password", "backup-keys", "Params.password");
	const again = new SecretValue("Repository.passphrase", "backup-keys", "Params.password");
	const user = new SecretValue("Params.user", "backup-keys", "Params.user");
	const expected = [
		{
			name: environmentName("backup-keys", "Params.password"),
			valueFrom: { secretKeyRef: { name: "backup-keys", key: "Params.password" } },
		},
		{
			name: environmentName("backup-keys", "Params.user"),
			valueFrom: { secretKeyRef: { name: "backup-keys", key: "Params.user" } },
		},
	];
	t.same(secretEnvironment([password, again, user]), expected);
	t.same(secretEnvironment([user, password]), expected);
	t.same(secretEnvironment([]), []);
});
