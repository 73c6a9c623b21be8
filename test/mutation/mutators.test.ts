// Each mutator on small pieces of code: what it changes, and what it leaves alone.
import t from "tap";
import { mutantsOf, mutated, mutators } from "./mutators.ts";

/** The pieces that one mutator makes of a piece of code. */
const made = (mutator: string, code: string): string[] =>
	mutantsOf(code)
		.filter((mutant) => mutant.mutator === mutator)
		.map((mutant) => mutated(code, mutant));

const rows: [mutator: string, code: string, mutants: string[]][] = [
	["operator", "a < b;", ["a <= b;", "a >= b;"]],
	["operator", "a >= b;", ["a > b;", "a < b;"]],
	["operator", "a === b;", ["a !== b;"]],
	["operator", "a && b;", ["a || b;"]],
	["operator", "a ?? b;", ["a && b;"]],
	["operator", "a - b;", ["a + b;"]],
	["operator", '"a" + b;', []],
	["operator", "a + `b` + c;", []],
	["operator", "a /* < */ < b;", ["a /* <= */ < b;", "a /* >= */ < b;"]],
	["assignment", "a += 1;", ["a -= 1;"]],
	["assignment", 'a += "x";', []],
	["assignment", "a ??= b;", ["a &&= b;"]],
	["assignment", "a = b;", []],
	["condition", "if (a) b();", ["if (true) b();", "if (false) b();"]],
	["condition", "a ? b : c;", ["true ? b : c;", "false ? b : c;"]],
	["condition", "while (a) b();", ["while (false) b();"]],
	["condition", "for (; a; ) b();", ["for (; false; ) b();"]],
	["condition", "for (;;) b();", []],
	["condition", "while (true) b();", []],
	["condition", "x = a && b;", ["x = true && b;", "x = a && true;"]],
	["condition", "x = a || b;", ["x = false || b;", "x = a || false;"]],
	["comparison", "const f = () => a < b;", ["const f = () => true;", "const f = () => false;"]],
	["comparison", "const x = a < b;", []],
	["negation", "x = !a;", ["x = a;"]],
	["negation", "x = -a;", ["x = a;"]],
	["negation", "x = typeof a;", []],
	["update", "a++;", ["a--;"]],
	["boolean", "f(true);", ["f(false);"]],
	["text", 'f("a");', ['f("");']],
	["text", 'f("");', ['f("mutated");']],
	["text", "f(`a${b}`);", ['f("");']],
	["text", 'import a from "b"; const x = { "a": 1 };', []],
	["text", 'await import("b");', []],
	["text", 'type A = "a" | "b"; const x = a as "b";', []],
	["array", "f([a, b]);", ["f([]);"]],
	["array", "f([]);", ['f(["mutated"]);']],
	["property", "f({ a, b: 1, ...c });", ["f({ b: 1, ...c });", "f({ a, ...c });", "f({ a, b: 1 });"]],
	["property", "f({ a });", ["f({  });"]],
	["argument", "f(a, b);", ["f(a);"]],
	["argument", "f(a);", []],
	["argument", "new A(a, b, c);", ["new A(a, b);"]],
	["method", "a.some(f);", ["a.every(f);"]],
	["method", "Math.min(a, b);", ["Math.max(a, b);"]],
	["method", "a.filter(f);", ["a;"]],
	["method", "a.toString();", []],
	["method", 'a["some"](f);', []],
	["chain", "a?.b;", ["a.b;"]],
	["chain", "a?.[0];", ["a[0];"]],
	["chain", "a?.(b);", ["a(b);"]],
	["statement", "f();", [";"]],
	["statement", "throw a;", [";"]],
	["statement", "function f() { return a; }", ["function f() { return undefined; }"]],
	["statement", "function f() { return; }", ["function f() { ; }"]],
	["statement", "for (;;) { break; }", ["for (;;) { ; }"]],
	["result", "const f = () => a;", ["const f = () => undefined;"]],
	["result", "const f = () => ({ a });", ["const f = () => undefined;"]],
	["result", "const f = () => { a(); };", []],
	["pattern", "/^a$/u.test(b);", ["/a$/u.test(b);", "/^a/u.test(b);"]],
	["pattern", "/a\\$/.test(b);", []],
];
for (const [mutator, code, wanted] of rows)
	t.test(`${mutator}: ${code}`, async (t) => t.strictSame(made(mutator, code), wanted));

t.test("every mutator has a row", async (t) => {
	for (const name of Object.keys(mutators))
		t.ok(
			rows.some(([mutator, , wanted]) => mutator === name && wanted.length > 0),
			name,
		);
});

t.test("types, and what TypeScript adds to an expression, are left alone", async (t) => {
	t.strictSame(mutantsOf('interface A { a: "x" | true }\ntype B = A["a"];\nexport type { C } from "./c.ts";'), []);
	t.strictSame(made("boolean", "const a = true as boolean;"), ["const a = false as boolean;"]);
	t.strictSame(made("boolean", "f(true!, { a: false } satisfies A);"), [
		"f(false!, { a: false } satisfies A);",
		"f(true!, { a: true } satisfies A);",
	]);
});

t.test("each change once, in the order of the text", async (t) => {
	const found = mutantsOf("if (a === b) f(true);\nreturned(!c);");
	t.same(
		found.map(({ start }) => start),
		found.map(({ start }) => start).toSorted((one, other) => one - other),
	);
	const keys = found.map(({ start, end, replacement }) => `${start} ${end} ${replacement}`);
	t.equal(new Set(keys).size, keys.length);
});

t.test("what is no TypeScript", async (t) => t.throws(() => mutantsOf("const = ;"), SyntaxError));
