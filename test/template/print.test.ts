// printedValue: how a value of the tree reads in a script, for warnings about numbers that do not read as they were typed.
import t from "tap";
import { printedValue, SecretValue, type Value } from "../../src/template/index.ts";
import { tree } from "./support.ts";

const cases: Record<string, readonly [unknown, string | undefined]> = {
	"an integer": [5n, "5"],
	"a float": [1.1, "1.1"],
	"a large float": [1e6 + 0.5, "1.0000005e+06"],
	infinity: [Number.POSITIVE_INFINITY, "+Inf"],
	"negative infinity": [Number.NEGATIVE_INFINITY, "-Inf"],
	"not a number": [Number.NaN, "NaN"],
	"a text": ["x", "x"],
	"a list": [[1, "a"], "[1 a]"],
	null: [null, undefined],
	"a secret": [new SecretValue("a", "b", "c"), undefined],
};

for (const [name, [value, expected]] of Object.entries(cases))
	t.test(name, async (t) => t.equal(printedValue(tree(value) as Value), expected));
