import t from "tap";
import { goFloat } from "../../../src/domain/vars/go-number.ts";
import { parseVars } from "../../../src/domain/vars/parse.ts";
import { formatSurprise } from "../../../src/domain/vars/scalars.ts";
import fc from "../../property.ts";

const warnings = (text: string): string[] => parseVars(text).report.warnings;

t.test("numbers print as Go prints them", async (test) => {
	const table: [number, string][] = [
		[0, "0"],
		[-0, "-0"],
		[1.5, "1.5"],
		[100_000, "100000"],
		[999_999, "999999"],
		[1_000_000, "1e+06"],
		[1_234_567.5, "1.2345675e+06"],
		[1e21, "1e+21"],
		[1e100, "1e+100"],
		[-2e7, "-2e+07"],
		[0.0001, "0.0001"],
		[0.00001, "1e-05"],
		[-1.5e-10, "-1.5e-10"],
		[Number.NaN, "NaN"],
		[Number.POSITIVE_INFINITY, "+Inf"],
		[Number.NEGATIVE_INFINITY, "-Inf"],
	];
	for (const [value, wanted] of table) test.equal(goFloat(value), wanted);
	fc.assert(
		fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) =>
			Object.is(Number(goFloat(value)), value),
		),
	);
});

t.test("what surprises in an unquoted value", async (test) => {
	const table: [text: string, printed: string | undefined | true][] = [
		["5432", undefined],
		["-7", undefined],
		["1.5", undefined],
		["true", undefined],
		["", undefined],
		["~", undefined],
		["null", undefined],
		["text", undefined],
		["yes", undefined],
		["1.2.3", undefined],
		["10:30", undefined],
		["1.10", "1.1"],
		["1.0", "1"],
		["1e3", "1000"],
		["1000000.0", "1e+06"],
		["0x1F", "31"],
		["0o17", "15"],
		["0777", "777"],
		["+5", "5"],
		["-0", "0"],
		["-0.0", "-0"],
		["True", "true"],
		["FALSE", "false"],
		[".inf", "+Inf"],
		[".nan", "NaN"],
		["9223372036854775808", "9.223372036854776e+18"],
		["1_000", true],
		["0b101", true],
		["1e999", true],
		["2024-01-01", true],
		["2024-01-01 10:30:00", true],
		["2024-1-1T10:30:00Z", true],
	];
	for (const [text, wanted] of table) {
		const expected = wanted === true ? { text: true } : wanted === undefined ? undefined : { printed: wanted };
		test.same(formatSurprise(text), expected, text);
	}
});

t.test("warnings name the path, the line and what to write", async (test) => {
	test.same(warnings('Params:\n  version: 1.10\n  since: 2024-01-01\n  ok: "1.10"\n  list: [0777]\n'), [
		'Params.version (vars line 2) prints as 1.1; to keep it write "1.10"',
		'Params.since (vars line 3) is text, no number or date; to say so write "2024-01-01"',
		'Params.list[0] (vars line 5) prints as 777; to keep it write "0777"',
	]);
	test.same(warnings("Params: {password: 0777, tokens: {a: 1.0}, list: {pin: [1_0]}}"), [
		"Params.password (vars line 1) does not print as typed; to keep it write it in quotes",
		"Params.tokens.a (vars line 1) does not print as typed; to keep it write it in quotes",
		"Params.list.pin[0] (vars line 1) is text, no number or date; to say so write it in quotes",
	]);
	test.same(warnings(`a: ${"0".repeat(30)}1`), [
		"a (vars line 1) does not print as typed; to keep it write it in quotes",
	]);
});

t.test("of pod options only what is printed, and file modes", async (test) => {
	test.same(
		warnings(
			[
				"HelmValues:",
				"  env: {VERSION: 1.10}",
				"  resources: {limits: {cpu: 1.0}}",
				"  volumes:",
				"    - {name: a, secret: {secretName: x, defaultMode: 0400, items: [{key: k, path: p, mode: 0o444}]}}",
				"    - {name: b, configMap: {name: x, defaultMode: 420}}",
			].join("\n"),
		),
		[
			'HelmValues.env.VERSION (vars line 2) prints as 1.1; to keep it write "1.10"',
			"HelmValues.volumes[0].secret.defaultMode (vars line 5) is decimal; for octal write 0o400",
		],
	);
	test.same(
		warnings("HelmValues: {env: {umode: 0400}}"),
		['HelmValues.env.umode (vars line 1) prints as 400; to keep it write "0400"'],
		"only the names that Kubernetes has for file modes",
	);
	test.same(warnings("Params: {mode: 0400}"), ['Params.mode (vars line 1) prints as 400; to keep it write "0400"']);
});

t.test("warnings fit in 120 characters, and only the first 20 are told", async (test) => {
	const key = fc.string({ minLength: 1, maxLength: 200 }).map((text) => JSON.stringify(text));
	fc.assert(
		fc.property(key, key, fc.constantFrom("1.10", "0777", "2024-01-01", "0".repeat(60)), (outer, inner, value) =>
			warnings(`{${outer}: {${inner}: ${value}}}`).every((text) => Array.from(text).length <= 120),
		),
	);
	const many = warnings(Array.from({ length: 30 }, (_, index) => `k${index}: 1.10`).join("\n"));
	test.equal(many.length, 21);
	test.equal(many[20], "10 more unquoted values that are no text or do not print as typed");
});
