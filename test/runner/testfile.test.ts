// Every way in which a test file could be green without having tested anything, or red without a name.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import t from "tap";
import { eventually } from "../cluster/wait.ts";
import { runTestFile } from "./testfile.ts";

const tap = 'import t from "tap";\n';

const cases: { name: string; text: string; passed: number; failures: string[]; timeout?: number }[] = [
	{ name: "passes", text: `${tap}t.ok(true, "one"); t.ok(true, "two");`, passed: 2, failures: [] },
	{
		name: "subtests: their assertions count, they do not",
		text: `${tap}t.test("outer", (t) => { t.test("inner", (t) => { t.ok(1); t.ok(1); t.end(); }); t.end(); });`,
		passed: 2,
		failures: [],
	},
	{
		name: "an assertion fails",
		text: `${tap}t.test("outer", (t) => { t.ok(false, "broken"); t.ok(true); t.end(); });`,
		passed: 1,
		failures: ["outer > broken"],
	},
	{ name: "an empty file", text: "", passed: 0, failures: ["asserts nothing"] },
	{ name: "a file that only loads tap", text: tap, passed: 0, failures: ["asserts nothing"] },
	{
		name: "a table without rows",
		text: `${tap}for (const row of []) t.ok(row);`,
		passed: 0,
		failures: ["asserts nothing"],
	},
	{
		name: "a subtest without assertions beside one with",
		text: `${tap}t.test("empty", async () => {}); t.test("full", async (t) => { t.ok(true); });`,
		passed: 1,
		failures: ["empty: asserts nothing"],
	},
	{
		name: "a subtest in a subtest, without assertions",
		text: `${tap}t.test("outer", (t) => { t.test("inner", async () => {}); t.ok(true); t.end(); });`,
		passed: 1,
		failures: ["outer > inner: asserts nothing"],
	},
	{
		name: "names with characters of TAP's own",
		text: `${tap}for (const name of ["/a\\\\$/", "a # b", "c \\\\# SKIP d"]) t.test(name, async (t) => { t.ok(true); });`,
		passed: 3,
		failures: [],
	},
	{
		name: "a skipped assertion",
		text: `${tap}t.ok(true); t.ok(true, "later", { skip: "no gpg" });`,
		passed: 1,
		failures: ["later: skipped (no gpg)"],
	},
	{
		name: "a skipped subtest",
		text: `${tap}t.ok(true); t.test("later", { skip: true }, (t) => t.end());`,
		passed: 1,
		failures: ["later: skipped"],
	},
	{ name: "all is skipped", text: `${tap}t.plan(0, "not here");`, passed: 0, failures: ["asserts nothing"] },
	{
		name: "something is left to do",
		text: `${tap}t.ok(true); t.test("later", { todo: true }, (t) => t.end());`,
		passed: 1,
		failures: ["later: left to do"],
	},
	{
		name: "an error at its top",
		text: `${tap}t.ok(true); throw new Error("oops");`,
		passed: 1,
		failures: ["oops"],
	},
	{ name: "not valid TypeScript", text: "const =", passed: 0, failures: ["ended with exit code 1"] },
	{
		name: "an exit in the middle, with code 0",
		text: `${tap}t.plan(2); t.ok(true); process.reallyExit(0);`,
		passed: 1,
		failures: ["its TAP output is not complete"],
	},
	{
		name: "killed",
		text: `${tap}t.ok(true); process.kill(process.pid, "SIGKILL");`,
		passed: 1,
		failures: ["ended by SIGKILL"],
	},
	{
		name: "never ends",
		text: 'console.log("TAP version 14\\nok 1 - one");\nsetInterval(() => {}, 1000);',
		passed: 1,
		failures: ["not finished after 2 s"],
		timeout: 2,
	},
];

for (const { name, text, passed, failures, timeout = 60 } of cases) {
	t.test(name, async (t) => {
		const file = join(t.testdir({ "a.test.ts": text }), "a.test.ts");
		const { tally, output } = await runTestFile(file, { timeout, meter: () => 1.5 });
		t.same(
			{ passed: tally.passed, failures: tally.failures, failed: tally.failed },
			{ passed, failures: failures.map((failure) => `${file}: ${failure}`), failed: failures.length },
			output,
		);
		t.match(tally.timings, [{ name: file, cpu: 1.5, seconds: Number }]);
	});
}

t.test("a process that leaves the group and keeps the output open does not hold up the runner", async (t) => {
	const text = `${tap}import { spawn } from "node:child_process";
spawn("sleep", ["60"], { stdio: ["ignore", 1, 2], detached: true }).unref();
t.ok(true);
`;
	const file = join(t.testdir({ "c.test.ts": text }), "c.test.ts");
	const { tally } = await runTestFile(file, { timeout: 30, meter: () => 0 });
	t.same({ passed: tally.passed, failures: tally.failures }, { passed: 1, failures: [] });
	t.ok((tally.timings[0]?.seconds ?? 60) < 30);
});

t.test("what a file started ends with it", async (t) => {
	const folder = t.testdir({});
	const pidFile = join(folder, "pid");
	const text = `${tap}import { spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
const child = spawn("sleep", ["1000"], { stdio: "ignore" });
child.unref();
writeFileSync(${JSON.stringify(pidFile)}, String(child.pid));
t.ok(true);
`;
	const file = join(t.testdir({ "b.test.ts": text }), "b.test.ts");
	const kept: string[] = [];
	const { tally } = await runTestFile(file, { timeout: 60, meter: () => 0 });
	t.same(tally.failures, []);
	kept.push(await readFile(pidFile, "utf8").catch(() => ""));
	const state = async (): Promise<string> =>
		/^State:\s+(\S)/m.exec(await readFile(`/proc/${kept[0]}/status`, "utf8").catch(() => ""))?.[1] ?? "gone";
	await eventually(async () => ["gone", "Z"].includes(await state()), { timeout: 10, what: "the process has ended" });
	t.ok(Number(kept[0]) > 0);
});
