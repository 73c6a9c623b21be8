// Missing and empty Secrets and keys, each at the field that names it.
import t from "tap";
import { accessQuestions } from "../../../src/domain/access.ts";
import { evaluateScheduledBackup } from "../../../src/domain/evaluate.ts";
import type { SecretFacts } from "../../../src/domain/facts.ts";
import { referencedSecrets } from "../../../src/domain/secretuses.ts";
import {
	errorsOf,
	facts,
	gpgKeys,
	plainBackup,
	secretMap,
	secretWith,
	settings,
	template,
} from "../../fixtures/seed.ts";

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

t.test("a Secret with more keys than may be variables: that is all that is said of it", async (t) => {
	const keysOf = (count: number): Record<string, number> =>
		Object.fromEntries(Array.from({ length: count }, (_, index) => [`Params.k${String(index).padStart(4, "0")}`, 1]));
	const evaluate = (count: number, changes: Record<string, unknown> = {}) => {
		const secrets = secretMap(keys, secretWith("other", { ...keysOf(count), token: 1, "e-mail.txt": 0 }));
		const object = plainBackup({ ...open, tokenSecretRef: { secretName: "other" }, ...changes });
		const script = template("{{ .Params.k0000 }} {{ .Params.k1000 }} {{ .Params.k0999 }}");
		return evaluateScheduledBackup(object, facts({ secrets, template: script }), settings);
	};
	t.match(errorsOf(evaluate(1000).report), [/<.Params.k1000>: map has no entry/]);
	const { report, plan } = evaluate(1001);
	t.same(
		report.errors.map(({ path, message, hint, reason }) => [path, message, hint, reason]),
		[
			[
				"spec.varsSecretRef.secretName",
				'Secret "other" has 1001 keys that would be variables, more than 1000',
				"name those that are variables in spec.varsSecretRef.importOnlyKeys",
				"FieldValueTooMany",
			],
		],
	);
	t.equal(plan, undefined);
	const naming = ["Params.k0000", "Params.k0999", "Params.k1000"];
	t.same(evaluate(1001, { varsSecretRef: { secretName: "other", importOnlyKeys: naming } }).report.errors, []);
});

t.test("an object that names more than 32 Secrets: no more are looked at", async (t) => {
	const vars = (count: number): string =>
		`HelmValues: {envFrom: [${Array.from({ length: count }, (_, index) => `{secretRef: {name: s${index}}}`).join(", ")}, {secretRef: {name: s0}}]}`;
	const evaluate = (count: number) => {
		const object = plainBackup({ vars: vars(count) });
		const names = referencedSecrets(object);
		const secrets = secretMap(keys, ...names.filter((name) => name !== "keys").map((name) => secretWith(name, {})));
		return { names, errors: errorsOf(evaluateScheduledBackup(object, facts({ secrets }), settings).report) };
	};
	t.same(evaluate(31).errors, []);
	t.equal(evaluate(31).names.length, 32);
	const { names, errors } = evaluate(40);
	t.same(errors, ["spec.vars: the object names 41 Secrets, more than 32"]);
	t.same(names, ["keys", ...Array.from({ length: 31 }, (_, index) => `s${index}`)]);
	t.equal(accessQuestions(plainBackup({ vars: vars(40) })).length, 33, "s0 is named twice");
});
