// `make mutation`: a sample of small changes of the sources, each of which the unit tests should notice.
// See docs/adr/0032-mutants-by-a-script-of-ours.md.
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { startProgress } from "../runner/progress.ts";
import { shareOut, type TestFile, takeBaseline, unitTests } from "./baseline.ts";
import { allMutants, type Placed } from "./candidates.ts";
import { accepts } from "./compiler.ts";
import { declarationFailures, declarationOf, type Equivalent } from "./equivalents.ts";
import { importClosure } from "./imports.ts";
import { mutatedFiles } from "./layers.ts";
import { mutated } from "./mutators.ts";
import { type Result, reportLines, shortfalls, survivorLine, type Tried } from "./report.ts";
import { draw } from "./sample.ts";
import { testsFor } from "./selection.ts";
import { createShadow } from "./shadow.ts";
import { tryMutant } from "./trial.ts";

const WORKERS = 2;
const ROOT = process.cwd();

const { values } = parseArgs({
	options: {
		seed: { type: "string", default: String(Date.now() % 1_000_000) },
		count: { type: "string", default: "300" },
		/** Only mutants whose place, as `src/kube/list.ts:66:4`, contains this. */
		file: { type: "string", default: "" },
	},
});
const say = (line: string): void => void process.stdout.write(`${line}\n`);
const declared = JSON.parse(readFileSync(join(import.meta.dirname, "equivalents.json"), "utf8")) as Equivalent[];

/** The sources with one mutant. */
const textWith = (mutant: Placed): string => mutated(readFileSync(join(ROOT, mutant.file), "utf8"), mutant);

const tryOne = async (
	mutant: Placed,
	folder: string,
	tests: readonly TestFile[],
	distances: Distances,
): Promise<Result> => {
	if (declarationOf(declared)(mutant)) return { state: "equivalent" };
	const chosen = testsFor(mutant.file, mutant.runs ?? mutant.start, tests, distances);
	const source = { file: mutant.file, text: textWith(mutant) };
	return tryMutant(ROOT, folder, source, chosen);
};

type Distances = ReadonlyMap<string, ReadonlyMap<string, number>>;

const main = async (): Promise<string[]> => {
	const [seed, count] = [Number(values.seed), Number(values.count)];
	if (!Number.isInteger(seed) || !Number.isInteger(count)) throw new Error("SEED and COUNT must be whole numbers");
	const all = allMutants(ROOT);
	const sample = draw(
		all.filter(({ file, line, column }) => `${file}:${line}:${column}`.includes(values.file)),
		count,
		seed,
	);
	say(
		`seed ${seed}: ${sample.length} of ${all.length} mutants; the same again: make mutation SEED=${seed} COUNT=${count}`,
	);
	process.env["NODE_COMPILE_CACHE"] = join(ROOT, ".mutation/compiled");
	mkdirSync(join(ROOT, ".mutation/compiled"), { recursive: true });
	const shadows = Array.from({ length: WORKERS }, () => createShadow(ROOT));
	const folders = shadows.map(({ folder }) => folder);
	// Also where somebody interrupts a run: the copies are large.
	process.once("exit", () => {
		for (const shadow of shadows) shadow.remove();
	});
	for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(1));
	let done = 0;
	const stopProgress = startProgress(() =>
		done === 0 ? "unit tests without a mutant" : `${done} of ${sample.length} mutants tried`,
	);
	try {
		if (!(await accepts(ROOT))) throw new Error("the sources do not compile");
		const tests = await takeBaseline(ROOT, folders, new Set(mutatedFiles(ROOT)));
		const broken = tests.filter(({ passed }) => !passed).map(({ file }) => `${file} fails without a mutant`);
		const distances = new Map(unitTests(ROOT).map((test) => [test, importClosure(ROOT, test)]));
		const tried: Tried[] = await shareOut(sample, folders, async (mutant, folder) => {
			const result = await tryOne(mutant, folder, tests, distances);
			done += 1;
			if (result.state === "survived") say(survivorLine({ mutant, result }));
			return { mutant, result };
		});
		for (const line of reportLines(tried)) say(line);
		return [...broken, ...shortfalls(tried)];
	} finally {
		stopProgress();
	}
};

const failures = [...declarationFailures(declared, allMutants(ROOT)), ...(await main())];
for (const failure of failures) say(`FAILED ${failure}`);
process.exitCode = failures.length === 0 ? 0 : 1;
