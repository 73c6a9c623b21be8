// Values that could not pass into the pod are refused when they are named, not when a run is due.
import t from "tap";
import { evaluateScheduledBackup } from "../../../src/domain/evaluate.ts";
import type { SecretKeyFacts } from "../../../src/domain/facts.ts";
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
const size = (bytes: number): SecretKeyFacts => ({ size: bytes, encoding: "utf8" });
const named = plainBackup({ varsSecretRef: { secretName: "vars", importOnlyKeys: ["Params.a"] } });
const path = "spec.varsSecretRef.importOnlyKeys[0]";

const rows: [string, SecretKeyFacts, string[]][] = [
	["96 KiB", size(98_304), []],
	["one byte more", size(98_305), [`${path}: key "Params.a" of Secret "vars" has 98305 bytes, more than 98304`]],
	["NUL", { size: 3, encoding: "nul" }, [`${path}: key "Params.a" of Secret "vars" holds a NUL byte`]],
	["not UTF-8", { size: 3, encoding: "invalidUtf8" }, [`${path}: key "Params.a" of Secret "vars" is not valid UTF-8`]],
];

for (const [name, value, errors] of rows) {
	t.test(name, async (t) => {
		for (const script of ["{{ .Params.a }}", "echo"]) {
			const secrets = secretMap(keys, secretWith("vars", { "Params.a": value }));
			const { report } = evaluateScheduledBackup(named, facts({ secrets, template: template(script) }), settings);
			t.same(errorsOf(report), errors);
		}
	});
}

t.test("of all keys only those that are used count", async (t) => {
	const object = plainBackup({ varsSecretRef: { secretName: "vars" } });
	const secrets = secretMap(
		keys,
		secretWith("vars", { "Params.a": size(5), "Params.b": { size: 5, encoding: "nul" } }),
	);
	const fine = evaluateScheduledBackup(object, facts({ secrets, template: template("{{ .Params.a }}") }), settings);
	t.same(errorsOf(fine.report), []);
	const used = evaluateScheduledBackup(object, facts({ secrets, template: template("{{ .Params.b }}") }), settings);
	t.same(errorsOf(used.report), ['spec.varsSecretRef.secretName: key "Params.b" of Secret "vars" holds a NUL byte']);
});

t.test("512 KiB in sum, for each script by itself", async (t) => {
	const names = ["a", "b", "c", "d", "e", "f"];
	const object = plainBackup({
		varsSecretRef: { secretName: "vars", importOnlyKeys: names.map((name) => `Params.${name}`) },
	});
	const secrets = secretMap(
		keys,
		secretWith("vars", Object.fromEntries(names.map((name) => [`Params.${name}`, 90_000]))),
	);
	const print = (...printed: string[]): string => printed.map((name) => `{{ .Params.${name} }}`).join(" ");
	const together = facts({ secrets, template: template(print(...names)) });
	t.same(errorsOf(evaluateScheduledBackup(object, together, settings).report), [
		"spec.vars: the secrets and HelmValues.env have 540000 bytes in sum, more than 524288",
	]);
	const apart = facts({ secrets, template: template(print("a", "b", "c"), print("d", "e", "f")) });
	t.same(errorsOf(evaluateScheduledBackup(object, apart, settings).report), []);
});

t.test("what comes from a Secret for the environment", async (t) => {
	const vars = "HelmValues: {env: {A: literal}}";
	const secrets = secretMap(keys, secretWith("vars", { "HelmValues.env.C": { size: 5, encoding: "nul" } }));
	const object = plainBackup({ vars, varsSecretRef: { secretName: "vars", importOnlyKeys: ["HelmValues.env.C"] } });
	t.same(errorsOf(evaluateScheduledBackup(object, facts({ secrets }), settings).report), [
		`${path}: key "HelmValues.env.C" of Secret "vars" holds a NUL byte`,
	]);
});
