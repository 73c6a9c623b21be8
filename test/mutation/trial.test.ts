// One mutant's trial: which tests it meets, in which order, what ends it, and that the copy is as before afterwards.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import type { TestFile } from "./baseline.ts";
import { coveredParts, isCovered } from "./coverage.ts";
import { type Outcome, runTestFile } from "./execute.ts";
import { importClosure, importsOf } from "./imports.ts";
import { layerOf } from "./layers.ts";
import { mirrors, testsFor } from "./selection.ts";
import { timeoutFor, tryMutant } from "./trial.ts";

const testFile = (file: string, more: Partial<TestFile> = {}): TestFile => ({
	file,
	passed: true,
	took: 100,
	covered: { "src/a.ts": [[0, 10]] },
	...more,
});

t.test("the first test that fails kills it", async (t) => {
	const root = t.testdir({ tree: { "a.ts": "before" }, copy: { "a.ts": "before" } });
	const [tree, copy] = [join(root, "tree"), join(root, "copy")];
	const tried = async (...outcomes: Outcome[]) => {
		const seen: string[] = [];
		const tests = outcomes.map((_outcome, index) => testFile(`test/${index}.test.ts`));
		const verdict = await tryMutant(tree, copy, { file: "a.ts", text: "mutant" }, tests, {
			accepts: async () => true,
			run: async (folder, file) => {
				seen.push(`${file} ${readFileSync(join(folder, "a.ts"), "utf8")}`);
				return { outcome: outcomes[seen.length - 1] ?? "passed", took: 1 };
			},
		});
		t.equal(readFileSync(join(copy, "a.ts"), "utf8"), "before");
		t.equal(readFileSync(join(tree, "a.ts"), "utf8"), "before");
		t.ok(seen.every((line) => line.endsWith(" mutant")));
		return { verdict, count: seen.length };
	};
	t.strictSame(await tried("passed", "failed", "passed"), {
		verdict: { state: "killed", by: "test/1.test.ts", timeout: false },
		count: 2,
	});
	t.strictSame((await tried("timeout")).verdict, { state: "killed", by: "test/0.test.ts", timeout: true });
	t.strictSame(await tried("passed", "passed"), { verdict: { state: "survived", tests: 2 }, count: 2 });
	t.strictSame((await tried()).verdict, { state: "survived", tests: 0 });
});

t.test("what the compiler refuses is invalid, whether or not a test fails", async (t) => {
	const root = t.testdir({ tree: { "a.ts": "before" }, copy: { "a.ts": "before" } });
	const [tree, copy] = [join(root, "tree"), join(root, "copy")];
	const textIn = (folder: string): string => readFileSync(join(folder, "a.ts"), "utf8");
	for (const outcome of ["failed", "timeout", "passed"] as const) {
		for (const text of ["refused", "accepted"]) {
			const { state } = await tryMutant(tree, copy, { file: "a.ts", text }, [testFile("test/a.test.ts")], {
				accepts: async (folder) => textIn(folder) === "accepted",
				run: async () => ({ outcome, took: 1 }),
			});
			const tested = outcome === "passed" ? "survived" : "killed";
			t.equal(state, text === "refused" ? "invalid" : tested, `${text}, ${outcome}`);
		}
	}
	t.equal(textIn(copy), "before");
});

t.test("time-outs", async (t) => {
	t.equal(timeoutFor({ took: 100 }), 10_000);
	t.equal(timeoutFor({ took: 5_000 }), 40_000);
});

t.test("a test file as a process of its own", async (t) => {
	const folder = t.testdir({
		"good.ts": "const a: number = 0; process.exitCode = a;",
		"bad.ts": "process.exitCode = process.env['TAP_BAIL'] === '1' ? 3 : 0;",
		"loops.ts": "for (;;);",
		"given.ts": "process.exitCode = process.env['GIVEN'] === 'yes' ? 0 : 1;",
	});
	t.equal((await runTestFile(folder, "good.ts", 30_000)).outcome, "passed");
	t.equal((await runTestFile(folder, "bad.ts", 30_000)).outcome, "failed");
	t.equal((await runTestFile(folder, "given.ts", 30_000, { GIVEN: "yes" })).outcome, "passed");
	t.equal((await runTestFile(folder, "loops.ts", 300)).outcome, "timeout");
});

t.test("the tests that run a place: those of the file first, then by distance, slow ones last", async (t) => {
	const tests = [
		testFile("test/far.test.ts"),
		testFile("test/near.test.ts"),
		testFile("test/a.test.ts"),
		testFile("test/slow.test.ts", { took: 20_000 }),
		testFile("test/elsewhere.test.ts", { covered: { "src/a.ts": [[20, 30]] } }),
		testFile("test/red.test.ts", { passed: false }),
		testFile("test/other.test.ts", { covered: {} }),
	];
	const distances = new Map([
		["test/far.test.ts", new Map([["src/a.ts", 5]])],
		["test/near.test.ts", new Map([["src/a.ts", 1]])],
		["test/slow.test.ts", new Map([["src/a.ts", 1]])],
	]);
	t.strictSame(
		testsFor("src/a.ts", 5, tests, distances).map(({ file }) => file),
		["test/a.test.ts", "test/near.test.ts", "test/far.test.ts"],
	);
	const few = testsFor("src/a.ts", 5, tests.slice(1), distances).map(({ file }) => file);
	t.strictSame(
		few,
		["test/a.test.ts", "test/near.test.ts", "test/slow.test.ts"],
		"slow ones where there are few others",
	);
	const many = Array.from({ length: 20 }, (_, index) => testFile(`test/${index}.test.ts`));
	t.equal(testsFor("src/a.ts", 5, many, new Map()).length, 12);
});

t.test("paths that mirror each other", async (t) => {
	t.ok(mirrors("test/kube/list.test.ts", "src/kube/list.ts"));
	t.ok(mirrors("test/webhooks/access.test.ts", "webhooks/access.ts"));
	t.ok(mirrors("test/domain/validate/identity-absent.test.ts", "src/domain/validate/identity.ts"));
	t.notOk(mirrors("test/kube/lists.test.ts", "src/kube/list.ts"));
});

t.test("what is covered: the innermost range counts", async (t) => {
	const range = (startOffset: number, endOffset: number, count: number) => ({ startOffset, endOffset, count });
	const parts = coveredParts([{ ranges: [range(0, 100, 1)] }, { ranges: [range(10, 50, 2), range(20, 30, 0)] }]);
	t.strictSame(parts, [
		[0, 20],
		[30, 100],
	]);
	t.strictSame(
		[0, 19, 20, 29, 30, 99, 100].map((offset) => isCovered(parts, offset)),
		[true, true, false, false, true, true, false],
	);
	t.strictSame(coveredParts([]), []);
});

t.test("imports, and how far away they are", async (t) => {
	const text =
		'import a from "../a.ts";\nimport "./b.ts";\nexport * from "./c.ts";\nawait import("./d.ts");\nimport x from "tap";';
	t.strictSame(importsOf("test/x.test.ts", text), ["a.ts", "test/b.ts", "test/c.ts", "test/d.ts"]);
	const root = t.testdir({});
	mkdirSync(join(root, "test"));
	writeFileSync(join(root, "test/x.ts"), 'import "../a.ts"; import "./gone.ts";');
	writeFileSync(join(root, "a.ts"), 'import "./b.ts";');
	writeFileSync(join(root, "b.ts"), 'import "./a.ts";');
	t.strictSame(
		[...importClosure(root, "test/x.ts")],
		[
			["test/x.ts", 0],
			["a.ts", 1],
			["test/gone.ts", 1],
			["b.ts", 2],
		],
	);
});

t.test("layers", async (t) => {
	t.strictSame(
		["src/domain/vars/parse.ts", "src/main.ts", "webhooks/server.ts", "certs/selfmanaged/act.ts"].map(layerOf),
		["src/domain", "src", "webhooks", "certs"],
	);
});
