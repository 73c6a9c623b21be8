// The controller's process as the machine sees it: the kubelet tells times by the second and memory not at all.
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { execute } from "../cluster/execute.ts";

/** Process ids of a pod's containers that run this program, as the machine numbers them. */
export const processesOf = async (podUid: string, program: string): Promise<number[]> => {
	const found: number[] = [];
	for (const name of await readdir("/proc")) {
		if (!/^\d+$/.test(name)) continue;
		const groups = await readFile(join("/proc", name, "cgroup"), "utf8").catch(() => "");
		if (!groups.includes(podUid)) continue;
		const command = (await readFile(join("/proc", name, "cmdline"), "utf8").catch(() => "")).split("\0");
		if (command[0] === program) found.push(Number(name));
	}
	return found;
};

/** Resident memory in bytes. */
export const residentBytes = async (pid: number): Promise<number> => {
	const status = await readFile(`/proc/${pid}/status`, "utf8");
	return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1] ?? Number.NaN) * 1024;
};

/** A field of `/proc/PID/status`, such as `CapEff` or `Uid`. */
export const statusField = async (pid: number, field: string): Promise<string> => {
	const status = await readFile(`/proc/${pid}/status`, "utf8");
	return new RegExp(`^${field}:\\s+(.*)$`, "m").exec(status)?.[1]?.trim() ?? "";
};

/** When it was started, in milliseconds since the epoch. */
export const startTime = async (pid: number): Promise<number> => {
	const [stat, system, { stdout }] = await Promise.all([
		readFile(`/proc/${pid}/stat`, "utf8"),
		readFile("/proc/stat", "utf8"),
		execute("getconf", ["CLK_TCK"]),
	]);
	// The 22nd field; the second one, in brackets, may hold spaces. https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html
	const ticks = Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19]);
	const booted = Number(/^btime (\d+)$/m.exec(system)?.[1]);
	return booted * 1000 + (ticks / Number(stdout)) * 1000;
};

/**
 * Seconds for which its main thread has run, and could have run but had no processor.
 * https://docs.kernel.org/scheduler/sched-stats.html
 */
export const threadSeconds = async (pid: number): Promise<{ ran: number; waited: number }> => {
	const [ran, waited] = (await readFile(`/proc/${pid}/schedstat`, "utf8")).split(" ").map((text) => Number(text) / 1e9);
	return { ran: ran ?? Number.NaN, waited: waited ?? Number.NaN };
};
