// Results in numbers: what counts as killed, and when the goal is missed.
import t from "tap";
import { place } from "./candidates.ts";
import { declarationFailures, declarationOf } from "./equivalents.ts";
import { mutantsOf } from "./mutators.ts";
import { countOf, killRate, type Result, reportLines, shortfalls, survivorLine, type Tried } from "./report.ts";

const TEXT = "const f = () => {\n\tif (a < b) return;\n};\n";
const mutants = mutantsOf(TEXT).map((mutant) => place("src/kube/x.ts", TEXT, mutant));
const mutant = mutants.find(({ replacement }) => replacement === "<=") ?? mutants[0]!;
const KILLED: Result = { state: "killed", by: "x", timeout: false };
const SURVIVED: Result = { state: "survived", tests: 2 };
const of = (...results: Result[]): Tried[] => results.map((result) => ({ mutant, result }));
const many = (count: number, result: Result): Result[] => Array.from({ length: count }, () => result);

t.test("a mutant's place and its line", async (t) => {
	t.match(mutant, {
		file: "src/kube/x.ts",
		layer: "src/kube",
		line: 2,
		column: 8,
		original: "<",
		code: "if (a {{< => <=}} b) return;",
	});
	const text = "f({\n\ta,\n});";
	const statement = mutantsOf(text).find(({ mutator }) => mutator === "statement")!;
	t.equal(place("certs/a.ts", text, statement).code, "{{f({ a, }); => ;}}", "over several lines");
});

t.test("counts, and the rate of those that could be killed", async (t) => {
	const count = countOf(of(KILLED, KILLED, KILLED, SURVIVED, { state: "equivalent" }, { state: "invalid" }));
	t.strictSame(count, { killed: 3, survived: 1, equivalent: 1, invalid: 1 });
	t.equal(killRate(count), 0.75);
	t.equal(killRate({ killed: 0, survived: 0, equivalent: 1, invalid: 0 }), 1);
});

t.test("the goal", async (t) => {
	t.strictSame(shortfalls(of(...many(95, KILLED), ...many(5, SURVIVED))), []);
	t.strictSame(shortfalls(of(...many(94, KILLED), ...many(6, SURVIVED))), ["94.0 % killed, and 95.0 % is the goal"]);
	t.strictSame(shortfalls(of(...many(95, KILLED), ...many(5, { state: "equivalent" }))), []);
	t.strictSame(shortfalls(of(...many(94, KILLED), ...many(6, { state: "equivalent" }))), [
		"6.0 % declared equivalent, more than 5.0 %",
	]);
	t.strictSame(shortfalls([]), ["no mutant was tried"]);
});

t.test("lines", async (t) => {
	t.equal(
		survivorLine({ mutant, result: SURVIVED }),
		"SURVIVED src/kube/x.ts:2:8 operator (2 test files): if (a {{< => <=}} b) return;",
	);
	t.match(survivorLine({ mutant, result: { state: "survived", tests: 1 } }), /\(1 test file\)/);
	t.match(survivorLine({ mutant, result: { state: "survived", tests: 0 } }), /\(no unit test runs it\)/);
	t.strictSame(reportLines(of(KILLED, SURVIVED)), [
		"src/kube: 1 of 2 killed (50.0 %), 0 declared equivalent, 0 do not compile",
		"all: 1 of 2 killed (50.0 %), 0 declared equivalent, 0 do not compile",
	]);
});

t.test("declared equivalents are known by their line, not by its number", async (t) => {
	const declared = [{ file: mutant.file, code: mutant.code, reason: "both do the same" }];
	const moved = mutantsOf(`\n\n${TEXT}`).map((one) => place(mutant.file, `\n\n${TEXT}`, one));
	t.equal(moved.filter(declarationOf(declared)).length, 1);
	t.strictSame(declarationFailures(declared, moved), []);
	t.strictSame(declarationFailures([{ ...declared[0]!, file: "src/other.ts" }], moved), [
		"no mutant matches the declared equivalent src/other.ts: if (a {{< => <=}} b) return;",
	]);
	t.match(declarationFailures([...declared, ...declared], moved), [/^declared twice: /]);
	t.match(declarationFailures([{ ...declared[0]!, reason: " " }], moved), [/^declared without a reason: /]);
});
