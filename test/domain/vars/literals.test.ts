import t from "tap";
import { literalSecretWarnings } from "../../../src/domain/vars/literals.ts";
import { parseVars } from "../../../src/domain/vars/parse.ts";
import { isSecretKey } from "../../../src/domain/vars/secret-keys.ts";
import { overlaySecretPaths } from "../../../src/domain/vars/secrets.ts";
import fc from "../../property.ts";

const warned = (text: string): string[] =>
	literalSecretWarnings(parseVars(text).tree).map((warning) => warning.split(" ")[0] ?? "");

t.test("keys that hold secrets, told by their names", async (test) => {
	const secret = [
		"password",
		"Password",
		"dbPassword",
		"db_password",
		"DB-PASSWORD",
		"PGPASSWORD",
		"password2",
		"passwd",
		"pwd",
		"pass",
		"db_pass",
		"token",
		"authToken",
		"tokens",
		"secret",
		"clientSecret",
		"passphrase",
		"apiKey",
		"api_key",
		"APIKEY",
		"accessKey",
		"secretAccessKey",
		"aws-secret-key",
		"privateKey",
		"private_key_pem",
		"encryptionKey",
		"credentials",
		"pin",
	];
	const plain = [
		"",
		"user",
		"key",
		"keyName",
		"passwordFile",
		"tokenPath",
		"secretName",
		"accessKeyId",
		"bypass",
		"compass",
		"publicKey",
		"encryptionKeyPath",
		"passthrough",
		"spin",
		"monkey",
		"hostname",
		"123",
	];
	for (const key of secret) test.ok(isSecretKey(key), key);
	for (const key of plain) test.notOk(isSecretKey(key), key);
});

t.test("literal secrets are found, references and empty ones are not", async (test) => {
	const table: Record<string, [text: string, ...wanted: string[]]> = {
		literal: ['Params: {password: "putinchuj", user: riotkit}', "Params.password"],
		"several, in lists too": [
			"Repository: {token: a, passphrase: b}\nx: {tokens: [c, $(d)]}",
			"Repository.token",
			"Repository.passphrase",
			"x.tokens[0]",
		],
		digits: ["password: 1234\npin: 1.5", "password", "pin"],
		"shell references": ["password: $(cat /mnt/secret)\ntoken: ${TOKEN}"],
		"empty, null and booleans": ["password: ''\ntoken:\nsecret: true"],
		"a map is no secret, what is in it may be": ["secret: {name: a, key: b, password: c}", "secret.password"],
		"a private key under any name": [
			'x: "-----BEGIN RSA PRIVATE KEY-----"\ny: ["-----BEGIN PGP PRIVATE KEY BLOCK-----"]',
			"x",
			"y[0]",
		],
		"a public key": ['x: "-----BEGIN PGP PUBLIC KEY BLOCK-----"'],
	};
	for (const [name, [text, ...wanted]] of Object.entries(table)) test.same(warned(text), wanted, name);
	const { tree } = parseVars("Params: {password: x}");
	const entry = { path: "Params.password", secretName: "s", key: "Params.password", fieldPath: "spec.varsSecretRef" };
	test.same(literalSecretWarnings(overlaySecretPaths(tree, [entry]).tree), [], "what a Secret covers is no literal");
});

t.test("the warning says how to move it, fits in 120 characters and holds no value", async (test) => {
	test.same(literalSecretWarnings(parseVars("Params: {password: hunter2}").tree), [
		"Params.password is a literal secret; move it to the Secret of varsSecretRef, where its path is the key",
	]);
	const path = fc.array(fc.string({ minLength: 1, maxLength: 60 }), { maxLength: 5 });
	fc.assert(
		fc.property(path, (keys) => {
			const text = keys.reduceRight((inner, key) => `{${JSON.stringify(key)}: ${inner}}`, '{"password": "hunter2"}');
			return literalSecretWarnings(parseVars(text).tree).every(
				(warning) => Array.from(warning).length <= 120 && !warning.includes("hunter2"),
			);
		}),
	);
	const many = literalSecretWarnings(parseVars(`passwords: [${"a,".repeat(25)}]`).tree);
	test.equal(many.length, 21);
	test.equal(many[20], "5 more literal secrets");
});
