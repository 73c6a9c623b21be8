import t from "tap";
import { createQueue } from "../../reconcilers/queue.ts";
import { virtualClock } from "../kube/fixtures/clock.ts";
import fc from "../property.ts";

const make = (random = 0.5) => {
	const clock = virtualClock();
	return { clock, queue: createQueue({ clock, random: () => random, backoff: { base: 1000, cap: 8000 } }) };
};

t.test("a key is there once, and comes in the order of first adds", async (t) => {
	const { queue } = make();
	for (const key of ["a", "b", "a", "c", "b"]) queue.add(key);
	t.equal(queue.depth, 3);
	t.strictSame([await queue.take(), await queue.take(), await queue.take()], ["a", "b", "c"]);
	t.equal(queue.depth, 0);
});

t.test("a key is never worked on twice at a time; what was added meanwhile comes after", async (t) => {
	const { queue } = make();
	queue.add("a");
	await queue.take();
	queue.add("a");
	queue.add("a");
	queue.add("b");
	t.equal(queue.depth, 1, "a is not there to be taken");
	t.equal(await queue.take(), "b");
	queue.done("a");
	t.equal(await queue.take(), "a");
	queue.done("a");
	t.equal(queue.depth, 0);
});

t.test("takers that wait are served in order", async (t) => {
	const { queue } = make();
	const taken = Promise.all([queue.take(), queue.take()]);
	queue.add("a");
	queue.add("b");
	t.strictSame(await taken, ["a", "b"]);
	t.equal(queue.depth, 0);
});

t.test("addAfter: the earliest time counts, at once for none", async (t) => {
	const { queue, clock } = make();
	queue.addAfter("a", 60);
	queue.addAfter("a", 10);
	queue.addAfter("a", 30);
	queue.addAfter("b", 0);
	t.strictSame([queue.depth, clock.waits()], [1, [10_000]]);
	clock.advance(9999);
	t.equal(queue.depth, 1);
	clock.advance(1);
	t.equal(queue.depth, 2);
	clock.advance(1_000_000);
	t.equal(queue.depth, 2, "the later times are gone");
});

t.test("a wait longer than a timer can be", (t) => {
	const clock = virtualClock();
	const short = {
		...clock,
		after: (wait: number, callback: () => void) => clock.after(Math.min(wait, 1000), callback),
	};
	const queue = createQueue({ clock: short });
	queue.addAfter("a", 3);
	clock.advance(2999);
	t.equal(queue.depth, 0);
	clock.advance(1);
	t.equal(queue.depth, 1);
	t.end();
});

t.test("retries come later and later, until forgotten", (t) => {
	const { queue } = make();
	const waits = Array.from({ length: 6 }, () => queue.retry("a"));
	t.strictSame(waits, [0.75, 1.5, 3, 6, 6, 6]);
	t.equal(queue.retry("b"), 0.75, "each key for itself");
	queue.forget("a");
	t.equal(queue.retry("a"), 0.75);
	t.equal(queue.retry("c", { base: 50 }), 0.0375);
	t.equal(queue.retry("d", { retryAfter: 20 }), 20);
	t.end();
});

t.test("shutDown: waiting keys and timers are dropped, takers go, work is awaited", async (t) => {
	const { queue, clock } = make();
	queue.add("a");
	await queue.take();
	queue.add("a");
	queue.add("b");
	queue.addAfter("c", 5);
	const closed = queue.shutDown();
	let ended = false;
	void closed.then(() => {
		ended = true;
	});
	queue.add("d");
	queue.addAfter("d", 1);
	t.equal(queue.retry("d") > 0, true);
	t.strictSame([queue.depth, clock.waits(), await queue.take()], [0, [], undefined]);
	t.equal(ended, false, "a is still being worked on");
	queue.done("a");
	await closed;
	t.equal(queue.depth, 0);
	await queue.shutDown();
	const idle = make().queue;
	const taker = idle.take();
	await idle.shutDown();
	t.equal(await taker, undefined);
});

t.test("whatever happens: no key twice at a time, none lost", async (t) => {
	const key = fc.constantFrom("a", "b", "c");
	const step = fc.oneof(
		fc.record({ do: fc.constant("add" as const), key }),
		fc.record({ do: fc.constant("later" as const), key, seconds: fc.integer({ min: 0, max: 5 }) }),
		fc.record({ do: fc.constant("take" as const) }),
		fc.record({ do: fc.constant("done" as const) }),
		fc.record({ do: fc.constant("time" as const), seconds: fc.integer({ min: 0, max: 5 }) }),
	);
	const property = fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
		const { queue, clock } = make();
		const working: string[] = [];
		const owed = new Set<string>();
		const take = async (): Promise<void> => {
			const taken = (await queue.take()) as string;
			if (working.includes(taken)) throw new Error(`${taken} twice at a time`);
			working.push(taken);
			owed.delete(taken);
		};
		for (const one of steps) {
			if (one.do === "add" || one.do === "later") owed.add(one.key);
			if (one.do === "add") queue.add(one.key);
			if (one.do === "later") queue.addAfter(one.key, one.seconds);
			if (one.do === "take" && queue.depth > 0) await take();
			if (one.do === "done" && working.length > 0) queue.done(working.shift() as string);
			if (one.do === "time") clock.advance(one.seconds * 1000);
		}
		clock.advance(10_000);
		while (working.length > 0) queue.done(working.shift() as string);
		while (queue.depth > 0) await take();
		if (owed.size > 0) throw new Error(`lost: ${[...owed]}`);
	});
	await t.resolves(fc.assert(property));
});
