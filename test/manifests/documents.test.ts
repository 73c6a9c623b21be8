// Manifests as people keep them, and where in the file things are.
import t from "tap";
import { readManifests } from "../../src/manifests/documents.ts";

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

t.test("plain scalars mean what kubectl takes them for", async (t) => {
	const rows: [text: string, value: unknown][] = [
		["no", false],
		["off", false],
		["y", true],
		["Yes", true],
		["1_0", 10],
		["0100", 64],
		["0o17", 15],
		["0b101", 5],
		["-0x1F", -31],
		["08", 8],
		["_1", "_1"],
		["1_x", "1_x"],
		["12:30", "12:30"],
		["1e3", 1000],
		["2020-01-01", "2020-01-01"],
		['"no"', "no"],
	];
	for (const [text, value] of rows) {
		const { manifests } = readManifests("f", `a: ${text}\n`);
		t.same(manifests[0]?.object, { a: value }, text);
	}
});

t.test("what cannot be read is told without a word of it", async (t) => {
	for (const text of ["a: *SuperSecret", "a: !SuperSecret x", 'a: "SuperSecret', "SuperSecret: 1\nSuperSecret: 2"]) {
		const { unreadable } = readManifests("f", text);
		t.equal(unreadable.length, 1, text);
		t.notMatch(JSON.stringify(unreadable), /SuperSecret/, text);
	}
});
