import { setImmediate as turn } from "node:timers/promises";
import t from "tap";
import { type Reconcile, runController } from "../../reconcilers/controller.ts";
import { done, invalid, type Outcome, requeue } from "../../reconcilers/outcome.ts";
import { createQueue } from "../../reconcilers/queue.ts";
import { InspectionError } from "../../src/gather/inspectionerror.ts";
import {
	AlreadyExistsError,
	ConflictError,
	ForbiddenError,
	NotPermittedError,
	UnavailableError,
} from "../../src/kube/errors.ts";
import type { Acquisition, Locks } from "../../src/locks/locks.ts";
import { memoryLocks } from "../../src/locks/memory.ts";
import { virtualClock } from "../kube/fixtures/clock.ts";

const start = (
	reconcile: Reconcile<string>,
	workers = 1,
	options: Partial<Parameters<typeof runController>[0]> = {},
) => {
	const clock = virtualClock();
	const queue = createQueue({ clock, random: () => 1, backoff: { base: 1000, cap: 60_000 } });
	const results: string[] = [];
	const logs: [level: string, fields: Record<string, unknown>][] = [];
	const waiting: { count: number; resolve: () => void }[] = [];
	const depths: (() => number)[] = [];
	const log = (level: string) => (fields: object) => void logs.push([level, fields as Record<string, unknown>]);
	const controller = runController({
		name: "test",
		queue,
		reconcile,
		workers,
		clock,
		locks: memoryLocks(() => 1),
		lockName: (key) => key,
		...options,
		logger: { debug: log("debug"), info: log("info"), warn: log("warn"), error: log("error") },
		metrics: {
			reconciled: (_name, result, seconds) => {
				results.push(`${result} ${seconds}`);
				for (const { count, resolve } of waiting) if (results.length >= count) resolve();
			},
			watchQueue: (_name, depth) => depths.push(depth),
		},
	});
	/** Resolves when so many runs have ended. */
	const runs = (count: number): Promise<void> =>
		new Promise((resolve) => {
			waiting.push({ count, resolve });
			if (results.length >= count) resolve();
		});
	return { clock, queue, results, logs, runs, controller, depths };
};

const details = { operation: "get x" };
const rows: [what: string, outcome: Outcome | Error, result: string, level: string, nextIn: number | undefined][] = [
	["done", done, "done", "debug", undefined],
	["requeue", requeue(30, "a deadline"), "requeue", "debug", 30_000],
	["invalid", invalid({ errors: [], warnings: [] }), "invalid", "debug", undefined],
	["conflict", new ConflictError("x", details), "conflict", "debug", 50],
	["already there", new AlreadyExistsError("x", details), "conflict", "debug", 50],
	["unavailable", new UnavailableError("x", details), "unavailable", "warn", 1000],
	[
		"unavailable, with Retry-After",
		new UnavailableError("x", { ...details, retryAfter: 9 }),
		"unavailable",
		"warn",
		9000,
	],
	["keys that cannot be looked at now", new InspectionError("busy"), "unavailable", "warn", 1000],
	["forbidden", new ForbiddenError("x", details), "error", "error", 1000],
	["not permitted any more", new NotPermittedError("x", details), "stopped", "debug", 1000],
	["a mistake of ours", new TypeError("x"), "error", "error", 1000],
];
for (const [what, outcome, result, level, nextIn] of rows)
	t.test(what, async (t) => {
		const { clock, queue, results, runs, logs } = start(async () => {
			clock.advance(2000);
			if (outcome instanceof Error) throw outcome;
			return outcome;
		});
		queue.add("a/b");
		await runs(1);
		t.strictSame(results, [`${result} 2`]);
		t.match(logs, [[level, { controller: "test", key: "a/b" }]]);
		if (outcome instanceof Error) t.equal(logs[0]?.[1].err, outcome);
		t.strictSame(clock.waits(), nextIn === undefined ? [] : [nextIn]);
		clock.advance(nextIn ?? 1e9);
		if (nextIn !== undefined) await runs(2);
		t.equal(results.length, nextIn === undefined ? 1 : 2);
	});

t.test("failures add up until a success", async (t) => {
	const answers: (Outcome | Error)[] = [new Error("1"), new Error("2"), done, new Error("3")];
	const { clock, queue, runs } = start(async () => {
		const answer = answers.shift() ?? done;
		if (answer instanceof Error) throw answer;
		return answer;
	});
	queue.add("a");
	await runs(1);
	t.strictSame(clock.waits(), [1000]);
	clock.advance(1000);
	await runs(2);
	t.strictSame(clock.waits(), [2000]);
	clock.advance(2000);
	await runs(3);
	queue.add("a");
	await runs(4);
	t.strictSame(clock.waits(), [1000]);
});

t.test("a failure after progress is a first one; at the same place again it is not", async (t) => {
	const steps = [true, true, false, false, true];
	const { clock, queue, runs } = start(async (_key, _signal, progressed) => {
		if (steps.shift()) progressed();
		throw new UnavailableError("x", details);
	});
	queue.add("a");
	const waits: number[] = [];
	for (let run = 1; run <= 5; run += 1) {
		await runs(run);
		const [wait = 0] = clock.waits();
		waits.push(wait);
		clock.advance(wait);
	}
	t.strictSame(waits, [1000, 1000, 2000, 4000, 1000]);
});

t.test("workers work side by side, each key alone", async (t) => {
	const gates = new Map<string, () => void>();
	const third = Promise.withResolvers<void>();
	const { queue, runs, depths } = start((key) => {
		if (key === "c") third.resolve();
		return new Promise((resolve) => gates.set(key, () => resolve(done)));
	}, 2);
	for (const key of ["a", "b", "c"]) queue.add(key);
	await turn();
	t.strictSame([[...gates.keys()], depths[0]?.()], [["a", "b"], 1]);
	gates.get("b")?.();
	await third.promise;
	t.strictSame([...gates.keys()], ["a", "b", "c"]);
	gates.get("a")?.();
	gates.get("c")?.();
	await runs(3);
});

t.test("stop: no new work, running work ends, and is told after the grace", async (t) => {
	let aborted = false;
	const { clock, queue, controller, results } = start(
		(key, signal) =>
			new Promise((_resolve, reject) => {
				signal.addEventListener("abort", () => {
					aborted = true;
					reject(new Error(key));
				});
			}),
	);
	queue.add("a");
	queue.add("b");
	await turn();
	const stopped = controller.stop(5);
	clock.advance(4999);
	t.equal(aborted, false);
	clock.advance(1);
	await stopped;
	t.strictSame(results, ["stopped 5"]);
	t.strictSame(clock.waits(), []);
});

t.test("stop of an idle controller is at once", async (t) => {
	const { controller, clock } = start(async () => done);
	await controller.stop();
	t.strictSame(clock.waits(), []);
});

/** Locks that answer as they are told, and count what is given back. */
const scripted = (answers: Acquisition["type"][]) => {
	const lost = new AbortController();
	const asked: string[] = [];
	let released = 0;
	const release = async (): Promise<void> => {
		released += 1;
	};
	const lock = { signal: lost.signal, release };
	const locks: Locks = {
		acquire: async (name) => {
			asked.push(name);
			const type = answers.shift() ?? "held";
			return type === "busy" ? { type, retryAfter: 7 } : { type, lock };
		},
		checks: () => [],
		close: async () => undefined,
	};
	return { locks, lose: () => lost.abort(), asked, released: () => released };
};

t.test("a key that is locked elsewhere is not worked on, and comes again", async (t) => {
	const { locks, asked, released } = scripted(["busy", "held"]);
	const worked: string[] = [];
	const { clock, queue, runs, results } = start(
		async (key) => {
			worked.push(key);
			return done;
		},
		1,
		{ locks, lockName: (key) => `uid of ${key}` },
	);
	queue.add("a");
	await runs(1);
	t.strictSame([results, worked, clock.waits()], [["locked 0"], [], [7000]]);
	clock.advance(7000);
	await runs(2);
	t.strictSame([worked, asked, released()], [["a"], ["uid of a", "uid of a"], 1]);
});

t.test("where nobody knows, work goes on; what has no name needs no lock", async (t) => {
	const { locks, asked, released } = scripted(["unknown"]);
	const { queue, runs, results } = start(async () => done, 1, {
		locks,
		lockName: (key) => (key === "a" ? key : undefined),
	});
	queue.add("a");
	queue.add("b");
	await runs(2);
	t.strictSame([results, asked, released()], [["done 0", "done 0"], ["a"], 1]);
});

t.test("a lost lock calls the work off; it is tried again, and the lock is given back", async (t) => {
	const { locks, lose, released } = scripted([]);
	const { clock, queue, runs, results } = start(
		(_key, signal) =>
			new Promise((_resolve, reject) => {
				signal.addEventListener("abort", () => reject(new Error("called off")));
				lose();
			}),
		1,
		{ locks },
	);
	queue.add("a");
	await runs(1);
	t.strictSame([results, clock.waits(), released()], [["stopped 0"], [1000], 1]);
});

t.test("the end of the permit aborts all work at once", async (t) => {
	const permit = new AbortController();
	const begun = Promise.withResolvers<void>();
	const { queue, runs, results } = start(
		(_key, signal) =>
			new Promise((_resolve, reject) => {
				signal.addEventListener("abort", () => reject(new Error("called off")));
				begun.resolve();
			}),
		1,
		{ signal: permit.signal },
	);
	queue.add("a");
	await begun.promise;
	permit.abort();
	await runs(1);
	t.strictSame(results, ["stopped 0"]);
});
