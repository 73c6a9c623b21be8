// The values that a script is completed with, in real bash: whatever is in them, the completed script must be, byte by
// byte, what rendering them in place would have given.

import t from "tap";
import type { SecretTransform } from "../../../src/template/index.ts";
import fc from "../../property.ts";
import { NAME, REFERENCE, renderInPlace, renderTokens, STOP, token } from "./in-place.ts";
import { runBootstrap } from "./real-bash.ts";

t.setTimeout(180_000);

const HOSTILE: Record<string, string> = {
	"a plain word": "putinchuj",
	"a token of itself": `x${token()}y`,
	"a token start alone": "@BMC{",
	"a token end alone": "}@",
	"half a token, to be closed by the script": `@BMC{${NAME}`,
	"single quotes": "it's 'so'",
	"double quotes": '"so"',
	newlines: "a\nb\n\nc",
	"trailing newlines": "a\n\n\n",
	"only a newline": "\n",
	"carriage returns": "a\r\nb\r",
	ampersands: "a&b && c",
	backslashes: "\\ \\\\ \\n a\\",
	"shell syntax": "${HOME} $(id) `id` $HOME $$ $1",
	globs: "* ? [a-z] ~ {a,b} !(x)",
	"printf formats": "%s %d %% %n",
	"arithmetic and subscripts": "a[$(id)] 1+1 x=1",
	"an option": "-n -e -p",
	"leading and trailing blanks": " \t a \t ",
	"multi-byte characters": "zażółć gęślą jaźń 日本語 😀 é",
	"control characters": "\x01\x02\x07\b\t\v\f\x1b\x7f",
	"non-printable beyond ASCII": "\u0085\u00a0\u200b\ufeff",
	empty: "",
	"shell quoting of a quote": "'\\''",
	"URL syntax": "a b+c&d=e/f?g#h%20;~.-_",
};

const TRANSFORMS = [
	"",
	"| shellQuote",
	"| quote",
	"| squote",
	"| b64enc",
	"| urlquery",
	"| b64enc | shellQuote",
	"| quote | shellQuote",
];

t.test("hostile values: the same bytes as rendered in place", async (t) => {
	const folder = t.testdir();
	// One script for all transformations of a value; the text around them must not be touched either.
	const printable = TRANSFORMS.map(
		(transform) => `a ' " \\ & ${"$" + "{x}"} {{ .v ${transform} }}{{ .v ${transform} }} é`,
	);
	for (const [name, value] of Object.entries(HOSTILE)) {
		const lines =
			name === "non-printable beyond ASCII" ? printable.filter((line) => !line.includes("| quote")) : printable;
		const template = `${STOP}${lines.join("\n")}\n`;
		const { script, environment } = renderTokens(template, { v: value });
		const run = runBootstrap({ folder, script, environment });
		t.equal(run.stderr, "", name);
		t.equal(run.status, 0, name);
		t.equal(run.completed?.toString(), renderInPlace(template, { v: value }), name);
	}
});

t.test("any value, any chain of transformations, any place", async (t) => {
	const folder = t.testdir();
	const name = fc.constantFrom("shellQuote", "squote", "b64enc", "urlquery");
	const chain = fc.array(name, { maxLength: 3 });
	const piece = fc.string({
		unit: fc.constantFrom(
			"a",
			"'",
			'"',
			"\\",
			"\n",
			"\t",
			"&",
			"$",
			"`",
			"@BMC{",
			"}@",
			":",
			"é",
			"😀",
			" ",
			"%",
			"\x01",
			"\x7f",
			"*",
		),
	});
	const literal = piece.map((text) => text.replaceAll("@BMC{", "@").replaceAll("{{", "{"));
	const part = fc.record({ before: literal, key: fc.constantFrom("x", "y", "z"), chain });
	const values = fc.record({ x: piece, y: piece, z: piece });
	fc.assert(
		fc.property(fc.array(part, { maxLength: 6 }), values, literal, (parts, values, end) => {
			const use = parts.map(({ before, key, chain }) => `${before}{{ ${[`.${key}`, ...chain].join(" | ")} }}`);
			const template = `${STOP}${use.join("")}${end}`;
			const { script, environment } = renderTokens(template, values);
			const run = runBootstrap({ folder, script, environment });
			return run.status === 0 && run.completed?.toString() === renderInPlace(template, values);
		}),
		{ numRuns: 150 },
	);
	t.pass("is the same as rendered in place");
});

t.test("the five transformations give what Go gives", async (t) => {
	const cases: { transform: string; value: string; expected: string }[] = [
		// The expected texts are what Go 1.26 printed for fmt %q, base64.StdEncoding and url.QueryEscape.
		{
			transform: "quote",
			value: 'a"b\\c\n\t\r\x07\b\f\v\x01\x1f\x7f é',
			expected: '"a\\"b\\\\c\\n\\t\\r\\a\\b\\f\\v\\x01\\x1f\\x7f é"',
		},
		{ transform: "quote", value: "'$x` %s", expected: '"\'$x` %s"' },
		{ transform: "b64enc", value: "", expected: "" },
		{ transform: "b64enc", value: "f", expected: "Zg==" },
		{ transform: "b64enc", value: "fo", expected: "Zm8=" },
		{ transform: "b64enc", value: "foo", expected: "Zm9v" },
		{ transform: "b64enc", value: "foob\xff\u00ff~?", expected: "Zm9vYsO/w79+Pw==" },
		{
			transform: "urlquery",
			value: "a b+c&d=e/f?g#h%20;~.-_é'()*!",
			expected: "a+b%2Bc%26d%3De%2Ff%3Fg%23h%2520%3B~.-_%C3%A9%27%28%29%2A%21",
		},
		{ transform: "urlquery", value: "\n\x01\x7f😀", expected: "%0A%01%7F%F0%9F%98%80" },
		{ transform: "squote", value: "it's", expected: "'it's'" },
		{ transform: "shellQuote", value: "it's", expected: "'it'\\''s'" },
		{ transform: "shellQuote", value: "", expected: "''" },
	];
	const folder = t.testdir();
	for (const { transform, value, expected } of cases) {
		const run = runBootstrap({ folder, script: `${STOP}${token(transform)}`, environment: { [NAME]: value } });
		t.equal(run.completed?.toString(), `${STOP}${expected}`, `${transform} of ${JSON.stringify(value)}`);
	}
});

t.test("quote leaves all characters beyond ASCII as they are, also those that Go would escape", async (t) => {
	const value = "\u00a0\u200b\u2028";
	const run = runBootstrap({ folder: t.testdir(), script: STOP + token("quote"), environment: { [NAME]: value } });
	t.equal(run.completed?.toString(), `${STOP}"${value}"`);
});

t.test("large values and scripts take linear time", async (t) => {
	const folder = t.testdir();
	const value = "é'\n".repeat(96 * 256);
	const names = (Object.keys(REFERENCE) as SecretTransform[]).map((transform) => [transform, `BMC_${transform}_1`]);
	const environment = Object.fromEntries(names.map(([, name]) => [name, value]));
	const start = `${STOP}${"echo a line of a script\n".repeat(10_000)}${"x".repeat(200_000)}\n`;
	const script = start + names.map(([transform, name]) => `@BMC{${name}:${transform}}@\n`).join("");
	const expected = start + names.map(([transform]) => `${REFERENCE[transform as SecretTransform](value)}\n`).join("");
	const run = runBootstrap({ folder, script, environment });
	t.equal(run.stderr, "");
	t.ok(run.completed?.equals(Buffer.from(expected)), "480 KiB of secrets in a script of 440 KiB");
	t.comment(`${Math.round(run.milliseconds)} ms`);
	// Generous: this is to catch quadratic time, which would be minutes.
	t.ok(run.milliseconds < 30_000);
});
