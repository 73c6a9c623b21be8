// A check that is one command: it counts as one, passed or failed by its exit code.
import { execute } from "../cluster/execute.ts";
import { startProgress } from "./progress.ts";
import { emptyTally, type Tally } from "./tally.ts";

/** Runs `command` (found in PATH) and prints its output where it fails. */
export const runCheck = async (name: string, command: string[]): Promise<Tally> => {
	const [program = "", ...args] = command;
	const stopProgress = startProgress(() => name);
	const { code, stdout, stderr } = await execute(program, args);
	stopProgress();
	if (code === 0) {
		process.stdout.write(`ok ${name}\n`);
		return { ...emptyTally(), passed: 1 };
	}
	process.stdout.write(`${stdout}${stderr}not ok ${name} (${command.join(" ")} ended with ${code})\n`);
	return { ...emptyTally(), failed: 1, failures: [name] };
};
