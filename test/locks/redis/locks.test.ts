// When a lock is renewed, lost and given back, over a Redis that answers what the test says and with a clock that stands
// still. What the scripts do is tested in real servers: test/integration/redis-locks.test.ts.
import { setImmediate as turn } from "node:timers/promises";
import t from "tap";
import type { Acquisition, LockResult } from "../../../src/locks/locks.ts";
import { redisLocks } from "../../../src/locks/redis/locks.ts";
import { ACQUIRE, RELEASE, RENEW } from "../../../src/locks/redis/scripts.ts";
import { virtualClock } from "../../kube/fixtures/clock.ts";

const NAMES = new Map([
	[ACQUIRE, "acquire"],
	[RENEW, "renew"],
	[RELEASE, "release"],
]);

const start = () => {
	const clock = virtualClock(0);
	let ahead = 0;
	const calls: string[] = [];
	const counted: LockResult[] = [];
	const answers: Record<string, number | Error> = { acquire: -1, renew: 1, release: 1 };
	let trouble: string | undefined;
	let tokens = 0;
	const locks = redisLocks({
		clocks: { steady: clock, wall: () => 5_000_000 + clock.now() + ahead },
		random: () => 1,
		token: () => {
			tokens += 1;
			return `token-${tokens}`;
		},
		metrics: { locked: (result) => counted.push(result), redisUp: () => undefined },
		connection: {
			run: async (script, key, ...values) => {
				const name = NAMES.get(script) ?? "?";
				calls.push([name, key.replace("backup-maker-controller:lock:", ""), ...values].join(" "));
				const answer = answers[name] ?? 0;
				if (answer instanceof Error) throw answer;
				return answer;
			},
			trouble: () => trouble,
			close: () => calls.push("close"),
		},
	});
	const acquire = async () => {
		const acquired = (await locks.acquire("uid")) as Exclude<Acquisition, { type: "busy" }>;
		return { type: acquired.type, lock: acquired.lock };
	};
	const pass = async (milliseconds: number): Promise<void> => {
		clock.advance(milliseconds);
		await turn();
	};
	const setTrouble = (text: string): void => {
		trouble = text;
	};
	/** Moves the time of day alone. */
	const jump = (milliseconds: number): void => {
		ahead += milliseconds;
	};
	return { clock, calls, counted, answers, locks, acquire, pass, jump, setTrouble };
};

t.test("taken, renewed while it is held, and given back", async (t) => {
	const { calls, counted, acquire, pass, clock } = start();
	const { type, lock } = await acquire();
	t.equal(type, "held");
	for (let passed = 0; passed < 30_000; passed += 5_000) await pass(5_000);
	await lock.release();
	await lock.release();
	t.notOk(lock.signal.aborted);
	t.strictSame(calls.slice(0, 3), ["acquire uid token-1 15000", "renew uid token-1 15000", "renew uid token-1 15000"]);
	t.strictSame(
		calls.filter((call) => call.startsWith("release")),
		["release uid token-1"],
	);
	t.strictSame(clock.waits(), [], "no timer is left");
	t.strictSame(counted, ["acquired"]);
});

t.test("held elsewhere", async (t) => {
	const { answers, locks, counted, clock } = start();
	answers["acquire"] = 8_000;
	t.strictSame(await locks.acquire("uid"), { type: "busy", retryAfter: 8 });
	t.strictSame([counted, clock.waits()], [["busy"], []]);
});

t.test("no answer: work goes on, and what may have been taken is given back", async (t) => {
	const { answers, acquire, calls, counted } = start();
	answers["acquire"] = new Error("no answer in time");
	answers["release"] = new Error("no answer in time");
	const { type, lock } = await acquire();
	t.equal(type, "unknown");
	await lock.release();
	t.notOk(lock.signal.aborted);
	t.strictSame(calls, ["acquire uid token-1 15000", "release uid token-1"]);
	t.strictSame(counted, ["unknown"]);
});

t.test("gone when it is to be renewed: lost, and not given back", async (t) => {
	const { answers, acquire, calls, counted, pass, clock } = start();
	const { lock } = await acquire();
	answers["renew"] = 0;
	await pass(5_000);
	t.ok(lock.signal.aborted);
	await lock.release();
	t.strictSame(calls, ["acquire uid token-1 15000", "renew uid token-1 15000"]);
	t.strictSame([counted, clock.waits()], [["acquired", "lost"], []]);
});

t.test("Redis goes away while it is held: ours for the time that it has left, then lost", async (t) => {
	const { answers, acquire, counted, pass, clock } = start();
	const { lock } = await acquire();
	await pass(5_000);
	answers["renew"] = new Error("not connected");
	for (const milliseconds of [5_000, 5_000, 4_999]) await pass(milliseconds);
	t.notOk(lock.signal.aborted);
	await pass(1);
	t.ok(lock.signal.aborted);
	t.strictSame([counted, clock.waits()], [["acquired", "lost"], []]);
});

t.test("the process stood still for longer than its time to live: lost, and no renewal is tried", async (t) => {
	const { acquire, calls, clock } = start();
	const { lock } = await acquire();
	// The timer of 5 s fires 20 s late.
	const { now } = clock;
	clock.now = () => now() + 20_000;
	clock.advance(5_000);
	await turn();
	t.ok(lock.signal.aborted);
	t.strictSame(calls, ["acquire uid token-1 15000"]);
});

t.test(
	"the machine slept longer than its time to live, and its steady clock with it: lost within a second",
	async (t) => {
		const { acquire, calls, counted, pass, jump, clock } = start();
		const { lock } = await acquire();
		await pass(500);
		jump(14_500);
		await pass(500);
		t.ok(lock.signal.aborted);
		t.strictSame(calls, ["acquire uid token-1 15000"], "nothing is asked about a lock that is over");
		t.strictSame([counted, clock.waits()], [["acquired", "lost"], []]);
	},
);

t.test("the machine slept for less: renewed at once", async (t) => {
	const { acquire, calls, pass, jump } = start();
	const { lock } = await acquire();
	jump(10_000);
	await pass(1_000);
	t.notOk(lock.signal.aborted);
	t.strictSame(calls, ["acquire uid token-1 15000", "renew uid token-1 15000"]);
});

t.test("a time of day that is set back changes nothing", async (t) => {
	const { answers, acquire, calls, pass, jump } = start();
	const { lock } = await acquire();
	jump(-3_600_000);
	answers["renew"] = new Error("not connected");
	for (let passed = 0; passed < 14_000; passed += 1_000) await pass(1_000);
	t.equal(calls.length, 3, "renewals are tried");
	t.notOk(lock.signal.aborted);
	await pass(1_000);
	t.ok(lock.signal.aborted);
});

t.test("released while a renewal is under way: nothing goes on", async (t) => {
	const { acquire, counted, clock, answers } = start();
	const { lock } = await acquire();
	answers["renew"] = 0;
	clock.advance(5_000);
	await lock.release();
	await turn();
	t.notOk(lock.signal.aborted);
	t.strictSame([counted, clock.waits()], [["acquired"], []]);
});

t.test("work that takes for ever does not keep its lock for ever", async (t) => {
	const { acquire, pass } = start();
	const { lock } = await acquire();
	for (let passed = 0; passed < 595_000; passed += 5_000) await pass(5_000);
	t.notOk(lock.signal.aborted);
	await pass(5_000);
	t.ok(lock.signal.aborted);
});

t.test("readiness tells of trouble, and stays", async (t) => {
	const { locks, setTrouble, calls } = start();
	t.strictSame(locks.checks(), [{ name: "redis", ok: true, detail: "up" }]);
	setTrouble("ECONNREFUSED");
	t.strictSame(locks.checks(), [{ name: "redis", ok: true, detail: "ECONNREFUSED; working without locks" }]);
	await locks.close();
	t.strictSame(calls, ["close"]);
});
