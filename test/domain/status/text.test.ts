import t from "tap";
import { problemsMessage } from "../../../src/domain/status/problems.ts";
import { bounded, later, reasonWord, timeText } from "../../../src/domain/status/text.ts";

t.test("foreign text is one clean line of a bounded length", async (t) => {
	t.equal(bounded("a\nb\t\u001b[31mc  d", 100), "a b [31mc d");
	t.equal(bounded("x".repeat(20), 10), `${"x".repeat(9)}…`);
	t.equal(bounded("1234567890", 10), "1234567890");
	t.equal(bounded("two words", 5), "two…", "no space before the dots");
});

t.test("reasons are words", async (t) => {
	t.equal(reasonWord("OOMKilled", "F"), "OOMKilled");
	t.equal(reasonWord("two words", "F"), "F");
	t.equal(reasonWord("", "F"), "F");
	t.equal(reasonWord(undefined, "F"), "F");
});

t.test("times", async (t) => {
	t.equal(timeText(new Date("2026-03-01T12:00:00.999Z")), "2026-03-01T12:00:00Z");
	t.equal(later(undefined, "2026-03-01T12:00:00Z"), "2026-03-01T12:00:00Z");
	t.equal(later("2026-03-01T12:00:00Z", undefined), "2026-03-01T12:00:00Z");
	t.equal(later("2026-03-01T12:00:00Z", "2026-03-01T13:00:00Z"), "2026-03-01T13:00:00Z");
	t.equal(later("2026-03-01T14:00:00Z", "2026-03-01T13:00:00Z"), "2026-03-01T14:00:00Z");
});

t.test("many problems are counted, not listed", async (t) => {
	const problem = (index: number) => ({ path: `p${index}`, reason: "FieldValueInvalid" as const, message: "bad" });
	t.equal(problemsMessage([problem(1), problem(2)]), "p1: bad; p2: bad");
	t.match(problemsMessage(Array.from({ length: 12 }, (_, index) => problem(index))), /p9: bad; and 2 more$/);
});
