// One more file begins only while the processors are not all busy.
import { setImmediate as immediate } from "node:timers/promises";
import t from "tap";
import { createRoom, pressureIn } from "./room.ts";

t.test("the pressure that Linux tells", async (t) => {
	t.equal(pressureIn("some avg10=97.42 avg60=97.13 avg300=74.95 total=4567514813\nfull avg10=0.00 avg60=0\n"), 97.42);
	t.equal(pressureIn(""), 0);
});

/** A room, with what it saw: the pressure at each look, the last of them for ever. */
const roomWith = (atLeast: number, pressures: number[]) => {
	const pauses: number[] = [];
	const room = createRoom({
		atLeast,
		pressure: () => (pressures.length > 1 ? pressures.shift() : pressures[0]) ?? 0,
		pause: async (milliseconds) => {
			pauses.push(milliseconds);
			await immediate();
		},
	});
	return { room, pauses };
};

t.test("so many begin in any case, one after the other", async (t) => {
	const { room, pauses } = roomWith(2, [100]);
	await room(() => 0);
	t.strictSame(pauses, []);
	await room(() => 1);
	t.strictSame(pauses, [1000]);
});

t.test("more of them wait until there is room", async (t) => {
	const { room, pauses } = roomWith(2, [100, 91, 90, 100]);
	await room(() => 2);
	t.strictSame(pauses, [1000, 1000]);
});

t.test("who waits is let in when others have ended, and then the next one", async (t) => {
	const { room } = roomWith(1, [100]);
	let running = 1;
	const begun: string[] = [];
	const begin = async (name: string): Promise<void> => {
		await room(() => running);
		running += 1;
		begun.push(name);
	};
	const both = Promise.all([begin("first"), begin("second")]);
	for (let turn = 0; turn < 5; turn++) await immediate();
	t.strictSame(begun, []);
	running = 0;
	while (begun.length === 0) await immediate();
	for (let turn = 0; turn < 5; turn++) await immediate();
	t.strictSame(begun, ["first"]);
	running = 0;
	await both;
	t.strictSame(begun, ["first", "second"]);
});
