// Manifests of a folder: what is applied of them, and what is said of those that are wrong.
import t from "tap";
import { shippedTemplates } from "../../../reconcilers/templatesfolder/shipped.ts";
import { readManifests } from "../../../src/manifests/documents.ts";
import { settings } from "../../fixtures/seed.ts";
import { templateText } from "./folder.ts";

const check = (text: string) => shippedTemplates(readManifests("a.yaml", text), settings, "backups");

t.test("a good one, with every field stated and our marks", async (t) => {
	const metadata =
		", uid: x, resourceVersion: '5', labels: {team: a, app.kubernetes.io/managed-by: Helm}, annotations: {b: c}";
	const { templates, mistakes, warnings, names, wrong } = check(`# pg\n${templateText("pg", { metadata })}`);
	t.same(
		{ mistakes, warnings, wrong, names: [...(names ?? [])] },
		{ mistakes: [], warnings: [], wrong: 0, names: ["pg"] },
	);
	t.strictSame(templates, [
		{
			name: "pg",
			place: "a.yaml:2",
			template: {
				apiVersion: "riotkit.org/v1alpha1",
				kind: "ClusterBackupProcedureTemplate",
				metadata: {
					name: "pg",
					labels: {
						team: "a",
						"app.kubernetes.io/managed-by": "backup-maker-controller",
						"riotkit.org/installation": "backups",
					},
					annotations: { b: "c" },
				},
				spec: { image: "x:1", backup: "echo a", restore: "", templateLanguage: "GoTemplate" },
			},
		},
	]);
	t.strictSame(Object.keys(check(templateText("plain")).templates[0]?.template.metadata ?? {}), ["name", "labels"]);
});

const wrong: [name: string, text: string, mistakes: (string | RegExp)[]][] = [
	["no YAML", "a: [", [/^a\.yaml:1: not valid YAML/]],
	["no object", "[]", ["a.yaml:1: not a Kubernetes object: not a map"]],
	[
		"another kind",
		"apiVersion: v1\nkind: Secret\nmetadata: {name: s}\n",
		["a.yaml:2: Secret s: kind: only a ClusterBackupProcedureTemplate of riotkit.org/v1alpha1 is applied from here"],
	],
	[
		"another version",
		templateText("pg").replace("v1alpha1", "v2"),
		[/^a\.yaml:2: ClusterBackupProcedureTemplate pg: kind: only /],
	],
	[
		"a script that does not parse, at its line",
		"apiVersion: riotkit.org/v1alpha1\nkind: ClusterBackupProcedureTemplate\nmetadata: {name: pg}\nspec:\n  image: x:1\n  restore: ''\n  backup: |\n    echo\n    {{ if }}\n",
		[/^a\.yaml:9: ClusterBackupProcedureTemplate pg: spec\.backup: template: pg:2: /],
	],
	[
		"a field that does not exist",
		templateText("pg", { spec: ", imge: y" }),
		[/^a\.yaml:4: .*unknown field "spec\.imge"; did you mean "spec\.image"\?$/],
	],
	[
		"metadata that is not ours to set",
		templateText("pg", { metadata: ", finalizers: [a/b]" }),
		[
			"a.yaml:3: ClusterBackupProcedureTemplate pg: metadata.finalizers: cannot be set here; a name, labels and annotations can",
		],
	],
	[
		"a generated name",
		templateText("pg").replace("name: pg", "generateName: pg-"),
		[/^a\.yaml:3: .*metadata\.name: is needed: what is applied again/],
	],
	["no name", templateText("pg").replace("{name: pg}", "{}"), [/metadata\.name: Required value/]],
	["a name that is none", templateText("1").replace("name: 1", "name: [a]"), [/metadata\.name: Invalid value/]],
	[
		"defined twice",
		`${templateText("pg")}---\n${templateText("pg")}`,
		[
			'a.yaml:8: ClusterBackupProcedureTemplate pg: metadata.name: Duplicate value: "pg": first defined in a.yaml:3; delete or rename one of the two',
		],
	],
	[
		"several mistakes",
		templateText("pg", { spec: ", templateLanguage: Bash" }).replace("echo a", "{{"),
		[/spec\.templateLanguage: Unsupported value/, /spec\.backup: template: pg:1: /],
	],
];
for (const [name, text, expected] of wrong) {
	t.test(`wrong: ${name}`, async (t) => {
		const { mistakes, templates, wrong } = check(text);
		t.match(mistakes, expected);
		t.equal(mistakes.length, expected.length);
		t.equal(wrong, 1);
		t.equal(templates.length, name === "defined twice" ? 1 : 0);
	});
}

t.test("one that is wrong keeps no other from being applied, and is still known to be meant", async (t) => {
	const wrong = templateText("wrong", { spec: ", imge: y" });
	const { templates, names } = check([templateText("a"), wrong, templateText("b")].join("---\n"));
	t.same(
		templates.map(({ name }) => name),
		["a", "b"],
	);
	t.same([...(names ?? [])], ["a", "wrong", "b"]);
	const mistyped = templateText("pg").replace("kind: Cluster", "kind: Clutser");
	t.same([...(check(mistyped).names ?? [])], ["pg"]);
	t.equal(check(`${templateText("a")}---\n[]`).names, undefined, "who knows what that was meant to be");
	t.equal(check(templateText("pg").replace("{name: pg}", "{}")).names, undefined);
});

t.test("what is only warned of", async (t) => {
	t.match(check(templateText("pg").replace("x:1", "x")).warnings, [
		/^a\.yaml:4: ClusterBackupProcedureTemplate pg: spec\.image: image "x" has no tag/,
	]);
});
