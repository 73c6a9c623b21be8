// Number literals at their edges, with Go's words where they are none.
import t from "tap";
import { readCharacter, readNumber } from "../../../src/template/gotemplate/number.ts";

const integers: [text: string, value: bigint][] = [
	["0", 0n],
	["-0", 0n],
	["+7", 7n],
	["1_000", 1000n],
	["0x_ff", 255n],
	["0b1_01", 5n],
	["0o17", 15n],
	["017", 15n],
	["-0x10", -16n],
	["-017", -15n],
	["9223372036854775807", 2n ** 63n - 1n],
	["-9223372036854775808", -(2n ** 63n)],
];
for (const [text, value] of integers)
	t.test(text, async (t) => t.strictSame(readNumber(text), { value, integer: value }));

const overflowing: [text: string, message: string][] = [
	["9223372036854775808", "9223372036854775808 overflows int"],
	["18446744073709551615", "18446744073709551615 overflows int"],
	["18446744073709551616", 'integer overflow: "18446744073709551616"'],
	["+9223372036854775808", 'integer overflow: "+9223372036854775808"'],
	["-9223372036854775809", 'integer overflow: "-9223372036854775809"'],
	["-18446744073709551615", 'integer overflow: "-18446744073709551615"'],
];
for (const [text, message] of overflowing) t.test(text, async (t) => t.equal(readNumber(text), message));

const floats: [text: string, value: number, integer: bigint | undefined][] = [
	["1.5", 1.5, undefined],
	["1.0", 1, 1n],
	["-2.0", -2, -2n],
	[".5", 0.5, undefined],
	["1e3", 1000, 1000n],
	["1_0.5", 10.5, undefined],
	["1E-2", 0.01, undefined],
	["0x1p4", 16, 16n],
	["0x1p-1", 0.5, undefined],
	["-0x1.8p1", -3, -3n],
	["+0x1p0", 1, 1n],
	["0x.8p1", 1, 1n],
	["0x1_0p0", 16, 16n],
	["9223372036854775808.0", 2 ** 63, undefined],
	["-9223372036854775808.0", -(2 ** 63), -(2n ** 63n)],
	["4611686018427387904.0", 2 ** 62, 2n ** 62n],
];
for (const [text, value, integer] of floats)
	t.test(text, async (t) => t.strictSame(readNumber(text), { value, integer }));

for (const text of [
	"1x",
	"0xg",
	"1__0",
	"_1",
	"1_",
	"0b2",
	"1e",
	".",
	"+",
	"e5",
	"0x1p",
	"0x1p1x",
	"x0x1p1",
	"0xp1",
	"0x11111111111111p0",
	"1e999",
	"--1",
])
	t.test(`not a number: ${text}`, async (t) =>
		t.equal(readNumber(text), `illegal number syntax: ${JSON.stringify(text)}`),
	);

t.test("complex numbers", async (t) => t.equal(readNumber("1i"), "complex numbers are not supported"));

const characters: [text: string, code: bigint][] = [
	["'a'", 97n],
	["'\\n'", 10n],
	["'\\''", 39n],
	["'\\u00e9'", 233n],
	["'\\x41'", 65n],
	["'€'", 8364n],
];
for (const [text, code] of characters)
	t.test(text, async (t) => t.strictSame(readCharacter(text), { value: code, integer: code }));
for (const text of ["''", "'ab'", "'\\q'", "'\\x4'"])
	t.test(`not a character: ${text}`, async (t) => t.type(readCharacter(text), "string"));
t.test("two characters", async (t) => t.equal(readCharacter("'ab'"), "malformed character constant: 'ab'"));
