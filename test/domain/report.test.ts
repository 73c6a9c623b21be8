// How many findings an answer shows, whoever gives it.
import t from "tap";
import { boundedProblems, boundedWarnings, type Problem } from "../../src/domain/report.ts";

const problems = (count: number): Problem[] =>
	Array.from({ length: count }, (_, index) => ({
		path: `spec.a[${index}]`,
		reason: "FieldValueInvalid",
		message: "x",
	}));

t.test("a hundred errors are shown, the others are counted", async (t) => {
	t.same(boundedProblems(problems(100)), problems(100));
	const last = (count: number) => boundedProblems(problems(count)).slice(100);
	const counting = (message: string) => [{ path: "spec", reason: "FieldValueTooMany", message }];
	t.same(last(101), counting("1 more error is not shown; correct these first"));
	t.same(last(60_100), counting("60000 more errors are not shown; correct these first"));
});

t.test("a long message keeps its begin and its end", async (t) => {
	const [shown] = boundedProblems([
		{ path: "a".repeat(5_000), reason: "FieldValueInvalid", message: `begin ${"x".repeat(5_000)} end`, hint: "do" },
	]);
	t.match(shown, { message: /^begin x+…x+ end$/, path: /^a+…a+$/, hint: "do" });
	t.equal(shown?.message.length, 1024);
	t.equal(shown?.path.length, 1024);
});

t.test("warnings too", async (t) => {
	const warnings = (count: number) => Array.from({ length: count }, (_, index) => `w${index}`);
	t.same(boundedWarnings(warnings(100)), warnings(100));
	t.same(boundedWarnings(warnings(101)).slice(100), ["1 more warning is not shown"]);
	t.same(boundedWarnings(warnings(150)).slice(100), ["50 more warnings are not shown"]);
});
