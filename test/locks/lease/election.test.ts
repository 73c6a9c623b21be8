// The promise of the election, in simulated time: whatever replicas, clocks and network do within bounds, never two that
// both may write; and when all is well again, one that may.

import t from "tap";
import fc from "../../property.ts";
import { type Plan, type ReplicaPlan, simulate, type Turn } from "./simulation.ts";

const well: ReplicaPlan = { rate: 1, pauses: [], jumps: [] };
const plan = (replicas: ReplicaPlan[], change: Partial<Plan> = {}): Plan => ({
	replicas,
	outages: [],
	latency: 50,
	seed: 1,
	length: 120_000,
	...change,
});
const NEVER = Number.POSITIVE_INFINITY;

/** Milliseconds from a moment until another replica than that one may write. */
const takeover = (turns: readonly Turn[], from: number, before: number): number =>
	(turns.find(({ at, writers }) => at >= from && writers.length > 0 && writers[0] !== before)?.at ?? NEVER) - from;
const writerAt = (turns: readonly Turn[], at: number): readonly number[] =>
	turns.findLast((turn) => turn.at <= at)?.writers ?? [];
const conflicts = (turns: readonly Turn[]): Turn[] => turns.filter(({ writers }) => writers.length > 1);

t.test("one leads from the start to the end", async (t) => {
	const turns = await simulate(plan([well, well, well]));
	t.same(
		turns.map(({ writers }) => writers.length),
		[0, 1],
	);
	t.ok((turns[1]?.at ?? NEVER) < 5_500);
});

t.test("killed: another one leads within the Lease's duration and one look", async (t) => {
	for (const seed of [1, 2, 3, 4, 5]) {
		const first = await simulate(plan([well, well], { seed, length: 30_000 }));
		const [leader = -1] = writerAt(first, 29_999);
		const replicas = [0, 1].map((index) =>
			index === leader ? { ...well, pauses: [{ from: 30_000, to: NEVER }] } : well,
		);
		const turns = await simulate(plan(replicas, { seed }));
		const after = takeover(turns, 30_000, leader);
		t.ok(after > 8_000 && after <= 15_000 + 2_400 + 300, `seed ${seed}: ${after} ms`);
		t.same(conflicts(turns), []);
	}
});

t.test("told to end: it gives the Lease back, and another one leads at its next look", async (t) => {
	for (const seed of [1, 2, 3, 4, 5]) {
		const [leader = -1] = writerAt(await simulate(plan([well, well], { seed, length: 30_000 })), 29_999);
		const replicas = [0, 1].map((index) => (index === leader ? { ...well, ends: 30_000 } : well));
		const turns = await simulate(plan(replicas, { seed }));
		t.ok(takeover(turns, 30_000, leader) <= 2_400 + 1_000, `seed ${seed}`);
		t.same(conflicts(turns), []);
	}
});

t.test("stopped for longer than the Lease, and continued: it may not write, and stands by", async (t) => {
	const [leader = -1] = writerAt(await simulate(plan([well, well], { length: 30_000 })), 29_999);
	const replicas = [0, 1].map((index) =>
		index === leader ? { ...well, pauses: [{ from: 30_000, to: 60_000 }] } : well,
	);
	const turns = await simulate(plan(replicas));
	t.same(conflicts(turns), []);
	t.same(writerAt(turns, 60_000), [1 - leader]);
	t.same(writerAt(turns, 119_000), [1 - leader]);
});

t.test("the API server away for longer than the Lease: nobody may write, and later one may", async (t) => {
	const turns = await simulate(plan([well, well, well], { outages: [{ from: 30_000, to: 60_000 }] }));
	t.same(conflicts(turns), []);
	t.same(writerAt(turns, 45_000), []);
	t.equal(writerAt(turns, 119_000).length, 1);
});

t.test("away for less than the renew deadline: the same goes on", async (t) => {
	const turns = await simulate(plan([well, well], { outages: [{ from: 30_000, to: 34_000 }] }));
	t.same(
		turns.map(({ writers }) => writers.length),
		[0, 1],
	);
});

t.test("a leader's time of day jumps an hour ahead: it stops at once, and goes on", async (t) => {
	const jumping = { ...well, jumps: [{ at: 30_000, by: 3_600_000 }] };
	const turns = await simulate(plan([jumping]));
	t.same(conflicts(turns), []);
	t.equal(writerAt(turns, 60_000).length, 1);
});

t.test("a wait that ends a rounding error early ends all the same", async (t) => {
	const slow: ReplicaPlan = {
		...well,
		rate: 0.9,
		pauses: [
			{ from: 4_997, to: 12_422 },
			{ from: 12_422, to: 46_037 },
		],
		ends: 4_997,
	};
	const fast: ReplicaPlan = {
		rate: 1.0005023598898006,
		pauses: [{ from: 2, to: 102 }],
		jumps: [{ at: 56_420, by: -1 }],
	};
	const turns = await simulate(
		plan([fast, slow], { outages: [{ from: 15_495, to: 38_482 }], latency: 2_991, seed: 19, length: 150_000 }),
	);
	t.same(conflicts(turns), []);
});

const LENGTH = 150_000;
/** From here on all is well. */
const CALM = 100_000;
const times = fc.tuple(fc.integer({ min: 0, max: CALM }), fc.integer({ min: 100, max: 40_000 }));
const spans = (most: number) =>
	fc.array(
		times.map(([from, length]) => ({ from, to: Math.min(CALM, from + length) })),
		{ maxLength: most },
	);
const replica: fc.Arbitrary<ReplicaPlan> = fc.record(
	{
		// Ten per cent is far more than any real clock is off, and well within the 5 s between 10 s and 15 s.
		rate: fc.double({ min: 0.9, max: 1.1, noNaN: true }),
		pauses: spans(3),
		jumps: fc.array(
			fc.record({ at: fc.integer({ min: 0, max: CALM }), by: fc.integer({ min: -7_200_000, max: 7_200_000 }) }),
			{ maxLength: 2 },
		),
		ends: fc.integer({ min: 0, max: CALM }),
	},
	{ requiredKeys: ["rate", "pauses", "jumps"] },
);

t.test("never two that may write, whatever happens; one, when all is well again", async (t) => {
	await fc.assert(
		fc.asyncProperty(
			fc.array(replica, { minLength: 2, maxLength: 3 }),
			spans(3),
			fc.integer({ min: 0, max: 3_000 }),
			fc.nat(),
			async (replicas, outages, latency, seed) => {
				// One is never told to end.
				const [first = well, ...rest] = replicas;
				const { ends: _, ...staying } = first;
				const turns = await simulate({ replicas: [staying, ...rest], outages, latency, seed, length: LENGTH });
				if (conflicts(turns).length > 0) throw new Error(`two may write: ${JSON.stringify(conflicts(turns))}`);
				// Round trips of up to 6 s need several tries.
				if (latency < 1_000 && writerAt(turns, LENGTH).length !== 1) throw new Error("nobody may write");
			},
		),
		{ numRuns: 200 },
	);
	t.pass("no counterexample");
});
