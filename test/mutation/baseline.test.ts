// When a test file's result of an earlier run still holds.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import { keysOf, unitTests } from "./baseline.ts";

t.test("every unit test of this tree has a key of its own", async (t) => {
	const tests = unitTests(".");
	const keys = keysOf(".", tests);
	t.ok(tests.length > 100, "they are found");
	t.equal(new Set(keys.values()).size, tests.length);
});

t.test("no unit test asks git: it runs in a copy of the tree that is no repository", async (t) => {
	const asking = unitTests(".").filter((file) => /execute\("git"|execFileSync\("git"/.test(readFileSync(file, "utf8")));
	t.strictSame(asking, []);
});

t.test("a key changes with the sources and with what the test imports", async (t) => {
	const root = t.testdir({
		"package-lock.json": "{}",
		src: { "a.ts": "export {};" },
		test: {
			"a.test.ts": 'import "./support.ts";\nconst program = \'import "./missing.ts";\';',
			"b.test.ts": "export {};",
			"support.ts": "export {};",
		},
	});
	const keys = () => {
		const all = keysOf(root, ["test/a.test.ts", "test/b.test.ts"]);
		return [all.get("test/a.test.ts"), all.get("test/b.test.ts")];
	};
	const change = (path: string) => {
		const before = keys();
		writeFileSync(join(root, path), "export const changed = 1;");
		return keys().map((key, index) => key !== before[index]);
	};
	t.strictSame(change("test/support.ts"), [true, false]);
	t.strictSame(change("test/b.test.ts"), [false, true]);
	t.strictSame(change("src/a.ts"), [true, true]);
});
