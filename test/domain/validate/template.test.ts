// What is told of scripts that do not render, and what follows from something else.
import t from "tap";
import { evaluateScheduledBackup } from "../../../src/domain/evaluate.ts";
import { downgradeMissing } from "../../../src/domain/warnings.ts";
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

t.test("one variable that several places miss is one mistake", async (t) => {
	const world = facts({ template: template("{{ .Params.x }}\n{{ .Params.x }}", "{{ .Params.x }}{{ .Params.y }}") });
	t.same(errorsOf(evaluateScheduledBackup(plainBackup({ vars: "Params: {}" }), world, settings).report), [
		'spec.vars: template: plain:1:10: executing "plain" at <.Params.x>: map has no entry for key "x" (ClusterBackupProcedureTemplate "plain", backup script)',
		'spec.vars: template: plain:1:25: executing "plain" at <.Params.y>: map has no entry for key "y" (ClusterBackupProcedureTemplate "plain", restore script)',
	]);
});

t.test("a warning that would be cut says which script, where, and what is missing", async (t) => {
	const name = "a-template-with-a-long-name";
	const given = template("echo", "{{ .Params.password }}");
	const named = { ...given, metadata: { ...given.metadata, name } };
	const world = facts({ template: named, secrets: secretMap(keys, "vars") });
	const object = plainBackup({
		templateRef: { kind: "ClusterBackupProcedureTemplate", name },
		varsSecretRef: { secretName: "vars", importOnlyKeys: ["Params.password"] },
	});
	const { warnings } = downgradeMissing(evaluateScheduledBackup(object, world, settings).report);
	t.ok(
		warnings.includes(`spec.vars: restore script, ${name}:1:10: <.Params.password>: map has no entry for key "Params"`),
		warnings.join("\n"),
	);
});

t.test("Go's message shows the value that cannot be looped over; ours does not", async (t) => {
	const world = facts({ template: template("{{ range .Params.password }}{{ end }}", "") });
	const object = plainBackup({ vars: "Params: {password: not-to-be-told}" });
	t.same(errorsOf(evaluateScheduledBackup(object, world, settings).report), [
		`spec.vars: template: plain:1:16: executing "plain" at <.Params.password>: range can't iterate over a value of type string (ClusterBackupProcedureTemplate "plain", backup script)`,
	]);
});

t.test("the wanted operation has no script", async (t) => {
	const world = facts({ template: template(" \n", "echo restore") });
	const { report } = evaluateScheduledBackup(plainBackup(), world, settings);
	t.same(errorsOf(report), ['spec.operation: ClusterBackupProcedureTemplate "plain" has no backup script']);
	const restore = evaluateScheduledBackup(plainBackup({ operation: "restore" }), world, settings);
	t.same(restore.report.errors, []);
	t.equal(restore.plan?.scripts.backup.text, "");
});

t.test("a script of which nothing is left over these vars", async (t) => {
	const conditional = template("#!/bin/bash\n{{ if .Params.on }}\necho\n{{ end }}# done\n", "echo restore");
	const said =
		'the backup script of ClusterBackupProcedureTemplate "plain" does nothing: over these vars it has no command';
	const errors = (vars: string, changes: Record<string, unknown> = {}, secrets = secretMap(keys)) =>
		errorsOf(
			evaluateScheduledBackup(plainBackup({ vars, ...changes }), facts({ template: conditional, secrets }), settings)
				.report,
		);
	t.same(errors("Params: {on: true}"), []);
	t.same(errors("Params: {on: false}"), [`spec.operation: ${said}`]);
	t.same(errors("Params: {on: false}", { operation: "restore" }), [], "the other operation is what runs");
	const naming = { varsSecretRef: { secretName: "vars", importOnlyKeys: ["Params.on"] } };
	t.same(errors("Params: {on: false}", naming, secretMap(keys, secretWith("vars", { "Params.on": 1 }))), []);
	t.same(
		errors("Params: {on: false}", naming, secretMap(keys, secretWith("vars", {}))),
		['spec.varsSecretRef.importOnlyKeys[0]: Secret "vars" has no key "Params.on"'],
		"with it, something will be done",
	);
	t.same(
		errors("Params: {on: false}", { varsSecretRef: { secretName: "vars" } }, secretMap(keys, "vars")),
		['spec.varsSecretRef.secretName: Secret "vars" does not exist'],
		"it may bring the variable",
	);
	t.match(errors("Params: {on: false, on: false}"), [/the key is there twice/], "what cannot be read decides nothing");
});

t.test("a template whose image is none, though the schema refuses it today", async (t) => {
	const plain = template("echo");
	const world = facts({ template: { ...plain, spec: { ...plain.spec, image: "https://example.org/Tools" } } });
	t.same(errorsOf(evaluateScheduledBackup(plainBackup(), world, settings).report), [
		'spec.templateRef.name: the image of ClusterBackupProcedureTemplate "plain" is no image reference',
	]);
	const other = plainBackup({ vars: "HelmValues: {image: 'tools:1'}" });
	t.same(evaluateScheduledBackup(other, world, settings).report.errors, [], "another image goes before");
});

t.test("what a missing Secret will bring is a missing reference; what it will not is an error", async (t) => {
	const object = plainBackup({
		vars: "Params: {}",
		varsSecretRef: { secretName: "vars", importOnlyKeys: ["Params.a"] },
	});
	const world = facts({
		template: template("{{ .Params.a }} {{ .Params.b }}", "{{ eq .Params.a `x` }}"),
		secrets: secretMap(keys, "vars"),
	});
	const { report } = evaluateScheduledBackup(object, world, settings);
	t.same(
		report.errors.map(({ path, missingReference, message }) => [
			path,
			missingReference === true,
			/<[^>]*>/.exec(message)?.[0],
		]),
		[
			["spec.varsSecretRef.secretName", true, undefined],
			["spec.vars", true, "<.Params.a>"],
			["spec.vars", false, "<.Params.b>"],
			["spec.vars", false, report.errors[3] && /<[^>]*>/.exec(report.errors[3].message)?.[0]],
		],
	);
	t.match(report.errors[3]?.message, /Params\.a/);
});

t.test("a missing Secret of which all keys are wanted may bring any variable", async (t) => {
	const object = plainBackup({ varsSecretRef: { secretName: "vars" } });
	const world = facts({ template: template("{{ .Params.a }}"), secrets: secretMap(keys, "vars") });
	const { report } = evaluateScheduledBackup(object, world, settings);
	t.equal(report.errors.length, 2);
	t.ok(report.errors.every((problem) => problem.missingReference));
});

t.test("a script that no ConfigMap holds: fewer characters than bytes", async (t) => {
	const object = plainBackup({ vars: `Params: {big: "${"ä".repeat(120_000)}"}` });
	const world = facts({ template: template("{{ .Params.big }}".repeat(5)) });
	t.same(errorsOf(evaluateScheduledBackup(object, world, settings).report), [
		'spec.templateRef.name: the backup script of ClusterBackupProcedureTemplate "plain" has 1200000 bytes, more than 1048576',
	]);
});

t.test("a script that bash would read in part only", async (t) => {
	const world = facts({ template: template('echo {{ printf "%c" 0 }}', 'echo {{ "\\x00" }}') });
	t.same(errorsOf(evaluateScheduledBackup(plainBackup(), world, settings).report), [
		'spec.templateRef.name: the backup script of ClusterBackupProcedureTemplate "plain" holds a NUL character',
		'spec.templateRef.name: the restore script of ClusterBackupProcedureTemplate "plain" holds a NUL character',
	]);
});

t.test("a script that forges the token of a secret from pieces", async (t) => {
	const vars = 'Params: {a: "@", b: "BMC{", c: "x}@"}';
	const forged = (backup: string) => {
		const secret = { varsSecretRef: { secretName: "vars", importOnlyKeys: ["Params.s"] } };
		const secrets = secretMap(keys, secretWith("vars", { "Params.s": 5 }));
		const world = facts({ template: template(backup, "{{ .Params.s }}"), secrets });
		const { report, plan } = evaluateScheduledBackup(plainBackup({ vars, ...secret }), world, settings);
		return { errors: errorsOf(report), plan };
	};
	const pieces = {
		"two variables": "{{ .Params.a }}{{ .Params.b }}{{ .Params.c }}",
		"a text and a variable": "@{{ .Params.b }}x}@",
		"joined on the way": '{{ print .Params.a .Params.b "x}@" }}',
		"behind the token of a secret, whose last character is the first of another": "{{ .Params.s }}BMC{x}@",
		"inside of a larger script": "echo {{ .Params.s }} {{ .Params.s }} @{{ .Params.b }}",
	};
	for (const [name, backup] of Object.entries(pieces)) {
		const { errors, plan } = forged(backup);
		t.same(errors.length, 1, name);
		t.match(errors[0], /the output contains @BMC\{, which is reserved.*backup script\)$/, name);
		t.equal(plan, undefined, name);
	}
	t.same(
		forged("{{ .Params.s }}{{ .Params.s }} {{ .Params.a }} BMC{").errors,
		[],
		"what is no token may look like one",
	);
});

t.test("variables that were asked for and that no script prints", async (t) => {
	const object = plainBackup({
		vars: "HelmValues: {}",
		tokenSecretRef: { secretName: "vars" },
		varsSecretRef: { secretName: "vars", importOnlyKeys: ["Params.a", "HelmValues.env.A"] },
	});
	const secrets = secretMap(keys, secretWith("vars", { token: 1, "Params.a": 1, "HelmValues.env.A": 1 }));
	t.same(evaluateScheduledBackup(object, facts({ secrets }), settings).report.warnings, [
		"spec.varsSecretRef.importOnlyKeys[0]: no script prints Params.a",
		"spec.tokenSecretRef.tokenKey: no script prints Repository.token",
	]);
});

t.test("a mistake in vars that leaves the tree whole hides nothing that is missing", async (t) => {
	const mistakes: Record<string, string> = {
		"a key twice": "Params: {a: 1, a: 2}",
		"a map twice": "Params: {a: 1}\nParams: {b: 1}",
		"the mark of secrets": "Params: {a: '@BMC{', b: 1}",
		"a forbidden key": "Params: {a: 1, b: 1, prototype: 1}",
		"a NUL": 'Params: {a: "\\0", b: 1}',
		"an unknown tag": "Params: !x {a: 1, b: 1}",
	};
	for (const [name, vars] of Object.entries(mistakes)) {
		const world = facts({ template: template("{{ .Params.a }} {{ .Params.gone }}", "{{ len 5 }}") });
		const found = errorsOf(evaluateScheduledBackup(plainBackup({ vars }), world, settings).report);
		t.equal(found.length, 3, `${name}: ${found.join("\n")}`);
		t.match(found[1], /map has no entry for key "gone"/, name);
		t.match(found[2], /error calling len/, name);
	}
	const both = facts({ template: template("{{ .Params.a }} {{ .Params.b }}") });
	t.match(
		errorsOf(evaluateScheduledBackup(plainBackup({ vars: mistakes["a map twice"] }), both, settings).report),
		[/the key is there twice/],
		"what either of the two has is there",
	);
});
