// The helpers of the checks.
import t from "tap";
import type { Problem } from "../../../src/domain/report.ts";
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
