// Whole numbers up to 64 bits in any base; more significant digits than that are no number, and cost nothing.
import t from "tap";
import { magnitudeOf } from "../../src/template/magnitude.ts";

const rows: [digits: string, value: bigint | undefined][] = [
	["0", 0n],
	["000", 0n],
	["0x", 0n],
	["0012", 12n],
	["0x1f", 31n],
	["0O17", 15n],
	["0b101", 5n],
	[`0b${"1".repeat(64)}`, 2n ** 64n - 1n],
	[`0b000${"1".repeat(64)}`, 2n ** 64n - 1n],
	[`0b1${"0".repeat(64)}`, undefined],
	["9".repeat(64), 10n ** 64n - 1n],
	["9".repeat(65), undefined],
];

for (const [digits, value] of rows) t.test(digits, async (t) => t.equal(magnitudeOf(digits), value));
