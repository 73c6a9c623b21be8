// Manifests as people keep them, and where in the file things are.
import t from "tap";
import { readManifests } from "../../src/cli/documents.ts";

const namesIn = (text: string): (string | undefined)[] =>
	readManifests("f.yaml", text).manifests.map(({ object }) => object.metadata?.name);

t.test("several documents, comments, empty ones, Lists, JSON", async (t) => {
	const text = [
		"# a comment",
		"---",
		"metadata: {name: one}",
		"---",
		"# nothing",
		"---",
		"kind: List",
		"items:",
		"  - metadata: {name: two}",
		"  - kind: ScheduledBackupList",
		"    items: [{metadata: {name: three}}]",
		"---",
		'{"metadata": {"name": "four"}}',
		"...",
	].join("\n");
	t.same(namesIn(text), ["one", "two", "three", "four"]);
	t.same(namesIn(""), []);
	t.same(namesIn("# only a comment\n"), []);
	t.same(namesIn("kind: List\nitems: 5"), [undefined], "no list after all");
});

t.test("lines of field paths, as far as the path is there", async (t) => {
	const text = [
		"base: &base", // 1
		"  x: 1", // 2
		"kind: List", // 3
		"items:", // 4
		"  - metadata:", // 5
		"      name: one", // 6
		"    spec:", // 7
		"      varsSecretRef:", // 8
		"        importOnlyKeys:", // 9
		"          - a", // 10
		"          - b", // 11
		"      alias: *base", // 12
		"      vars: |", // 13
		"        x: y", // 14
	].join("\n");
	const [manifest] = readManifests("f.yaml", text).manifests;
	const rows: [string, number][] = [
		["", 5],
		["metadata.name", 6],
		["spec", 7],
		["spec.varsSecretRef.importOnlyKeys[1]", 11],
		["spec.varsSecretRef.importOnlyKeys[7]", 9],
		["spec.varsSecretRef.secretName", 8],
		["spec.vars", 13],
		["spec.vars.more", 13],
		["spec.alias.x", 2],
		["spec[0]", 7],
		["nothing", 5],
	];
	for (const [path, line] of rows) t.equal(manifest?.lineOf(path), line, path);
	const windows = readManifests("f.yaml", "metadata:\r\n  name: a\r\nspec: {}").manifests[0];
	t.equal(windows?.lineOf("spec"), 3);
});

t.test("what cannot be read is a finding with its line, and without the text around it", async (t) => {
	const broken = readManifests("f.yaml", "a: 1\nb: [password\n---\n");
	t.same(broken.manifests, []);
	t.match(broken.unreadable, [{ file: "f.yaml", line: 3, message: /^not valid YAML: / }]);
	t.notMatch(broken.unreadable[0]?.message, /password/);
	t.same(readManifests("f.yaml", "---\n- a\n").unreadable, [
		{ file: "f.yaml", line: 2, message: "not a Kubernetes object: not a map" },
	]);
	t.match(readManifests("f.yaml", "a: &x [*x]\nb: *y").unreadable, [{ file: "f.yaml" }]);
	t.match(readManifests("f.yaml", "a: 1\na: 2").unreadable, [{ line: 2, message: /duplicat/ }]);
});
