import t from "tap";
import { busyWait } from "../../src/locks/locks.ts";
import { memoryLocks } from "../../src/locks/memory.ts";

t.test("one at a time for each name", async (t) => {
	const locks = memoryLocks(() => 0.5);
	const first = await locks.acquire("a");
	t.equal(first.type, "held");
	t.strictSame(await locks.acquire("a"), { type: "busy", retryAfter: 0.75 });
	t.equal((await locks.acquire("b")).type, "held");
	if (first.type === "busy") return;
	await first.lock.release();
	const second = await locks.acquire("a");
	t.equal(second.type, "held");
	await first.lock.release();
	t.equal((await locks.acquire("a")).type, "busy", "a lock that was given back gives nothing back any more");
	t.notOk(first.lock.signal.aborted);
	t.strictSame(locks.checks(), []);
	await locks.close();
});

t.test("the wait for a busy lock is at most what it has left, and never nothing", (t) => {
	for (const [left, random, seconds] of [
		[15_000, 1, 15],
		[15_000, 0, 7.5],
		[0, 0, 0.05],
		[40, 1, 0.1],
	] as const)
		t.equal(
			busyWait(left, () => random),
			seconds,
		);
	t.end();
});
