// Warnings travel as HTTP headers, which are short and hold no control characters.
import t from "tap";
import { boundWarnings, WARNING_LIMIT, WARNINGS_LIMIT } from "../../webhooks/warnings.ts";

t.test("each warning", async (t) => {
	const cases: { name: string; warnings: string[]; expected: string[] }[] = [
		{ name: "none", warnings: [], expected: [] },
		{ name: "as it is", warnings: ["a", "b"], expected: ["a", "b"] },
		{ name: "once", warnings: ["a", "a"], expected: ["a"] },
		{ name: "in one line", warnings: ["a\r\n\tb\u0000c "], expected: ["a b c"] },
		{ name: "just short enough", warnings: ["x".repeat(WARNING_LIMIT)], expected: ["x".repeat(WARNING_LIMIT)] },
		{ name: "too long", warnings: ["x".repeat(121)], expected: [`${"x".repeat(119)}…`] },
		{ name: "never half a character", warnings: ["🙂".repeat(121)], expected: [`${"🙂".repeat(119)}…`] },
	];
	for (const { name, warnings, expected } of cases) t.same(boundWarnings(warnings), expected, name);
});

t.test("all warnings together", async (t) => {
	const many = Array.from({ length: 100 }, (_, index) => String(index).padEnd(100, "."));
	const bounded = boundWarnings(many);
	t.same(bounded.slice(0, -1), many.slice(0, bounded.length - 1), "the first ones stay, in order");
	t.equal(bounded.at(-1), `${100 - (bounded.length - 1)} more warnings are left out`);
	t.ok(bounded.join("").length <= WARNINGS_LIMIT);
});
