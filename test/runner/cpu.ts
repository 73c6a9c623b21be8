// What a stage or a test file costs the processor. The kernel adds a child's time, and that of the children it waited for, to
// its parent when the parent waits for it; so the difference between two readings is what ended in between.
import { readFileSync } from "node:fs";

/** Ticks a second of /proc, the same on every Linux that Node.js supports: sysconf(_SC_CLK_TCK), proc_pid_stat(5). */
const TICKS = 100;

/** CPU seconds in the text of a /proc/PID/stat. In: the first field to add and the number of fields, as proc_pid_stat(5) numbers them. */
const secondsIn = (stat: string, first: number, count: number): number => {
	// The second field is the program's name in parentheses, and may hold spaces and parentheses of its own.
	const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
	const sum = fields.slice(first - 3, first - 3 + count).reduce((total, field) => total + Number(field), 0);
	return sum / TICKS;
};

/** CPU seconds of children that ended and were waited for, from the text of a /proc/PID/stat: cutime and cstime. */
export const endedChildrenSeconds = (stat: string): number => secondsIn(stat, 16, 2);

/** CPU seconds of a process and its ended children, from the text of its /proc/PID/stat: utime, stime, cutime, cstime. */
export const processSeconds = (stat: string): number => secondsIn(stat, 14, 4);

/** CPU seconds of a living process and its ended children; 0 where it is gone or the system has no /proc. */
export const cpuOf = (pid: number): number => {
	try {
		return processSeconds(readFileSync(`/proc/${pid}/stat`, "utf8"));
	} catch {
		return 0;
	}
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
