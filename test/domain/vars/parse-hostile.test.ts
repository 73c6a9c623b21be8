// Vars that nobody means well with, and properties that hold for all texts.
import { readFileSync } from "node:fs";
import t from "tap";
import { parseVars } from "../../../src/domain/vars/parse.ts";
import type { Value, ValueMap } from "../../../src/template/value.ts";
import fc from "../../property.ts";

/** A tree with its maps as plain objects, for reading. */
const plain = (value: Value): unknown => {
	if (value instanceof Map)
		return Object.fromEntries([...(value as ValueMap)].map(([key, item]) => [key, plain(item)]));
	return Array.isArray(value) ? value.map((item) => plain(item)) : value;
};

const messages = (text: string): string[] => parseVars(text).report.errors.map(({ message }) => message);

t.test("alias bombs are refused without being expanded", async (test) => {
	const lines = ["a: &a [lol, lol, lol, lol, lol, lol, lol, lol, lol, lol]"];
	for (let level = 0; level < 6; level++) {
		const [from, to] = ["abcdefg"[level], "abcdefg"[level + 1]];
		lines.push(`${to}: &${to} [*${from}, *${from}, *${from}]`);
	}
	const small = messages(lines.join("\n"));
	test.same(small, [], "9 KiB are no bomb");
	const bomb = messages(`a: &a [${"x,".repeat(100_000)}]\nb: &b [*a, *a, *a]\nc: &c [*b, *b, *b]\nd: [*c, *c, *c]`);
	test.same(bomb, ["d[0] (line 4, column 5): aliases expand to more than 1 MiB"]);
	const level = (_: unknown, index: number): string =>
		`b${index + 1}: &b${index + 1} [*b${index}, *b${index}, *b${index}]`;
	const endless = ["b0: &b0 [x, x]", ...Array.from({ length: 60 }, level)].join("\n");
	test.same(parseVars(endless).tree, new Map(), "nothing is left that anybody could walk into");
});

t.test("the seed's example is read without an error", async (test) => {
	const seed = new URL("../../fixtures/seed/vars.yaml", import.meta.url);
	const { tree, report } = parseVars(readFileSync(seed, "utf8"));
	test.same(report, { errors: [], warnings: [] });
	test.match(plain(tree), { Params: { port: 5432n, db: "backup-repository" }, HelmValues: { env: {} } });
});

t.test("no text makes it throw, and no message holds a value", async (test) => {
	const hostile = fc.oneof(
		fc.string(),
		fc.string({ unit: fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code)) }),
		fc
			.array(
				fc.constantFrom(
					"a",
					":",
					" ",
					"\n",
					"- ",
					"[",
					"]",
					"{",
					"}",
					"&a ",
					"*a",
					"!",
					"|",
					">",
					"'",
					'"',
					"<<: ",
					"#",
					"---\n",
					"? ",
					",",
					"\\",
					"%",
					"@",
					"\t",
					"1",
					"~",
				),
			)
			.map((parts) => parts.join("")),
	);
	fc.assert(
		fc.property(hostile, (text) => {
			const { tree, report } = parseVars(text);
			return tree instanceof Map && report.errors.every(({ path }) => path === "spec.vars");
		}),
		{ numRuns: 1000 },
	);
	const SECRET = "hunter2hunter2";
	const around = fc.constantFrom(
		"",
		"!",
		"*",
		"&",
		"@",
		"%",
		"'",
		'"',
		"!!",
		"!<",
		"|",
		"[",
		"{",
		"- ",
		"? ",
		"`",
		"!x!",
		"\\",
	);
	fc.assert(
		fc.property(
			around,
			around,
			fc.constantFrom("", ": ", "'", " b", "!", ">", " #", "\n x"),
			(before, inside, after) => {
				const { report } = parseVars(`password: ${before}${inside}${SECRET}${after}`);
				return !JSON.stringify(report).includes(SECRET);
			},
		),
		{ numRuns: 1000 },
	);
	test.pass();
});

t.test("JSON is YAML: any JSON map is read as what it is", async (test) => {
	const forbidden = ["__proto__", "constructor", "prototype"];
	const json = fc.jsonValue({ maxDepth: 4 }).filter((value) => {
		const text = JSON.stringify(value);
		return (
			!forbidden.some((word) => text.includes(word)) &&
			!text.includes("\\u0000") &&
			!text.includes("@BMC{") &&
			text.isWellFormed()
		);
	});
	const asTree = (value: unknown): unknown => {
		if (typeof value === "number")
			return Math.abs(value) < 2 ** 63 && /^-?\d+$/.test(JSON.stringify(value)) ? BigInt(JSON.stringify(value)) : value;
		if (Array.isArray(value)) return value.map(asTree);
		if (value !== null && typeof value === "object") {
			return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, asTree(item)]));
		}
		return value;
	};
	fc.assert(
		fc.property(json, (value) => {
			const text = JSON.stringify({ a: value });
			if (/[\u007f-\u009f\ufffe\uffff]|\\ud[89a-f]/.test(text)) return;
			const { tree, report } = parseVars(text);
			test.same(report.errors, []);
			const show = (item: unknown): string =>
				JSON.stringify(item, (_, part) => (typeof part === "bigint" ? `${part}` : Object.is(part, -0) ? "0" : part));
			if (show(plain(tree)) !== show({ a: asTree(value) })) test.same(plain(tree), { a: asTree(value) });
		}),
	);
});
