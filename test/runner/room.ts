// When one more test file may begin. Most files wait most of the time, so more of them run side by side than there are
// processors. While all processors are busy, one more file makes no file faster, and tests that need an answer within seconds fail.
import { readFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";

/** Percent of the time in which something waited for a processor, above which they are all busy. */
const BUSY = 90;
/** Milliseconds of one look, which are also the shortest time between two files: what a file takes shows a little later. */
const LOOK = 1500;

/**
 * Microseconds, since the machine started, in which something waited for a processor, in the text of /proc/pressure/cpu:
 * https://docs.kernel.org/accounting/psi.html
 * @returns 0 where the text does not say it
 */
export const waitedIn = (text: string): number => Number(/^some .*total=(\d+)/m.exec(text)?.[1] ?? 0);

/** The same of this machine; 0 where it does not tell. */
const waitedHere = (): number => {
	try {
		return waitedIn(readFileSync("/proc/pressure/cpu", "utf8"));
	} catch {
		return 0;
	}
};

/** Percent of the next milliseconds in which something waits for a processor. */
const pressureDuring = async (milliseconds: number): Promise<number> => {
	const [started, before] = [performance.now(), waitedHere()];
	await delay(milliseconds);
	return ((waitedHere() - before) / 1000 / (performance.now() - started)) * 100;
};

export interface RoomOptions {
	/** So many run in any case. */
	atLeast: number;
	/** Looks for so many milliseconds, and answers percent. */
	pressure?: (milliseconds: number) => Promise<number>;
}

/** Resolves when one more may begin. In: how many run now. */
export type Room = (running: () => number) => Promise<void>;

/** Lets one file after the other begin, and those above `atLeast` only while the processors are not all busy. */
export const createRoom = ({ atLeast, pressure = pressureDuring }: RoomOptions): Room => {
	let last = Promise.resolve();
	const next = async (running: () => number): Promise<void> => {
		while (running() >= atLeast && (await pressure(LOOK)) > BUSY);
	};
	return (running) => {
		last = last.then(() => next(running));
		return last;
	};
};
