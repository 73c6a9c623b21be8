// Whatever happens in a stage, the others run, and the last line has the counts.
import t from "tap";
import { type NamedStage, runLanes, sumOf, verdictText } from "./gate.ts";
import { costTable } from "./table.ts";
import { emptyTally, failure, type Tally } from "./tally.ts";

const passes = (passed: number): Tally => ({ ...emptyTally(), passed });
const stage = (name: string, run: () => Promise<Tally>): NamedStage => ({ name, run });

const run = async (...groups: NamedStage[][]) => {
	const printed: string[] = [];
	const results = await runLanes([groups], (text) => printed.push(text));
	return { results, printed: printed.join(""), last: verdictText(sumOf(results)) };
};

t.test("counts of all stages are summed", async (t) => {
	const { last } = await run([stage("a", async () => passes(2)), stage("b", async () => passes(3))]);
	t.equal(last, "5 passed, 0 failed\n");
});

t.test("a stage that throws is a failure with a name, and the stages beside and after it run", async (t) => {
	const broken = stage("broken", () => Promise.reject(new Error("no disk")));
	const { last, printed, results } = await run(
		[broken, stage("beside", async () => passes(1))],
		[stage("after", async () => passes(1))],
	);
	t.equal(last, "FAILED broken: the stage itself failed\n2 passed, 1 failed\n");
	t.match(printed, /not ok broken: Error: no disk/);
	t.same(
		results.map(({ name }) => name),
		["broken", "beside", "after"],
	);
});

t.test("a stage that throws before it has a promise", async (t) => {
	const broken = stage("broken", () => {
		throw new Error("at once");
	});
	t.equal((await run([broken])).last, "FAILED broken: the stage itself failed\n0 passed, 1 failed\n");
});

t.test("stages of a group run side by side, groups one after the other", async (t) => {
	const order: string[] = [];
	const { promise, resolve } = Promise.withResolvers<void>();
	const first = stage("first", async () => {
		await promise;
		order.push("first");
		return passes(1);
	});
	const second = stage("second", async () => {
		order.push("second");
		resolve();
		return passes(1);
	});
	const third = stage("third", async () => {
		order.push("third");
		return passes(1);
	});
	await run([first, second], [third]);
	t.same(order, ["second", "first", "third"]);
});

t.test("lanes run side by side", async (t) => {
	const { promise, resolve } = Promise.withResolvers<void>();
	const waits = async () => {
		await promise;
		return passes(1);
	};
	const resolves = async () => {
		resolve();
		return passes(2);
	};
	const lanes = [[[stage("waits", waits)]], [[stage("before", async () => passes(4))], [stage("resolves", resolves)]]];
	const results = await runLanes(lanes, () => undefined);
	t.same(
		results.map(({ name, tally }) => [name, tally.passed]),
		[
			["waits", 1],
			["before", 4],
			["resolves", 2],
		],
	);
});

t.test("nothing that ran is a failure", async (t) => {
	t.equal((await run([stage("empty", async () => emptyTally())])).last, "FAILED no test ran\n0 passed, 1 failed\n");
	t.equal((await run()).last, "FAILED no test ran\n0 passed, 1 failed\n");
	t.equal(verdictText(failure("x")), "FAILED x\n0 passed, 1 failed\n");
});

t.test("the table: wall and CPU time of each stage, and the ten slowest files", (t) => {
	const timings = Array.from({ length: 12 }, (_, index) => ({ name: `file-${index}`, seconds: index, cpu: 1 }));
	const table = costTable(
		[
			{ name: "unit", seconds: 20.25, tally: { ...emptyTally(), timings } },
			{ name: "static", seconds: 3, tally: { ...emptyTally(), timings: [{ name: "types", seconds: 30, cpu: 2.5 }] } },
		],
		21,
	);
	t.equal(
		table,
		[
			"",
			"      wall        CPU  stage",
			"    20.3 s     12.0 s  unit",
			"     3.0 s      2.5 s  static",
			"    21.0 s     14.5 s  all",
			"",
			"      wall        CPU  the 10 slowest",
			"    30.0 s      2.5 s  types",
			...[11, 10, 9, 8, 7, 6, 5, 4, 3].map((n) => `${n.toFixed(1).padStart(8)} s      1.0 s  file-${n}`),
			"",
		].join("\n"),
	);
	t.end();
});
