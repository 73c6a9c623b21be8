// What `kubectl apply` says about a ClusterBackupProcedureTemplate, whoever uses it.
import t from "tap";
import type { ClusterBackupProcedureTemplate } from "../../src/api/types.ts";
import { evaluateTemplate } from "../../src/domain/evaluate.ts";
import { errorsOf, seedTemplate, settings, template } from "../fixtures/seed.ts";

t.test("a template that is fine", async (t) => {
	t.same(evaluateTemplate(seedTemplate(), settings), { errors: [], warnings: [] });
});

t.test("both scripts are parsed", async (t) => {
	const errors = errorsOf(evaluateTemplate(template("{{ if }}", "a\n{{ end }}"), settings));
	t.match(errors, [/^spec\.backup: template: plain:1: /, /^spec\.restore: template: plain:2: /]);
});

t.test("a text that looks like the place of a secret", async (t) => {
	t.match(errorsOf(evaluateTemplate(template("@BMC{x}@"), settings)), [/^spec\.backup: .*@BMC\{/]);
});

t.test("a text that bash would read in part only", async (t) => {
	t.same(errorsOf(evaluateTemplate(template("echo", "a\0b"), settings)), [
		"spec.restore: holds a NUL character: bash reads no further than that",
	]);
});

t.test("warnings", async (t) => {
	const object = template(" ", "");
	const image = { ...object, spec: { ...object.spec, image: "tools:latest" } };
	t.same(evaluateTemplate(image, settings).warnings, [
		'spec.image: image "tools:latest" is tagged latest; name a fixed version',
		"spec: both scripts are empty, so no ScheduledBackup can use it",
	]);
});

t.test("what the schema refuses is not warned of", async (t) => {
	const object = template("", "");
	const { errors, warnings } = evaluateTemplate({ ...object, spec: { ...object.spec, image: "a b" } }, settings);
	t.same(
		errors.map(({ path }) => path),
		["spec.backup", "spec.image"],
	);
	t.same(warnings, []);
});

t.test("Handlebars", async (t) => {
	const object = template("{{#if x}}", "fine");
	const handlebars = { ...object, spec: { ...object.spec, templateLanguage: "Handlebars" as const } };
	t.match(errorsOf(evaluateTemplate(handlebars, settings)), [/^spec\.backup: /]);
});

t.test("any object at all can be evaluated", async (t) => {
	for (const fields of [
		{},
		{ metadata: {}, spec: 5 },
		{ metadata: { generateName: "x-" }, spec: { backup: 5, image: 5 } },
	]) {
		const given = { apiVersion: "riotkit.org/v1alpha1", kind: "ClusterBackupProcedureTemplate", ...fields };
		t.ok(evaluateTemplate(given as unknown as ClusterBackupProcedureTemplate, settings).errors.length > 0);
	}
});
