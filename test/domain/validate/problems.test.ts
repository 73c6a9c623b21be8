// The helpers of the checks.
import t from "tap";
import type { Problem } from "../../../src/domain/report.ts";
import { downgradeMissing } from "../../../src/domain/validate/missing.ts";
import { eachOnce, fittingWarning, notToldBefore } from "../../../src/domain/validate/problems.ts";

const problem = (path: string, message: string): Problem => ({ path, reason: "FieldValueInvalid", message });

t.test("warnings fit", async (t) => {
	t.equal(fittingWarning("a\nb"), "a b");
	t.equal(fittingWarning("x".repeat(120)).length, 120);
	t.equal(fittingWarning("x".repeat(121)), `${"x".repeat(119)}…`);
});

t.test("nothing is told twice", async (t) => {
	t.same(eachOnce([problem("a", "1"), problem("a", "2"), problem("a", "1")]), [problem("a", "1"), problem("a", "2")]);
	t.same(notToldBefore([problem("a", "1"), problem("b", "1")], [problem("a", "0")]), [problem("b", "1")]);
});

t.test("what is missing is a warning where it is waited for, its hint only where there is room for it", async (t) => {
	const missing = { ...problem("a", "is missing"), missingReference: true, hint: "make it" };
	const long = { ...missing, message: `${"x".repeat(100)} is missing` };
	t.same(downgradeMissing({ errors: [missing, problem("b", "is wrong"), long], warnings: ["a warning"] }), {
		errors: [problem("b", "is wrong")],
		warnings: ["a warning", "a: is missing; make it", `a: ${"x".repeat(100)} is missing`],
	});
	const short = { ...long, hint: "do it", short: "the script's x is missing" };
	t.same(downgradeMissing({ errors: [short], warnings: [] }).warnings, ["a: the script's x is missing"]);
});
