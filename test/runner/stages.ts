// The stages of the gate: what each runs, and with how many workers.
import { rm } from "node:fs/promises";
import type { Builds } from "../cluster/builds.ts";
import { PROGRAM } from "../cluster/controller.ts";
import { runCheck } from "./check.ts";
import { compileCache } from "./compilecache.ts";
import { coverageProblems } from "./coverage.ts";
import { type Durations, longestFirst } from "./durations.ts";
import { filesOf } from "./files.ts";
import { COVERAGE, isOfPureCode, LAYERS, STRIPPED } from "./layers.ts";
import { planeWorker } from "./planeworker.ts";
import { runPool } from "./pool.ts";
import { waitForBuilds } from "./programs.ts";
import { createRoom } from "./room.ts";
import { addTally, emptyTally, type Tally } from "./tally.ts";
import type { Start } from "./testfile.ts";

/** What a stage is run with. */
export interface StageContext {
	/** The files that were asked for; all of the stage where there are none. */
	files: readonly string[];
	durations: Durations;
	/** CPU seconds of the children that ended since its last call. */
	meter: () => number;
	/** The programs that some stages wait for. */
	builds: Builds;
}

export type Stage = (context: StageContext) => Promise<Tally>;

const CHECKS: readonly (readonly [string, readonly string[]])[] = [
	["lint and format", ["biome", "ci", "--colors=off", "--error-on-warnings", "--max-diagnostics=40", "."]],
	["imports go one way", ["node", "test/architecture/check-imports.ts"]],
	["types", ["tsc", "--noEmit"]],
	["generated types are current", ["node", "src/api/generate/generate.ts", "--check"]],
	["generated scripts are current", ["node", "src/procedures/generate/generate.ts", "--check"]],
	["the chart's generated files are current", ["node", "charts/generate/generate.ts", "--check"]],
];

/** Lint, format, types, imports, generated files. */
export const staticChecks: Stage = async ({ meter }) => {
	let tally = emptyTally();
	for (const [name, command] of CHECKS) tally = addTally(tally, await runCheck(name, command, meter));
	return tally;
};

const REPORT = ".tap/report";
/** How a unit test file is started where coverage is collected of it. */
const WITH_COVERAGE: Start = {
	nodeArguments: [
		// Of the function that strips types, in each of the files.
		"--disable-warning=ExperimentalWarning",
		"--import=./test/runner/striponce.ts",
		"--import=./test/runner/coverageofone.ts",
	],
};

const coverage = async (meter: () => number): Promise<Tally> => {
	const layers = LAYERS.flatMap((layer) => ["--include", `${layer}/**/*.ts`]);
	const report = ["--reporter=lcovonly", `--temp-directory=${COVERAGE}`, `--reports-dir=${REPORT}`, ...layers];
	const made = await runCheck("coverage report", ["c8", "report", ...report], meter);
	return made.failed > 0 ? made : addTally(made, coverageProblems(`${REPORT}/lcov.info`));
};

/** Everything that needs no cluster, and the coverage of the pure code where all of it runs. */
export const unit: Stage = async ({ files, durations, meter }) => {
	const all = files.length === 0;
	const chosen = all ? filesOf("unit") : files;
	if (all) for (const folder of [COVERAGE, STRIPPED]) await rm(folder, { recursive: true, force: true });
	const ordered = await longestFirst(chosen, durations);
	const start = (file: string): Start => (all && isOfPureCode(file) ? WITH_COVERAGE : { env: compileCache() });
	const tally = await runPool(ordered, { stage: "unit", jobs: 3, timeout: 240, start, meter });
	return all ? addTally(tally, await coverage(meter)) : tally;
};

/** What the API server decides, on control planes that the workers start. */
export const integration: Stage = async ({ files, durations, meter, builds }) => {
	await waitForBuilds(builds, "integration");
	const ordered = await longestFirst(files.length > 0 ? files : filesOf("integration"), durations);
	// What users install, not the sources: it is what must work, and it starts in half the time.
	const { buildBundle } = await import("../../bundle/build.ts");
	// A file that fails prints the logs of its controllers: it may not fail a second time.
	const env = { ...compileCache(), [PROGRAM]: await buildBundle(), KEEP_LOGS: "1" };
	const room = createRoom({ atLeast: 1 });
	const options = { stage: "integration", jobs: 6, room, timeout: 900, env, meter, worker: () => planeWorker() };
	return runPool(ordered, options);
};
