// One more file begins only while the processors are not all busy.
import { setImmediate as immediate } from "node:timers/promises";
import t from "tap";
import { createRoom, waitedIn } from "./room.ts";

t.test("the time that Linux tells", async (t) => {
	t.equal(
		waitedIn("some avg10=97.42 avg60=97.13 avg300=74.95 total=4567514813\nfull avg10=0.00 total=7\n"),
		4567514813,
	);
	t.equal(waitedIn(""), 0);
});

/** A room, with its looks: the pressure at each of them, the last one for ever. */
const roomWith = (atLeast: number, pressures: number[]) => {
	const looks: number[] = [];
	const pressure = async (milliseconds: number): Promise<number> => {
		looks.push(milliseconds);
		await immediate();
		return (pressures.length > 1 ? pressures.shift() : pressures[0]) ?? 0;
	};
	return { room: createRoom({ atLeast, pressure }), looks };
};

t.test("so many begin in any case, at once", async (t) => {
	const { room, looks } = roomWith(2, [100]);
	await room(() => 0);
	await room(() => 1);
	t.strictSame(looks, []);
});

t.test("more of them wait until there is room", async (t) => {
	const { room, looks } = roomWith(2, [100, 91, 90, 100]);
	await room(() => 2);
	t.strictSame(looks, [1500, 1500, 1500]);
});

t.test("who waits is let in when others have ended, one after the other", async (t) => {
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
