// What is measured, and what is remembered of it.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import t from "tap";
import { runCheck } from "./check.ts";
import { endedChildrenMeter, endedChildrenSeconds } from "./cpu.ts";
import { longestFirst, readDurations, writeDurations } from "./durations.ts";

/** Fields 14 to 17 are 100, 20, 3000 and 400 ticks. */
const STAT = "42 (a (b) c) S 1 42 42 0 -1 4194304 1 2 3 4 100 20 3000 400 20 0 1 0 5 6 7";

t.test("CPU time in /proc/PID/stat, whatever the program is called", (t) => {
	t.equal(endedChildrenSeconds(STAT), 34);
	t.end();
});

t.test("the meter answers what came since the last time", (t) => {
	const texts = [STAT, STAT.replace(" 3000 ", " 3050 "), STAT.replace(" 3000 ", " 3150 ")];
	const meter = endedChildrenMeter(() => texts.shift() ?? "");
	t.equal(meter().toFixed(2), "0.50");
	t.equal(meter().toFixed(2), "1.00");
	const without = endedChildrenMeter(() => {
		throw new Error("no /proc");
	});
	t.equal(without(), 0);
	t.end();
});

t.test("a child that works is seen", async (t) => {
	const meter = endedChildrenMeter();
	const busy = "const end = process.cpuUsage().user + 3e5; while (process.cpuUsage().user < end);";
	const tally = await runCheck("busy", ["node", "-e", busy], meter, () => undefined);
	t.ok((tally.timings[0]?.cpu ?? 0) >= 0.25, `${tally.timings[0]?.cpu} s`);
	t.equal(tally.passed, 1);
});

t.test("a check that fails has its name", async (t) => {
	const printed: string[] = [];
	const script = "console.log('why'); process.exit(3)";
	const tally = await runCheck(
		"exits",
		["node", "-e", script],
		() => 0,
		(text) => printed.push(text),
	);
	t.match(tally, { passed: 0, failed: 1, failures: ["exits"] });
	t.equal(printed.join(""), `why\nnot ok exits (node -e ${script} ended with 3)\n`);
	await t.rejects(
		runCheck("missing", ["no-such-program-of-ours"], () => 0),
		{ code: "ENOENT" },
	);
});

t.test("durations: remembered over what was known, longest first, unknown files by their size", async (t) => {
	const folder = t.testdir({ "big.ts": "x".repeat(40_000), "small.ts": "x" });
	const path = join(folder, "deep", "durations.json");
	t.same(await readDurations(path), {});
	await writeDurations(path, [{ name: "a", seconds: 1.234, cpu: 0 }]);
	await writeDurations(path, [{ name: "b", seconds: 20, cpu: 0 }]);
	t.same(await readDurations(path), { a: 1.2, b: 20 });
	t.match(await readFile(path, "utf8"), /"b": 20/);
	const [big, small] = [join(folder, "big.ts"), join(folder, "small.ts")];
	t.same(await longestFirst([small, "a", big, "b"], { a: 1.2, b: 20 }), [big, "b", "a", small]);
});

t.test("durations that cannot be read are none", async (t) => {
	const folder = t.testdir({ "broken.json": "{", "other.json": "7" });
	t.same(await readDurations(join(folder, "broken.json")), {});
	t.same(await readDurations(join(folder, "other.json")), {});
});
