// `make test`: every check there is, in the order that fails fastest, and one honest count as the last line:
// `N passed, N failed`, summed from the assertions themselves. A skipped assertion is a failed one.
import { parseArgs } from "node:util";
import { type Builds, startBuilds } from "./cluster/builds.ts";
import { SEED } from "./property.ts";
import { endedChildrenMeter } from "./runner/cpu.ts";
import { durationsFile, readDurations, writeDurations } from "./runner/durations.ts";
import { endToEnd } from "./runner/endtoend.ts";
import { type NamedStage, runLanes, sumOf, verdictText } from "./runner/gate.ts";
import { integration, type Stage, staticChecks, unit } from "./runner/stages.ts";
import { costTable } from "./runner/table.ts";
import { failure, type Tally } from "./runner/tally.ts";
import { killTestFiles } from "./runner/testfile.ts";

const STAGES: Readonly<Record<string, Stage>> = { static: staticChecks, unit, integration, e2e: endToEnd };
/** Lanes run side by side; in a lane one group after the other, the stages of a group side by side. What runs on a node waits most of the time. */
const LANES = [[["static", "unit"], ["integration"]], [["e2e"]]];
/** Fixed, so that a green gate stays green and a red one can be repeated; without it every run has a new one. */
const GATE_SEED = "20261130";

const print = (text: string): void => {
	process.stdout.write(text);
};

const namesOf = (only: string | undefined): string[][][] => {
	if (only === undefined) return LANES;
	if (STAGES[only] === undefined)
		throw new Error(`stage "${only}" not found; the stages are ${Object.keys(STAGES).join(", ")}`);
	return [[[only]]];
};

const endOnSignals = (builds: Builds): void => {
	for (const signal of ["SIGINT", "SIGTERM"] as const)
		process.once(signal, () => {
			killTestFiles();
			void builds.stop().finally(() => {
				print(`\n${verdictText(failure(`ended by ${signal}`))}`);
				process.exit(1);
			});
		});
};

/** Runs the stages and prints what they cost. */
const run = async (lanes: readonly string[][][], files: readonly string[]): Promise<Tally> => {
	const started = performance.now();
	const meter = endedChildrenMeter();
	const builds = await startBuilds({
		stages: (["integration", "e2e"] as const).filter((name) => lanes.flat(2).includes(name)),
	});
	endOnSignals(builds);
	const context = { files, durations: await readDurations(durationsFile()), meter, builds };
	const stage = (name: string): NamedStage => ({ name, run: () => (STAGES[name] as Stage)(context) });
	const results = await runLanes(
		lanes.map((groups) => groups.map((group) => group.map(stage))),
		print,
	);
	await builds.stop();
	const total = sumOf(results);
	print(costTable(results, (performance.now() - started) / 1000));
	await writeDurations(durationsFile(), total.timings).catch((error) =>
		print(`durations are not remembered: ${error}\n`),
	);
	return total;
};

const { values, positionals } = parseArgs({ options: { only: { type: "string" } }, allowPositionals: true });
const lanes = namesOf(values.only);
// etcd, the API servers and kubectl collect their garbage less often: kubectl takes 15 % less processor time, for memory that is there.
process.env["GOGC"] ??= "400";
if (values.only === undefined) process.env[SEED] ??= GATE_SEED;
// Whatever happens, the last line has the counts.
const total = await run(lanes, positionals).catch((error: unknown) => {
	print(`${error instanceof Error ? (error.stack ?? error.message) : error}\n`);
	return failure("the runner itself failed");
});
print(`\n${verdictText(total)}`);
// What a broken stage left running must not keep the gate from ending.
process.exit(total.failed === 0 ? 0 : 1);
