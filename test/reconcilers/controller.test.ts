import t from "tap";
import { runController } from "../../reconcilers/controller.ts";
import { done, invalid, type Outcome, requeue } from "../../reconcilers/outcome.ts";
import { createQueue } from "../../reconcilers/queue.ts";
import { InspectionError } from "../../src/gather/inspectionerror.ts";
import { AlreadyExistsError, ConflictError, ForbiddenError, UnavailableError } from "../../src/kube/errors.ts";
import { virtualClock } from "../kube/fixtures/clock.ts";

type Reconcile = (key: string, signal: AbortSignal) => Promise<Outcome>;

const start = (reconcile: Reconcile, workers = 1) => {
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

t.test("workers work side by side, each key alone", async (t) => {
	const gates = new Map<string, () => void>();
	const third = Promise.withResolvers<void>();
	const { queue, runs, depths } = start((key) => {
		if (key === "c") third.resolve();
		return new Promise((resolve) => gates.set(key, () => resolve(done)));
	}, 2);
	for (const key of ["a", "b", "c"]) queue.add(key);
	await Promise.resolve();
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
	await Promise.resolve();
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
