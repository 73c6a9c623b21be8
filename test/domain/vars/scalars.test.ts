// Plain scalars at their edges: what almost looks like a number, a boolean or nothing stays text.
// https://yaml.org/spec/1.2.2/#103-core-schema
import t from "tap";
import { plainValue } from "../../../src/domain/vars/scalars.ts";
import type { Value } from "../../../src/template/value.ts";

const rows: [text: string, value: Value][] = [
	["", null],
	["~", null],
	["NULL", null],
	["True", true],
	["FALSE", false],
	["0x1F", 31n],
	["0o17", 15n],
	["-12", -12n],
	["+12", 12n],
	["017", 17n],
	["9223372036854775807", 2n ** 63n - 1n],
	["-9223372036854775808", -(2n ** 63n)],
	["9223372036854775808", 2 ** 63],
	["-9223372036854775809", -(2 ** 63)],
	// More digits than 64 bits hold in any base.
	[`1${"0".repeat(64)}`, 1e64],
	["1.5", 1.5],
	["-.5e1", -5],
	["1.", 1],
	["+1E3", 1000],
	[".inf", Number.POSITIVE_INFINITY],
	["+.Inf", Number.POSITIVE_INFINITY],
	["-.INF", Number.NEGATIVE_INFINITY],
	[".NaN", Number.NaN],
];
for (const [text, value] of rows)
	t.test(`${JSON.stringify(text)} is read`, async (t) => t.strictSame(plainValue(text), value));

const texts = [
	..."x0x1F 10x1F -0x1F 0x1Fz 0xG 0o18 0o17z x0o17 0b1 1_000 12a a12 1.5.2 x1.5 1.5x e5 1e . -".split(" "),
	..."xnull nullx ~~ xtrue truex tRUE yes on x.inf .infx .iNF x.nan .nanx -.nan".split(" "),
];
for (const text of texts) t.test(`${JSON.stringify(text)} is text`, async (t) => t.equal(plainValue(text), text));
