import t from "tap";
import { isEnvironmentName, isQualifiedName } from "../../../src/domain/helmvalues/formats.ts";
import { ONE, parseQuantity } from "../../../src/domain/helmvalues/quantity.ts";
import fc from "../../property.ts";

t.test("quantities are read as Kubernetes reads them", async (test) => {
	const table: [text: string, wanted: bigint | undefined][] = [
		["0", 0n],
		["1", ONE],
		["+1", ONE],
		["-0", 0n],
		["1.5", (ONE * 3n) / 2n],
		[".5", ONE / 2n],
		["5.", ONE * 5n],
		["500m", ONE / 2n],
		["1u", 1000n],
		["1n", 1n],
		["0.1n", 1n],
		["1k", ONE * 1000n],
		["2Gi", ONE * 2n * 1024n ** 3n],
		["0.5Ki", ONE * 512n],
		["1e3", ONE * 1000n],
		["1E3", ONE * 1000n],
		["1E-3", ONE / 1000n],
		["1E", ONE * 10n ** 18n],
		["", undefined],
		[".", undefined],
		["-1", undefined],
		["1 Gi", undefined],
		["1K", undefined],
		["1gi", undefined],
		["1e", undefined],
		["1e100", undefined],
		["0x1", undefined],
		["1".repeat(41), undefined],
	];
	for (const [text, wanted] of table) test.equal(parseQuantity(text), wanted, text);
	fc.assert(fc.property(fc.string(), (text) => (parseQuantity(text) ?? 0n) >= 0n));
});

t.test("names", async (test) => {
	for (const name of ["a", "A_b.c-d", "example.org/a"]) test.ok(isQualifiedName(name), name);
	for (const name of ["", "-a", "a/", "/a", "a/b/c", "A.b/c", "a".repeat(64)])
		test.notOk(isQualifiedName(name), name.slice(0, 9));
	for (const name of ["A", "a.b", "_", "-a"]) test.ok(isEnvironmentName(name), name);
	for (const name of ["", "1", "a=b", ".", "..", "..a", "a".repeat(254)])
		test.notOk(isEnvironmentName(name), name.slice(0, 9));
});
