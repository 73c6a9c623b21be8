import t from "tap";
import { overlay } from "../../../src/domain/vars/overlay.ts";
import { parseVars } from "../../../src/domain/vars/parse.ts";
import { pathText, positionOf, shorten } from "../../../src/domain/vars/position.ts";
import { getPath, overlaySecretPaths, type SecretPath, segmentsOf, setPath } from "../../../src/domain/vars/secrets.ts";
import { SecretValue, type Value, type ValueMap } from "../../../src/template/value.ts";
import fc from "../../property.ts";

const tree = parseVars("Params: {password: x, list: [1], map: {a: 1}, empty: {}, nothing: }\nnone:").tree;

const entry = (path: string, secretName = "s"): SecretPath => ({
	path,
	secretName,
	key: path,
	fieldPath: "spec.varsSecretRef",
});

const show = (value: Value): unknown => {
	if (value instanceof SecretValue) return `${value.secretName}/${value.key} at ${value.path}`;
	if (!(value instanceof Map)) return value;
	return Object.fromEntries(
		[...(value as ValueMap)].sort(([left], [right]) => (left < right ? -1 : 1)).map(([key, item]) => [key, show(item)]),
	);
};

t.test("secrets go over what vars hold", async (test) => {
	const table: Record<string, [path: string, at: string[]]> = {
		"over a literal": ["Params.password", ["Params", "password"]],
		"beside it": ["Params.token", ["Params", "token"]],
		"where nothing was": ["a.b.c", ["a", "b", "c"]],
		"over a list": ["Params.list", ["Params", "list"]],
		"over an empty map": ["Params.empty", ["Params", "empty"]],
		"under an empty map": ["Params.empty.x", ["Params", "empty", "x"]],
		"over null": ["Params.nothing", ["Params", "nothing"]],
		"under null": ["Params.nothing.x.y", ["Params", "nothing", "x", "y"]],
		"under null on top": ["none.x", ["none", "x"]],
		"on top": ["x", ["x"]],
	};
	for (const [name, [path, at]] of Object.entries(table)) {
		const result = overlaySecretPaths(tree, [entry(path)]);
		test.same(result.report, { errors: [], warnings: [] }, name);
		test.same(getPath(result.tree, at), new SecretValue(path, "s", path), name);
	}
	test.equal(getPath(tree, ["Params", "password"]), "x", "the given tree stays as it is");
});

t.test("collisions name both", async (test) => {
	const table: Record<string, [paths: string[], ...wanted: string[]]> = {
		"two keys": [["X", "X.y"], 'key "X.y" of Secret "s" lies under X, and key "X" of Secret "s" sets it'],
		"two keys, the other way round": [
			["X.y", "X"],
			'key "X.y" of Secret "s" lies under X, and key "X" of Secret "s" sets it',
		],
		"under a value": [
			["Params.password.x"],
			'key "Params.password.x" of Secret "s" lies under Params.password, and vars hold a single value there',
		],
		"under a list": [
			["Params.list.0"],
			'key "Params.list.0" of Secret "s" lies under Params.list, and vars hold a list there',
		],
		"over a map": [
			["Params.map"],
			'key "Params.map" of Secret "s" would replace Params.map, and vars hold a map there',
		],
		"an empty part": [["a..b"], 'key "a..b" of Secret "s" is no path: it has an empty part'],
		"a forbidden part": [["a.__proto__.b"], 'key "a.__proto__.b" of Secret "s" is no path: __proto__ is not allowed'],
	};
	for (const [name, [paths, ...wanted]] of Object.entries(table)) {
		const { report } = overlaySecretPaths(
			tree,
			paths.map((path) => entry(path)),
		);
		test.same(
			report.errors.map(({ message }) => message),
			wanted,
			name,
		);
		test.match(report.errors[0], { path: "spec.varsSecretRef", reason: "FieldValueInvalid" });
	}
	const once = overlaySecretPaths(tree, [entry("Repository.token", "a")]);
	const under = overlaySecretPaths(once.tree, [entry("Repository.token.x", "b")]);
	test.match(under.report.errors[0]?.message, 'and key "Repository.token" of Secret "a" sets it');
});

t.test("of equal paths the last wins", async (test) => {
	const { tree: result, report } = overlaySecretPaths(tree, [
		entry("Repository.token", "vars"),
		entry("Repository.token", "token"),
	]);
	test.same(report.errors, []);
	test.match(getPath(result, ["Repository", "token"]), { secretName: "token" });
});

t.test("values of the controller", async (test) => {
	const controller = { source: "the controller", fieldPath: "spec" };
	const path = overlay(tree, [
		{ segments: ["Repository", "encryptionKeyPath"], value: "/mnt/secrets/gpg-key", ...controller },
	]);
	test.equal(getPath(path.tree, ["Repository", "encryptionKeyPath"]), "/mnt/secrets/gpg-key");
	const wrong = overlay(tree, [{ segments: ["Params", "password", "x"], value: "y", ...controller }]);
	test.match(wrong.report.errors[0], {
		path: "spec",
		message: "the controller lies under Params.password, and vars hold a single value there",
	});
	const map = overlay(tree, [{ segments: ["Params", "map"], value: new Map([["b", 2n]]), ...controller }]);
	test.same(map.report.errors, [], "a map may replace a map");
});

t.test("the order of entries changes nothing", async (test) => {
	const paths = fc.uniqueArray(
		fc
			.array(fc.constantFrom("Params", "a", "b", "password", "list", "map", "empty", ""), {
				minLength: 1,
				maxLength: 4,
			})
			.map((parts) => parts.join(".")),
	);
	fc.assert(
		fc.property(
			paths.chain((list) => fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length }))),
			([list, shuffled]) => {
				const [one, other] = [list, shuffled].map((order) =>
					overlaySecretPaths(
						tree,
						order.map((path) => entry(path)),
					),
				);
				const errors = [one, other].map((result) => result?.report.errors.map(({ message }) => message).sort());
				test.same(errors[0], errors[1]);
				return JSON.stringify(show(one?.tree as ValueMap), big) === JSON.stringify(show(other?.tree as ValueMap), big);
			},
		),
	);
});

t.test("many entries do as one after the other does, and each path is walked once", async (test) => {
	const names = fc.constantFrom("Params", "a", "b", "password", "map");
	const lists = fc.array(fc.array(names, { minLength: 1, maxLength: 3 }).map((parts) => parts.join(".")));
	fc.assert(
		fc.property(lists, (paths) => {
			const entries = paths.map((path, index) => entry(path, `s${index}`));
			const all = overlaySecretPaths(tree, entries);
			const lines = paths.flatMap((path, index) =>
				paths.flatMap((other, place) =>
					path.startsWith(`${other}.`)
						? [`"${path}" of Secret "s${index}" lies under ${other}, and key "${other}" of Secret "s${place}"`]
						: [],
				),
			);
			const said = all.report.errors.map(({ message }) => message);
			if (said.some((message) => message.includes("vars hold"))) return true;
			test.same(
				said,
				lines.map((line) => `key ${line} sets it`),
			);
			const covered = (path: string): boolean => paths.some((other) => other.startsWith(`${path}.`));
			const oneByOne = entries.reduce(
				(into, { path, secretName }) =>
					covered(path) ? into : setPath(into, segmentsOf(path), new SecretValue(path, secretName, path)),
				tree,
			);
			return JSON.stringify(show(all.tree), big) === JSON.stringify(show(oneByOne), big);
		}),
	);
	const before = JSON.stringify(show(tree), big);
	const segments = Array.from({ length: 100_000 }, (_, index) => entry(`Params.map${index % 300}.key${index}`));
	test.same(overlaySecretPaths(tree, segments).report.errors, []);
	test.equal(JSON.stringify(show(tree), big), before, "the given tree stays as it is");
});

const big = (_: string, value: unknown): unknown => (typeof value === "bigint" ? `${value}n` : value);

t.test("reading and setting by path", async (test) => {
	test.equal(getPath(tree, []), tree);
	test.equal(getPath(tree, ["Params", "nope"]), undefined);
	test.equal(getPath(tree, ["Params", "password", "x"]), undefined);
	test.same(show(setPath(new Map(), ["a", "b"], 1n)), { a: { b: 1n } });
	test.same(
		show(setPath(new Map([["a", "text"]]), ["a", "b"], 1n)),
		{ a: { b: 1n } },
		"what is in the way is replaced",
	);
	test.same(segmentsOf("a"), ["a"]);
});

t.test("places and paths in messages", async (test) => {
	test.same(positionOf("a\nbc", 3), { line: 2, column: 2 });
	test.same(positionOf("abc", -5), { line: 1, column: 1 });
	test.same(positionOf("ab", 99), { line: 1, column: 3 });
	test.equal(pathText(["a", 0, "b-c", "d e", ""]), 'a[0].b-c["d e"][""]');
	test.equal(pathText(["x y"]), '["x y"]');
	test.equal(pathText([]), "");
	test.equal(shorten("abcdefgh", 5), "ab…gh");
	test.equal(shorten("abcdefgh", 4), "ab…h");
	test.equal(shorten("😀😀", 2), "😀😀");
	test.equal(shorten(`a${"😀".repeat(50)}b`, 5), "a😀…😀b", "no character is cut, however long the text");
	test.equal(shorten("😀".repeat(50), 4), "😀😀…😀");
});
