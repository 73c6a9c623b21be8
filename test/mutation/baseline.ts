// Every unit test file once, without a mutant: whether it passes, how long it takes, what it runs. A test file's result is kept
// until one of the files that it could depend on changes.
import { createHash } from "node:crypto";
import { existsSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Covered, readCoverage } from "./coverage.ts";
import { runTestFile } from "./execute.ts";
import { importClosure } from "./imports.ts";

export interface TestFile {
	readonly file: string;
	readonly passed: boolean;
	/** Milliseconds. */
	readonly took: number;
	/** By file. */
	readonly covered: Readonly<Record<string, Covered>>;
}

/** Milliseconds, for a test file without a mutant. */
const TIMEOUT = 300_000;

/** Not against a cluster, not the tests of what tests, and not those of the repository: a copy of the tree is none of git's. */
const EXCLUDED = [
	"integration",
	"e2e",
	"bench",
	"mutation",
	"runner",
	"cluster",
	"architecture",
	"image",
	"charts",
	"demo",
	"github",
];

/** Unit tests, as paths from `root`, sorted. */
export const unitTests = (root: string): string[] =>
	globSync("test/**/*.test.ts", { cwd: root, exclude: EXCLUDED.map((folder) => `test/${folder}/**`) }).sort();

const digest = (parts: readonly string[]): string => {
	const hash = createHash("sha256");
	for (const part of parts) hash.update(part).update("\0");
	return hash.digest("hex");
};

/**
 * By test file, what its result depends on, as a digest. All but the tests counts for each of them, since a test may start a
 * program; of the tests only what it imports.
 */
export const keysOf = (root: string, tests: readonly string[]): Map<string, string> => {
	const read = (path: string): string => readFileSync(join(root, path), "utf8");
	const others = globSync(["{src,webhooks,reconcilers,certs,crds,charts}/**/*.*", "package-lock.json"], { cwd: root });
	const common = digest(others.sort().flatMap((path) => [path, read(path)]));
	return new Map(
		tests.map((test) => {
			// A test may hold the text of a program that imports: such a path need not exist.
			const own = [...importClosure(root, test).keys()]
				.filter((path) => path.startsWith("test/") && existsSync(join(root, path)))
				.sort();
			return [test, digest([common, process.version, ...own.flatMap((path) => [path, read(path)])])];
		}),
	);
};

const runOnce = async (folder: string, file: string, mutable: ReadonlySet<string>): Promise<TestFile> => {
	const reports = mkdtempSync(join(tmpdir(), "mutation-coverage-"));
	try {
		// The compile cache would make V8's reports less exact.
		const env = { NODE_V8_COVERAGE: reports, NODE_DISABLE_COMPILE_CACHE: "1" };
		const { outcome, took } = await runTestFile(folder, file, TIMEOUT, env);
		return { file, passed: outcome === "passed", took, covered: readCoverage(reports, folder, mutable) };
	} finally {
		rmSync(reports, { recursive: true, force: true });
	}
};

/** Does `work` for each item, so many at a time as there are `slots`; each slot does one at a time. */
export const shareOut = async <Item, Slot, Result>(
	items: readonly Item[],
	slots: readonly Slot[],
	work: (item: Item, slot: Slot) => Promise<Result>,
): Promise<Result[]> => {
	const results: Result[] = [];
	let next = 0;
	const runSlot = async (slot: Slot): Promise<void> => {
		for (let index = next++; index < items.length; index = next++)
			results[index] = await work(items[index] as Item, slot);
	};
	await Promise.all(slots.map(runSlot));
	return results;
};

type Stored = Record<string, { key: string; result: TestFile }>;

const load = (path: string): Stored => {
	try {
		return JSON.parse(readFileSync(path, "utf8")) as Stored;
	} catch {
		return {};
	}
};

/**
 * @param root the tree; the results are kept in its folder `.mutation`.
 * @param folders copies of it to run in, one test at a time in each.
 * @param mutable the files whose coverage counts.
 */
export const takeBaseline = async (
	root: string,
	folders: readonly string[],
	mutable: ReadonlySet<string>,
): Promise<TestFile[]> => {
	const path = join(root, ".mutation/baseline.json");
	const stored = load(path);
	const keys = keysOf(root, unitTests(root));
	const isCurrent = (file: string): boolean =>
		stored[file]?.key === keys.get(file) && stored[file]?.result.passed === true;
	const outdated = [...keys.keys()].filter((file) => !isCurrent(file));
	for (const result of await shareOut(outdated, folders, (file, folder) => runOnce(folder, file, mutable)))
		stored[result.file] = { key: keys.get(result.file) ?? "", result };
	const current = Object.fromEntries([...keys.keys()].map((file) => [file, stored[file]]));
	mkdirSync(join(root, ".mutation"), { recursive: true });
	writeFileSync(path, JSON.stringify(current));
	return Object.values(current).flatMap((entry) => (entry === undefined ? [] : [entry.result]));
};
