// `make test`: every check there is, in the order that fails fastest, and one honest count as the last line:
// `N passed, N failed`, summed from the runners' own figures, skips counted and named.
import { globSync } from "node:fs";
import { parseArgs } from "node:util";
import { findBinaries, findHelm } from "./cluster/binaries.ts";
import { runCheck } from "./runner/check.ts";
import { coverageProblems } from "./runner/coverage.ts";
import { endToEnd } from "./runner/endtoend.ts";
import { addTally, emptyTally, type Tally } from "./runner/tally.ts";
import { runTap } from "./runner/tap.ts";

const NEEDS_CLUSTER = ["test/integration/**", "test/bench/**", "test/e2e/**"];

const staticChecks = async (): Promise<Tally> => {
	const checks: [string, string[]][] = [
		["lint and format", ["biome", "ci", "--colors=off", "--error-on-warnings", "--max-diagnostics=40", "."]],
		["imports go one way", ["node", "test/architecture/check-imports.ts"]],
		["types", ["tsc", "--noEmit"]],
		["generated types are current", ["node", "src/api/generate/generate.ts", "--check"]],
		["generated scripts are current", ["node", "src/procedures/generate/generate.ts", "--check"]],
		["the chart's generated files are current", ["node", "charts/generate/generate.ts", "--check"]],
	];
	let tally = emptyTally();
	for (const [name, command] of checks) tally = addTally(tally, await runCheck(name, command));
	return tally;
};

const unit = async (files: string[]): Promise<Tally> => {
	const chosen = files.length > 0 ? files : globSync("test/**/*.test.ts", { exclude: NEEDS_CLUSTER }).sort();
	const tally = await runTap(chosen, ["--jobs=2", "--coverage-report=lcovonly", "--timeout=240"]);
	return files.length > 0 ? tally : addTally(tally, coverageProblems(".tap/report/lcov.info"));
};

const integration = async (files: string[]): Promise<Tally> => {
	await findBinaries();
	await findHelm();
	const chosen = files.length > 0 ? files : globSync("test/integration/*.test.ts").sort();
	return runTap(chosen, ["--jobs=2", "--disable-coverage", "--timeout=600"]);
};

const { values, positionals } = parseArgs({ options: { only: { type: "string" } }, allowPositionals: true });
const stages: Record<string, () => Promise<Tally>> = {
	static: staticChecks,
	unit: () => unit(positionals),
	integration: () => integration(positionals),
	e2e: () => endToEnd(positionals),
};
const chosen = values.only === undefined ? Object.keys(stages) : [values.only];
let total = emptyTally();
for (const name of chosen) {
	const stage = stages[name];
	if (stage === undefined) throw new Error(`no stage "${name}": ${Object.keys(stages).join(", ")}`);
	process.stdout.write(`\n== ${name}\n`);
	total = addTally(total, await stage());
}
if (total.passed === 0) total = addTally(total, { ...emptyTally(), failed: 1, failures: ["no test ran"] });
for (const skip of total.skips) process.stdout.write(`SKIPPED ${skip}\n`);
for (const failure of total.failures) process.stdout.write(`FAILED ${failure}\n`);
const skipped = total.skips.length > 0 ? `, ${total.skips.length} skipped` : "";
process.stdout.write(`${total.passed} passed, ${total.failed} failed${skipped}\n`);
process.exitCode = total.failed === 0 ? 0 : 1;
