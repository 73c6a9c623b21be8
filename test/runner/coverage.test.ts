// What counts as covered: a file that was run whole, and a file in which there is nothing to run. Not one that no test loaded.
import { join } from "node:path";
import t from "tap";
import { coverageProblems } from "./coverage.ts";
import { isOfPureCode } from "./layers.ts";

const FILES = {
	src: {
		api: { "types.ts": "export interface A {\n\ta: string;\n}\n", "rules.ts": "export const a = 1;\n" },
		domain: { "plan.ts": "export const b = 1;\n", deeper: { "more.ts": "export const c = 1;\n" } },
		template: { "index.ts": 'export { d } from "./d.ts";\n', "d.ts": "// a word\nexport const d = 1;\n" },
	},
	webhooks: { "review.ts": "export const e = 1;\n", "server.ts": "export const f = 1;\n" },
};
const ALL = ["src/api/rules.ts", "src/domain/plan.ts", "src/domain/deeper/more.ts", "src/template/index.ts"];
const WHOLE = [...ALL, "src/template/d.ts", "webhooks/review.ts"];

const record = (path: string, hits = 1): string => `SF:${path}\nDA:1,${hits}\nBRDA:1,0,0,${hits}\nend_of_record\n`;

const cases: { name: string; report: string[]; failures: string[] }[] = [
	{ name: "all was loaded and run", report: WHOLE.map((path) => record(path)), failures: [] },
	{
		name: "a file that no test loaded",
		report: WHOLE.filter((path) => !path.includes("more.ts")).map((path) => record(path)),
		failures: ["coverage of src/domain/ (2 files, 1 incomplete)"],
	},
	{
		name: "re-exports that no test loaded",
		report: WHOLE.filter((path) => !path.includes("index.ts")).map((path) => record(path)),
		failures: ["coverage of src/template/ (2 files, 1 incomplete)"],
	},
	{
		name: "a line that was not run",
		report: WHOLE.map((path) => record(path, path === "webhooks/review.ts" ? 0 : 1)),
		failures: ["coverage of webhooks/review (1 files, 1 incomplete)"],
	},
	{
		name: "nothing at all",
		report: [],
		failures: [
			"coverage of src/api/ (1 files, 1 incomplete)",
			"coverage of src/domain/ (2 files, 2 incomplete)",
			"coverage of src/template/ (2 files, 2 incomplete)",
			"coverage of webhooks/review (1 files, 1 incomplete)",
		],
	},
];

for (const { name, report, failures } of cases)
	t.test(name, async (t) => {
		const root = t.testdir({ ...FILES, "lcov.info": report.join("") });
		const tally = coverageProblems(join(root, "lcov.info"), root);
		t.same(tally.failures, failures);
		t.same([tally.passed, tally.failed], [4 - failures.length, failures.length]);
	});

t.test("coverage is collected of the tests that mirror pure code", async (t) => {
	for (const file of ["test/api/rules.test.ts", "test/domain/vars/parse.test.ts", "test/webhooks/review.test.ts"])
		t.ok(isOfPureCode(file), file);
	for (const file of ["test/cli/lint.test.ts", "test/webhooks/server.test.ts", "test/hostile/growth.test.ts"])
		t.notOk(isOfPureCode(file), file);
});
