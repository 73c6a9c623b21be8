// When one more test file may begin: many wait most of the time, so more run side by side than there are processors; but where
// all processors are busy, one more makes none faster, and makes those fail that count on an answer within seconds.
import { readFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";

/** Percent of the time in which something waited for a processor, above which they are all busy. */
const BUSY = 90;
/** Milliseconds between two looks, and after a file has begun: what it takes shows a little later. */
const PAUSE = 1000;

/**
 * Percent of the last ten seconds in which something waited for a processor, in the text of /proc/pressure/cpu:
 * https://docs.kernel.org/accounting/psi.html
 * @returns 0 where the text does not say it
 */
export const pressureIn = (text: string): number => Number(/^some avg10=([\d.]+)/m.exec(text)?.[1] ?? 0);

/** The same of this machine; 0 where it does not tell. */
const pressureHere = (): number => {
	try {
		return pressureIn(readFileSync("/proc/pressure/cpu", "utf8"));
	} catch {
		return 0;
	}
};

export interface RoomOptions {
	/** So many run in any case. */
	atLeast: number;
	/** Percent, as `pressureIn` has it. */
	pressure?: () => number;
	pause?: (milliseconds: number) => Promise<unknown>;
}

/** Resolves when one more may begin. In: how many run now. */
export type Room = (running: () => number) => Promise<void>;

/** Lets one file after the other begin, and those above `atLeast` only while the processors are not all busy. */
export const createRoom = ({ atLeast, pressure = pressureHere, pause = delay }: RoomOptions): Room => {
	let last = Promise.resolve();
	let isFirst = true;
	const next = async (running: () => number): Promise<void> => {
		if (!isFirst) await pause(PAUSE);
		isFirst = false;
		while (running() >= atLeast && pressure() > BUSY) await pause(PAUSE);
	};
	return (running) => {
		last = last.then(() => next(running));
		return last;
	};
};
