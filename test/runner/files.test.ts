// No test file is left out: each belongs to exactly one stage, however deep it lies.
import { globSync } from "node:fs";
import t from "tap";
import { filesOf, stageOf } from "./files.ts";

t.test("the folder says which stage", (t) => {
	const cases = [
		["test/config.test.ts", "unit"],
		["test/kube/reflector/lines.test.ts", "unit"],
		["test/integration/keys.test.ts", "integration"],
		["test/integration/deeper/and/deeper/keys.test.ts", "integration"],
		["test/e2e/files.test.ts", "e2e"],
		["test/e2e/deeper/files.test.ts", "e2e"],
		["test/e2elike/files.test.ts", "unit"],
	] as const;
	for (const [file, stage] of cases) t.equal(stageOf(file), stage, file);
	t.end();
});

t.test("files in deeper folders are found", (t) => {
	const test = {
		"a.test.ts": "",
		"helper.ts": "",
		unit: { deep: { deeper: { "b.test.ts": "" } } },
		integration: { "c.test.ts": "", deep: { "d.test.ts": "", "support.ts": "" } },
		e2e: { deep: { deeper: { "e.test.ts": "" } } },
	};
	const root = t.testdir({ test, src: { "f.test.ts": "" } });
	t.same(filesOf("unit", root), ["test/a.test.ts", "test/unit/deep/deeper/b.test.ts"]);
	t.same(filesOf("integration", root), ["test/integration/c.test.ts", "test/integration/deep/d.test.ts"]);
	t.same(filesOf("e2e", root), ["test/e2e/deep/deeper/e.test.ts"]);
	t.end();
});

t.test("every test file of this project belongs to one stage", (t) => {
	const all = globSync("**/*.test.{ts,js,mjs,cjs,mts,cts}", {
		exclude: ["node_modules/**", "dist/**", ".*/**"],
	}).sort();
	const staged = [...filesOf("unit"), ...filesOf("integration"), ...filesOf("e2e")].sort();
	t.same(staged, all);
	t.ok(all.length > 200);
	t.end();
});
