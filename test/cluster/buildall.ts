// The process that `startBuilds` starts: makes the builds that its command line names, one after the other, and reports each
// to the process that started it.
import { constants, setPriority } from "node:os";
import { BUILDS, type Build } from "./buildlist.ts";
import type { BuildReport } from "./builds.ts";

/**
 * Makes the builds. One that fails does not keep the others from being made.
 * @param stopped whether no other build is to be started
 * @returns whether all were made
 */
export const makeAll = async (
	list: readonly Build[],
	report: (message: BuildReport) => void,
	stopped: () => boolean = () => false,
): Promise<boolean> => {
	let made = true;
	for (const { name, make } of list) {
		if (stopped()) return false;
		process.stderr.write(`${new Date().toISOString()} ${name}\n`);
		report({ name, event: "started" });
		try {
			await make();
			report({ name, event: "ended" });
		} catch (error) {
			made = false;
			process.stderr.write(`${(error as Error).message}\n`);
			report({ name, event: "failed", message: (error as Error).message });
		}
	}
	return made;
};

if (process.argv[1] === import.meta.filename) {
	setPriority(constants.priority.PRIORITY_BELOW_NORMAL);
	// Go, in the same group, ends by the same signal. This process removes what the build left, and the lock, before it ends.
	let interrupted = false;
	process.on("SIGINT", () => {
		interrupted = true;
	});
	// Whatever ended the process that started this one: Go and its compilers, which are in this one's group, end too.
	const end = (): void => {
		process.kill(0, "SIGINT");
	};
	process.once("disconnect", end);
	const wanted = process.argv.slice(2).flatMap((name) => BUILDS.filter((build) => build.name === name));
	const report = (message: BuildReport): void => {
		// The process that started this one may have ended.
		if (process.connected) process.send?.(message);
	};
	process.exitCode = (await makeAll(wanted, report, () => interrupted)) ? 0 : 1;
	process.off("disconnect", end);
	if (process.connected) process.disconnect?.();
}
