import t from "tap";
import { MAX_ALIASES, MAX_VARS_BYTES, parseVars } from "../../../src/domain/vars/parse.ts";
import type { Value, ValueMap } from "../../../src/template/value.ts";

/** A tree with its maps as plain objects, for reading. */
const plain = (value: Value): unknown => {
	if (value instanceof Map)
		return Object.fromEntries([...(value as ValueMap)].map(([key, item]) => [key, plain(item)]));
	return Array.isArray(value) ? value.map((item) => plain(item)) : value;
};

const messages = (text: string): string[] => parseVars(text).report.errors.map(({ message }) => message);

t.test("whether the tree lacks something that was written down", async (test) => {
	const rows: [string, boolean][] = [
		["", false],
		["# @BMC{", false],
		["a: 1", false],
		["a: [", true],
		["- a", true],
		["a: *b", true],
		["a: 1\n---\nb: 2", true],
		["---\n---\nb: 2", true],
		["1: a", true],
		["a: 1\na: 2", false],
		["a: {b: 1}\na: 2", false],
		["x: &x {b: 1}\na: {<<: *x, <<: *x}", false],
		["a: '@BMC{'", false],
		["constructor: 1", false],
		["a: !x {}", false],
		["a: !x 1", true],
	];
	for (const [text, incomplete] of rows) test.equal(parseVars(text).incomplete, incomplete, JSON.stringify(text));
	const often = parseVars(Array.from({ length: 10_000 }, (_, index) => `a: {b${index}: 1}\n`).join(""));
	test.equal(often.incomplete, true, "a key that is there so often that to merge it would take for ever");
	test.same(plain(parseVars("a: {b: 1, c: 2}\na: {b: 3, d: 4}").tree), { a: { b: 1n, c: 2n, d: 4n } });
});

t.test("what is read", async (test) => {
	const table: Record<string, [text: string, wanted: unknown]> = {
		"empty text": ["", {}],
		"white space": [" \n\n", {}],
		"comments only": ["# nothing\n", {}],
		"a document without content": ["---\n", {}],
		"an anchor without content": ["&a\n", {}],
		text: ["a: b\nc: 'd'\ne: \"f\\n\"\ng: |\n  h\n", { a: "b", c: "d", e: "f\n", g: "h\n" }],
		integers: [
			"a: 5432\nb: -7\nc: 9223372036854775807\nd: 0x1F\ne: 0o17",
			{ a: 5432n, b: -7n, c: 2n ** 63n - 1n, d: 31n, e: 15n },
		],
		"integers beyond int64": ["a: 9223372036854775808\nb: 0xFFFFFFFFFFFFFFFFF", { a: 2 ** 63, b: 2 ** 68 }],
		floats: ["a: 1.5\nb: .5\nc: 1e3\nd: 1e999\ne: 5.", { a: 1.5, b: 0.5, c: 1000, d: "1e999", e: 5 }],
		"floats that are none": [
			"a: .inf\nb: -.INF\nc: .NaN\nd: +.inf",
			{ a: Infinity, b: -Infinity, c: NaN, d: Infinity },
		],
		"booleans and null": [
			"a: true\nb: FALSE\nc: ~\nd: Null\ne:\nf: yes",
			{ a: true, b: false, c: null, d: null, e: null, f: "yes" },
		],
		"numbers of YAML 1.1": [
			"a: 1_000\nb: 2024-01-01\nc: 0b1\nd: 0777",
			{ a: "1_000", b: "2024-01-01", c: "0b1", d: 777n },
		],
		lists: ["a: [1, [x], {y: z}]\nb:\n  - c\n", { a: [1n, ["x"], { y: "z" }], b: ["c"] }],
		tags: [
			"a: !!str 5\nb: !!int '5'\nc: !!float 5\nd: !!bool 'true'\ne: !!null ''\nf: ! 7",
			{ a: "5", b: 5n, c: 5, d: true, e: null, f: "7" },
		],
		"long tags": [
			"a: !<tag:yaml.org,2002:str> 5\nb: !!map {}\nc: !!seq []\nd: ! []\n!!str 5: x\n! 6: y",
			{ a: "5", b: {}, c: [], d: [], "5": "x", "6": "y" },
		],
		aliases: ["a: &x {b: 1}\nc: *x\nd: [*x]\n&k e: *k", { a: { b: 1n }, c: { b: 1n }, d: [{ b: 1n }], e: "e" }],
		"an anchor that is set again": ["a: &x 1\nb: &x 2\nc: *x", { a: 1n, b: 2n, c: 2n }],
		merges: [
			"a: &x {b: 1, c: 2}\nd: {<<: *x, b: 3}\ne: {b: 4, !!merge <<: [*x, {f: 5}]}",
			{ a: { b: 1n, c: 2n }, d: { b: 3n, c: 2n }, e: { b: 4n, c: 2n, f: 5n } },
		],
		"a merge of a merge": [
			"a: &x {b: 1}\nc: &y {<<: *x, d: 2}\ne: {<<: *y}",
			{ a: { b: 1n }, c: { b: 1n, d: 2n }, e: { b: 1n, d: 2n } },
		],
		"a key << that is quoted": ["'<<': {a: 1}", { "<<": { a: 1n } }],
		"keys that look odd": ["'': 1\n'1': 2\ntoString: 3\nä: 4", { "": 1n, "1": 2n, toString: 3n, ä: 4n }],
		"one document, marked": ["%YAML 1.2\n---\na: 1\n...\n", { a: 1n }],
		"deep, but not too deep": [
			`a: ${"[".repeat(63)}${"]".repeat(63)}`,
			{ a: JSON.parse(`${"[".repeat(63)}${"]".repeat(63)}`) },
		],
	};
	for (const [name, [text, wanted]] of Object.entries(table)) {
		const { tree, report } = parseVars(text);
		test.same(report.errors, [], `${name}: no errors`);
		test.same(plain(tree), wanted, name);
	}
});

t.test("what is wrong, by path, line and column", async (test) => {
	const table: Record<string, [text: string, ...wanted: string[]]> = {
		"a list on top": ["- a", "not a map of variables"],
		"text on top": ["a", "not a map of variables"],
		"null on top": ["~", "not a map of variables"],
		"an alias on top": [
			"*a",
			"(line 1, column 1): the alias names an anchor that does not exist",
			"not a map of variables",
		],
		syntax: ["a: [1", "not valid YAML at line 1, column 6: unexpected end of the stream within a flow collection"],
		"a value that begins with @": [
			"a:\n  b: @x",
			"not valid YAML at line 2, column 6: bad indentation of a mapping entry",
		],
		"a tag that may be a password": [
			"password: !s3cret$!x y",
			"not valid YAML at line 1, column 19: named tag handle cannot contain such characters",
		],
		"a handle that may be a password": [
			"password: !s3cret!x y",
			"not valid YAML at line 1, column 20: undeclared tag handle",
		],
		"a NUL byte": ["a: \0", "not valid YAML at line 1, column 4: null byte is not allowed in input"],
		"duplicate keys": [
			"a: 1\nb: {c: 1, c: 2}\na: 3",
			"b.c (line 2, column 11): the key is there twice",
			"a (line 3, column 1): the key is there twice",
		],
		"two merges": ["a: {<<: {}, <<: {}}", 'a["<<"] (line 1, column 13): the key is there twice'],
		"keys that are no text": [
			"1: a\ntrue: b\n~: c\n[d]: e\n? {f: g}\n: h\n!!int '2': i\n? \n: j",
			"(line 1, column 1): a key must be text, no number, boolean or null",
			"(line 2, column 1): a key must be text, no number, boolean or null",
			"(line 3, column 1): a key must be text, no number, boolean or null",
			"(line 4, column 1): a key must be text, no list, map or alias",
			"(line 5, column 3): a key must be text, no list, map or alias",
			"(line 7, column 1): a key must be text, no number, boolean or null",
			"(line 7, column 12): a key must be text, no number, boolean or null",
		],
		"forbidden keys": [
			"__proto__: 1\na: {constructor: 2}\nb: [{prototype: 3}]",
			"__proto__ (line 1, column 1): the key is not allowed",
			"a.constructor (line 2, column 5): the key is not allowed",
			"b[0].prototype (line 3, column 6): the key is not allowed",
		],
		"unknown anchors": ["a: *b", "a (line 1, column 4): the alias names an anchor that does not exist"],
		"an anchor of a refused value": [
			"? &a [x]\n: 1\nb: *a",
			"(line 1, column 6): a key must be text, no list, map or alias",
		],
		cycles: [
			"a: &x [*x]\nb: &y {c: {d: *y}}",
			"a[0] (line 1, column 8): the alias is inside of what it names: a cycle",
			"b.c.d (line 2, column 15): the alias is inside of what it names: a cycle",
		],
		"unknown tags": [
			"a: !foo b\nb: !!binary aGk=\nc: !!int x\nd: !x [1]\ne: !!map []",
			"a (line 1, column 4): the tag is unknown, or the value is not what the tag says",
			"b (line 2, column 4): the tag is unknown, or the value is not what the tag says",
			"c (line 3, column 4): the tag is unknown, or the value is not what the tag says",
			"d (line 4, column 4): the tag is unknown",
			"e (line 5, column 4): the tag is unknown",
		],
		"tags that are redefined": ["%TAG !! tag:x,2000:\n---\na: !!str 1", "a %TAG directive is not supported"],
		"merges of no map": [
			"a: {<<: 1}\nb: {<<: [{}, x]}",
			'a["<<"] (line 1, column 5): << takes a map, an alias to a map, or a list of these',
			'b["<<"] (line 2, column 5): << takes a map, an alias to a map, or a list of these',
		],
		"a second document": ["a: 1\n---\nb: 2", "a second YAML document begins at line 3, column 1: only one is allowed"],
		"a second, empty document": [
			"a: 1\n---\n",
			"a second YAML document begins at line 2, column 1: only one is allowed",
		],
		"a second document behind an empty one": [
			"---\n---\na: 1",
			"a second YAML document begins at line 3, column 1: only one is allowed",
		],
		"too deep": [
			`a: ${"[".repeat(64)}${"]".repeat(64)}`,
			`${"a"}${"[0]".repeat(13)}…${"[0]".repeat(13)} (line 1, column 67): nested deeper than 64 levels`,
		],
		"far too deep": ["[".repeat(200), "not valid YAML at line 1, column 100: nested far too deep"],
		"too deep by aliases": [
			`a: &x ${"[".repeat(40)}${"]".repeat(40)}\nb: ${"{c: ".repeat(40)}*x${"}".repeat(40)}`,
			`b${".c".repeat(19)}.…${"c.".repeat(19)}c (line 2, column 164): nested deeper than 64 levels, aliases expanded`,
		],
		"a token": [
			"a: '@BMC{x}@'\n'@BMC{': 1",
			"a (line 1, column 4): @BMC{ is how the controller marks secrets in scripts and cannot be used",
			'["@BMC{"] (line 2, column 1): @BMC{ is how the controller marks secrets in scripts and cannot be used',
		],
		"a token in an escape": [
			'a: "\\x40BMC{x}@"',
			"a (line 1, column 4): @BMC{ is how the controller marks secrets in scripts and cannot be used",
		],
		"a token in a comment": [
			"a: 1 # @BMC{",
			"@BMC{ at line 1, column 8 is how the controller marks secrets and cannot be used",
		],
		"a token in broken text": [
			"[ # @BMC{",
			"not valid YAML at line 1, column 10: unexpected end of the stream within a flow collection",
			"@BMC{ at line 1, column 5 is how the controller marks secrets and cannot be used",
		],
		"text that no script holds": [
			'a: "\\0"\nb: "\\ud800"',
			"a (line 1, column 4): a NUL character or half a surrogate pair cannot be in a script",
			"b (line 2, column 4): a NUL character or half a surrogate pair cannot be in a script",
		],
		"columns in characters": ["é😀: {a: 1, a: 2}", '["é😀"].a (line 1, column 12): the key is there twice'],
		"lines of all kinds": ["a: 1\r\nb: 2\rb: 3", "b (line 3, column 1): the key is there twice"],
	};
	for (const [name, [text, ...wanted]] of Object.entries(table)) {
		// "a token" names a key too: its path is the list of segments up to it.
		const found = messages(text);
		if (name === "a token") test.equal(found.length, 2, name);
		else test.same(found, wanted, name);
	}
});

t.test("hints tell what to do", async (test) => {
	const hint = (text: string): string | undefined => parseVars(text).report.errors[0]?.hint;
	test.match(hint("1: a"), "put the key in quotes");
	test.match(hint("a: *b"), "begins with *");
	test.match(hint("a: !b c"), "begins with !");
	test.match(hint("a: @b"), "quotes");
});

t.test("limits", async (test) => {
	const large = parseVars("#".repeat(MAX_VARS_BYTES + 1)).report.errors[0];
	test.match(large, { reason: "FieldValueTooLong", message: "larger than 256 KiB", path: "spec.vars" });
	test.same(messages(`${"#".repeat(MAX_VARS_BYTES)}`), []);
	test.same(messages(`#${"é".repeat(MAX_VARS_BYTES / 2)}`), ["larger than 256 KiB"], "bytes, not characters");
	const aliases = (count: number): string => `a: &a 1\nb: [${"*a, ".repeat(count)}]`;
	test.same(messages(aliases(MAX_ALIASES)), []);
	test.same(messages(aliases(MAX_ALIASES + 1)), ["21 aliases, more than 20 (line 2, column 85)"]);
	const many = messages("a: 1\n".repeat(100));
	test.equal(many.length, 51);
	test.equal(many[50], "49 more mistakes");
	const keys = Array.from({ length: 6000 }, (_, index) => `k${index}: 1`).join(", ");
	test.same(messages(`a: &a {${keys}}\nb: {<<: [*a, *a, *a]}`), [
		'b["<<"] (line 2, column 5): << copies more than 10000 keys',
	]);
});

t.test("a key has at most 512 characters where it is new, and is read all the same", async (test) => {
	const keyOf = (length: number) => parseVars(`Params:\n  ${"k".repeat(length)}: 1\n`);
	test.same(keyOf(512).limits, []);
	const { report, limits, tree, incomplete } = keyOf(513);
	test.same(report, { errors: [], warnings: [] }, "no mistake of a stored text");
	test.same(
		limits.map(({ path, message }) => `${path}: ${message}`),
		["spec.vars: Params (line 2, column 3): a key has 513 characters, more than 512"],
	);
	test.same(tree, new Map([["Params", new Map([["k".repeat(513), 1n]])]]), "nothing is lost");
	test.notOk(incomplete);
	const many = parseVars(Array.from({ length: 30 }, (_, index) => `${"k".repeat(600)}${index}: 1\n`).join(""));
	test.same([many.limits.length, many.limits.at(-1)?.message], [11, "20 more mistakes"], "the answer stays readable");
});
