// Files side by side: every one is run once and reported, whatever becomes of the others and of what they share.
import { join } from "node:path";
import t from "tap";
import { PORT_BLOCK } from "../cluster/ports.ts";
import { type PoolOptions, runPool, type Worker } from "./pool.ts";

const PASS = 'import t from "tap";\nt.ok(true);\n';
const FAIL = 'import t from "tap";\nt.ok(false, "broken");\n';

const pool = async (files: string[], options: Partial<PoolOptions> = {}) => {
	const printed: string[] = [];
	const print = (text: string) => printed.push(text);
	const tally = await runPool(files, { stage: "unit", jobs: 2, timeout: 60, meter: () => 0, print, ...options });
	return { tally, printed };
};

t.test("each file is run once and has a line; a failure has all that was printed", async (t) => {
	const folder = t.testdir({ "a.test.ts": PASS, "b.test.ts": FAIL, "c.test.ts": PASS, "d.test.ts": "" });
	const files = ["a", "b", "c", "d"].map((name) => join(folder, `${name}.test.ts`));
	const { tally, printed } = await pool(files);
	t.same({ passed: tally.passed, failed: tally.failed }, { passed: 2, failed: 2 });
	t.same(tally.failures.toSorted(), [`${files[1]}: broken`, `${files[3]}: asserts nothing`]);
	t.same(tally.timings.map(({ name }) => name).toSorted(), files);
	t.equal(printed.filter((text) => text.startsWith("ok unit")).length, 2);
	t.match(printed.find((text) => text.includes(`not ok unit ${files[1]}`)) ?? "", /not ok 1 - broken[\s\S]*broken\n$/);
});

t.test("a long line is cut", async (t) => {
	const text = 'import t from "tap";\nt.comment("x".repeat(5000)); t.ok(false, "broken");\n';
	const { printed } = await pool([join(t.testdir({ "a.test.ts": text }), "a.test.ts")]);
	const lines = printed.join("").split("\n");
	t.ok(lines.every((line) => line.length < 2100));
	t.match(printed.join(""), /x… \(5002 characters\)/);
});

t.test("no files are a failure", async (t) => {
	t.same((await pool([])).tally, { passed: 0, failed: 1, failures: ["unit: no test file found"], timings: [] });
});

t.test("workers have ports of their own, and at most as many files run as there are jobs", async (t) => {
	const folder = t.testdir({ "a.test.ts": PASS, "b.test.ts": PASS, "c.test.ts": PASS });
	const blocks: number[] = [];
	let running = 0;
	let most = 0;
	const worker = (block: number): Worker => {
		blocks.push(block);
		return {
			prepare: async () => {
				running += 1;
				most = Math.max(most, running);
				return {};
			},
			settle: async () => {
				running -= 1;
			},
			stop: async () => undefined,
		};
	};
	const { tally } = await pool(
		["a", "b", "c"].map((name) => join(folder, `${name}.test.ts`)),
		{ worker },
	);
	t.equal(tally.passed, 3);
	t.equal(new Set(blocks).size, 2);
	t.equal(most, 2);
});

t.test("what a worker prepares reaches the file, with the block of ports", async (t) => {
	const text = `import t from "tap";
t.equal(process.env["GIVEN"], "by the worker");
t.equal(process.env["FOR_ALL"], "yes");
t.match(process.env["${PORT_BLOCK}"], /^\\d+$/);
`;
	const worker = (): Worker => ({
		prepare: async () => ({ GIVEN: "by the worker" }),
		settle: async () => undefined,
		stop: async () => undefined,
	});
	const file = join(t.testdir({ "a.test.ts": text }), "a.test.ts");
	t.same((await pool([file], { worker, env: { FOR_ALL: "yes" } })).tally.failures, []);
});

t.test("a worker that fails names its file, and the next file is run", async (t) => {
	const folder = t.testdir({ "a.test.ts": PASS, "b.test.ts": PASS });
	const files = ["a", "b"].map((name) => join(folder, `${name}.test.ts`));
	const worker = (): Worker => ({
		prepare: async (file) => {
			if (file === files[0]) throw new Error("no control plane");
			return {};
		},
		settle: async () => undefined,
		stop: async () => undefined,
	});
	const { tally, printed } = await pool(files, { worker, jobs: 1 });
	t.same(
		{ passed: tally.passed, failures: tally.failures },
		{ passed: 1, failures: [`${files[0]}: its worker failed`] },
	);
	t.match(printed.join(""), /no control plane/);
});

t.test("a worker that cannot be made or stopped fails the stage, and the other workers go on", async (t) => {
	const folder = t.testdir({ "a.test.ts": PASS, "b.test.ts": PASS });
	const files = ["a", "b"].map((name) => join(folder, `${name}.test.ts`));
	let made = 0;
	const worker = (): Worker => {
		made += 1;
		if (made === 1) throw new Error("no folder");
		return {
			prepare: async () => ({}),
			settle: async () => undefined,
			stop: () => Promise.reject(new Error("it hangs")),
		};
	};
	const { tally } = await pool(files, { worker });
	t.equal(tally.passed, 2);
	t.same(tally.failures, ["unit: a worker failed: Error: no folder", "unit: a worker failed: Error: it hangs"]);
});

t.test("where no worker can be made, every file is a failure", async (t) => {
	const worker = (): Worker => {
		throw new Error("no folder");
	};
	const { tally } = await pool(["a.test.ts", "b.test.ts"], { worker });
	t.equal(tally.passed, 0);
	t.ok(tally.failures.includes("a.test.ts: not run"));
	t.ok(tally.failures.includes("b.test.ts: not run"));
});
