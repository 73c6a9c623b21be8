// A file of expected text never makes a test pass by being written.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import { compareWithFile } from "./expected.ts";

const outcomeOf = (text: string, file: string, update: boolean): [outcome: string, message: string] => {
	let outcome: [string, string] = ["nothing was asserted", ""];
	const recorder = {
		equal: (found: unknown, wanted: unknown, message: string) => {
			outcome = [found === wanted ? "passed" : "failed", message];
			return true;
		},
		fail: (message: string) => {
			outcome = ["failed", message];
			return false;
		},
	};
	compareWithFile(recorder as unknown as typeof t, text, { file, writtenBy: "test/a.test.ts", update });
	return outcome;
};

t.test("the same text, another text", async (t) => {
	const file = join(t.testdir(), "a.yaml");
	writeFileSync(file, "a\n");
	t.equal(outcomeOf("a\n", file, false)[0], "passed");
	t.equal(outcomeOf("b\n", file, false)[0], "failed");
	t.equal(readFileSync(file, "utf8"), "a\n");
});

t.test("a missing file fails with the command that writes it, and stays missing", async (t) => {
	const file = join(t.testdir(), "a.yaml");
	const [outcome, message] = outcomeOf("a\n", file, false);
	t.equal(outcome, "failed");
	t.match(message, "is missing: `UPDATE_GOLDEN=1 node test/a.test.ts` writes it");
	t.notOk(existsSync(file));
});

t.test("an update writes the file, and fails: an environment that asks for it makes no gate green", async (t) => {
	const file = join(t.testdir(), "a.yaml");
	const [outcome, message] = outcomeOf("a\n", file, true);
	t.equal(outcome, "failed");
	t.match(message, "run the test without UPDATE_GOLDEN");
	t.equal(readFileSync(file, "utf8"), "a\n");
});
