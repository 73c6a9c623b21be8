// `make test`: every check there is, in the order that fails fastest, and one honest count as the last line:
// `N passed, N failed`, summed from the assertions themselves. A skipped assertion is a failed one.
import { parseArgs } from "node:util";
import { startBuilds } from "./cluster/builds.ts";
import { SEED } from "./property.ts";
import { endedChildrenMeter } from "./runner/cpu.ts";
import { durationsFile, readDurations, writeDurations } from "./runner/durations.ts";
import { endToEnd } from "./runner/endtoend.ts";
import { runGroups, sumOf, verdictText } from "./runner/gate.ts";
import { integration, type Stage, staticChecks, unit } from "./runner/stages.ts";
import { costTable } from "./runner/table.ts";
import { killTestFiles } from "./runner/testfile.ts";

const STAGES: Readonly<Record<string, Stage>> = { static: staticChecks, unit, integration, e2e: endToEnd };
/** Those of a group run side by side. */
const GROUPS = [
	["static", "unit"],
	["integration", "e2e"],
];
/** Fixed, so that a green gate stays green and a red one can be repeated; without it every run has a new one. */
const GATE_SEED = "20261130";

const print = (text: string): void => {
	process.stdout.write(text);
};

const { values, positionals } = parseArgs({ options: { only: { type: "string" } }, allowPositionals: true });
const { only } = values;
if (only !== undefined && STAGES[only] === undefined)
	throw new Error(`stage "${only}" not found; the stages are ${Object.keys(STAGES).join(", ")}`);
if (only === undefined) process.env[SEED] ??= GATE_SEED;
const started = performance.now();
const needed = (["integration", "e2e"] as const).filter((stage) => only === undefined || only === stage);
const builds = await startBuilds({ stages: needed });

for (const signal of ["SIGINT", "SIGTERM"] as const)
	process.once(signal, () => {
		killTestFiles();
		void builds.stop().finally(() => process.exit(1));
	});

const context = {
	files: positionals,
	durations: await readDurations(durationsFile()),
	meter: endedChildrenMeter(),
	builds,
};
const named = (only === undefined ? GROUPS : [[only]]).map((group) =>
	group.map((name) => ({ name, run: () => (STAGES[name] as Stage)(context) })),
);
const results = await runGroups(named, print);
await builds.stop();
const total = sumOf(results);
print(costTable(results, (performance.now() - started) / 1000));
await writeDurations(durationsFile(), total.timings).catch((error) =>
	print(`durations are not remembered: ${error}\n`),
);
print(`\n${verdictText(total)}`);
process.exitCode = total.failed === 0 ? 0 : 1;
