// Instants of the wall clock: neither a suspended machine nor a clock that is set keeps them from being noticed.
import t from "tap";
import { LOOK_EVERY, whenClockShows } from "../../certs/wallclock.ts";
import type { Clock } from "../../src/kube/clock.ts";
import { virtualClock } from "../kube/fixtures/clock.ts";

/** A clock whose time is set apart from its timers: what `awake` lets pass is what timers see. */
const settable = () => {
	const timers = virtualClock(0);
	let ahead = 0;
	const clock: Clock = { now: () => timers.now() + ahead, after: timers.after };
	return {
		clock,
		awake: (milliseconds: number) => timers.advance(milliseconds),
		set: (milliseconds: number) => {
			ahead += milliseconds;
		},
		waits: timers.waits,
	};
};

const HOUR = 3_600_000;

t.test("at its time, and not before", async (t) => {
	const { clock, awake, waits } = settable();
	let called = 0;
	whenClockShows(clock, HOUR, () => (called += 1));
	awake(HOUR - 1);
	t.equal(called, 0);
	awake(1);
	t.equal(called, 1);
	t.same(waits(), [], "once");
});

t.test("within two seconds after a suspension or a jump ahead", async (t) => {
	const { clock, awake, set } = settable();
	let called = 0;
	whenClockShows(clock, HOUR, () => (called += 1));
	awake(10_000);
	set(5 * HOUR);
	awake(LOOK_EVERY);
	t.equal(called, 1);
});

t.test("when the clock is set back, since nothing is known then", async (t) => {
	const { clock, awake, set } = settable();
	let called = 0;
	whenClockShows(clock, HOUR, () => (called += 1));
	awake(10_000);
	set(-HOUR);
	awake(LOOK_EVERY);
	t.equal(called, 1);
});

t.test("not once it is cancelled", async (t) => {
	const { clock, awake, waits } = settable();
	const cancel = whenClockShows(clock, HOUR, () => t.fail("called"));
	awake(10_000);
	cancel();
	awake(2 * HOUR);
	t.same(waits(), []);
});

t.test("what is over already is called back soon, but not at once", async (t) => {
	const { clock, awake } = settable();
	let called = 0;
	whenClockShows(clock, -HOUR, () => (called += 1));
	t.equal(called, 0);
	awake(0);
	t.equal(called, 1);
});

t.test("looks every two seconds at most, sooner at the end", async (t) => {
	const { clock, awake, waits } = settable();
	whenClockShows(clock, 5_000, () => undefined);
	t.strictSame(waits(), [LOOK_EVERY]);
	awake(LOOK_EVERY);
	t.strictSame(waits(), [LOOK_EVERY]);
	awake(LOOK_EVERY);
	t.strictSame(waits(), [1_000]);
	const over = settable();
	whenClockShows(over.clock, -1, () => undefined);
	t.strictSame(over.waits(), [0]);
	const soon = settable();
	whenClockShows(soon.clock, 300, () => undefined);
	t.strictSame(soon.waits(), [300]);
});
