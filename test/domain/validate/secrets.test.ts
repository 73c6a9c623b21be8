// Missing and empty Secrets and keys, each at the field that names it.
import t from "tap";
import { evaluateScheduledBackup } from "../../../src/domain/evaluate.ts";
import type { SecretFacts } from "../../../src/domain/facts.ts";
import { errorsOf, facts, gpgKeys, plainBackup, secretMap, secretWith, settings } from "../../fixtures/seed.ts";

const keys = secretWith("keys", gpgKeys);
const token = { tokenSecretRef: { secretName: "other", tokenKey: "jwt" } };
const named = { varsSecretRef: { secretName: "other", importOnlyKeys: ["Params.a", "Params.b"] } };
const open = { varsSecretRef: { secretName: "other" } };

const rows: [string, Record<string, unknown>, SecretFacts | string, string[]][] = [
	["no Secret for the token", token, "other", ['spec.tokenSecretRef.secretName: Secret "other" does not exist']],
	["no token", token, secretWith("other", {}), ['spec.tokenSecretRef.tokenKey: Secret "other" has no key "jwt"']],
	[
		"an empty token",
		token,
		secretWith("other", { jwt: 0 }),
		['spec.tokenSecretRef.tokenKey: key "jwt" of Secret "other" is empty'],
	],
	["a token", token, secretWith("other", { jwt: 1 }), []],
	["no Secret for the variables", named, "other", ['spec.varsSecretRef.secretName: Secret "other" does not exist']],
	[
		"one variable is missing, one is empty",
		named,
		secretWith("other", { "Params.b": 0 }),
		[
			'spec.varsSecretRef.importOnlyKeys[0]: Secret "other" has no key "Params.a"',
			'spec.varsSecretRef.importOnlyKeys[1]: key "Params.b" of Secret "other" is empty',
		],
	],
	["all variables, of which there are none", open, secretWith("other", {}), []],
	[
		"all variables, of which one is empty",
		open,
		secretWith("other", { "Params.a": 1, "Params.b": 0 }),
		['spec.varsSecretRef.secretName: key "Params.b" of Secret "other" is empty'],
	],
];

for (const [name, spec, secret, errors] of rows) {
	t.test(name, async (t) => {
		const world = facts({ secrets: secretMap(keys, secret) });
		t.same(errorsOf(evaluateScheduledBackup(plainBackup(spec), world, settings).report), errors);
	});
}
