// What is loaded into each unit test file before it.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import t, { type Test } from "tap";

const PRELOADED = ["striponce.ts", "coverageofone.ts"].flatMap((name) => ["--import", join(import.meta.dirname, name)]);

const MODULE = `export const half = (value: number): number => {
	if (value < 0) return 0;
	return value / 2;
};
`;
const FILES = {
	"odd.ts":
		'import { half } from "./src/half.ts";\nconst shown: number = half(5);\nconsole.log(shown, import.meta.url.length > 0);\n',
	"wrong.ts": "const = 1;\n",
	src: { "half.ts": MODULE },
	"tsconfig.json": "{}",
	"package.json": '{ "type": "module" }',
};

/** Runs a file of the folder: its exit code and what it printed. */
const run = async (folder: string, file: string) => {
	const child = spawn(process.execPath, ["--disable-warning=ExperimentalWarning", ...PRELOADED, file], { cwd: folder });
	let printed = "";
	for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (printed += chunk));
	const [code] = await once(child, "close");
	return { code, printed };
};

const foldersOf = (t: Test) => {
	const folder = t.testdir(FILES);
	return { folder, coverage: join(folder, ".tap/coverage"), stripped: join(folder, ".tap/stripped") };
};

t.test("types are stripped once, also where two processes do so at the same time", async (t) => {
	const { folder, stripped } = foldersOf(t);
	for (const { code, printed } of await Promise.all([run(folder, "odd.ts"), run(folder, "odd.ts")]))
		t.strictSame({ code, printed }, { code: 0, printed: "2.5 true\n" });
	const kept = readdirSync(stripped).map((name) => readFileSync(join(stripped, name), "utf8"));
	t.ok(kept.includes(MODULE.replaceAll(": number", "        ")), "every character stays in its place");
	t.strictSame(await run(folder, "odd.ts"), { code: 0, printed: "2.5 true\n" });
	t.equal(readdirSync(stripped).length, kept.length);
});

t.test("what cannot be stripped is named", async (t) => {
	const { folder } = foldersOf(t);
	const { code, printed } = await run(folder, "wrong.ts");
	t.not(code, 0);
	t.match(printed, "wrong.ts: its types cannot be stripped");
});

t.test("coverage is of the layers alone, and exact", async (t) => {
	const { folder, coverage } = foldersOf(t);
	await run(folder, "odd.ts");
	const [name = ""] = readdirSync(coverage);
	const { result } = JSON.parse(readFileSync(join(coverage, name), "utf8"));
	t.strictSame(
		result.map(({ url }: { url: string }) => url.endsWith("/src/half.ts")),
		[true],
	);
	const ranges = result[0].functions.flatMap((one: { ranges: { startOffset: number; count: number }[] }) => one.ranges);
	const notRun = ranges.filter(({ count }: { count: number }) => count === 0);
	t.strictSame(
		notRun.map(({ startOffset }: { startOffset: number }) => MODULE.slice(startOffset).trimStart().slice(0, 9)),
		["return 0;"],
	);
});
