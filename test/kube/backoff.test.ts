import t from "tap";
import { atLeastRetryAfter, backoffDelay } from "../../src/kube/backoff.ts";
import { pause, systemClock } from "../../src/kube/clock.ts";
import { virtualClock } from "./fixtures/clock.ts";

t.test("doubles up to the cap, with jitter below it", (t) => {
	const delays = (random: number): number[] =>
		[0, 1, 2, 3, 4, 5, 99, 1e9].map((n) => backoffDelay(n, { base: 100, cap: 1000, random: () => random }));
	t.strictSame(delays(0), [50, 50, 100, 200, 400, 500, 500, 500]);
	t.strictSame(delays(1), [100, 100, 200, 400, 800, 1000, 1000, 1000]);
	t.end();
});

t.test("Retry-After lengthens, never shortens, and is bounded", (t) => {
	t.equal(atLeastRetryAfter(700, undefined), 700);
	t.equal(atLeastRetryAfter(700, 0), 700);
	t.equal(atLeastRetryAfter(700, 5), 5000);
	t.equal(atLeastRetryAfter(700, 1e9), 300_000);
	t.end();
});

t.test("a pause ends by time or by signal, and leaves no timer", async (t) => {
	const clock = virtualClock();
	const first = pause(clock, 50);
	clock.advance(50);
	await first;
	const stop = new AbortController();
	const second = pause(clock, 50, stop.signal);
	stop.abort();
	await second;
	await pause(clock, 50, stop.signal);
	t.strictSame(clock.waits(), []);
	await pause(systemClock, 0);
});
