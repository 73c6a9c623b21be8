// What a stage or a test file costs the processor. The kernel adds a child's time, and that of the children it waited for, to
// its parent when the parent waits for it; so the difference between two readings is what ended in between.
import { readFileSync } from "node:fs";

/** Ticks a second of /proc, the same on every Linux that Node.js supports: sysconf(_SC_CLK_TCK), proc_pid_stat(5). */
const TICKS = 100;

/** CPU seconds of children that ended and were waited for: cutime and cstime, fields 16 and 17 of a /proc/PID/stat. */
export const endedChildrenSeconds = (stat: string): number => {
	// The second field is the program's name in parentheses, and may hold spaces and parentheses of its own.
	const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
	return (Number(fields[13]) + Number(fields[14])) / TICKS;
};

/** A function that returns the CPU seconds of this process's children that ended since its last call; 0 without /proc. */
export const endedChildrenMeter = (
	read: () => string = () => readFileSync("/proc/self/stat", "utf8"),
): (() => number) => {
	const total = (): number => {
		try {
			return endedChildrenSeconds(read());
		} catch {
			return 0;
		}
	};
	let before = total();
	return () => {
		const now = total();
		const since = now - before;
		before = now;
		return since;
	};
};
