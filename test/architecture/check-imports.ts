// `npm run lint`, second half: what Biome cannot see. Imports go one way (layers.ts), pure layers stay pure, files stay small.
// Prints what is wrong and a report of file sizes; ends with 1 where something is wrong.
import { globSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { generatedFiles } from "./layers.ts";
import { importViolations, sizeViolations } from "./violations.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

interface SourceFile {
	path: string;
	text: string;
	lines: number;
}

const read = (pattern: string): SourceFile[] =>
	globSync(pattern, { cwd: ROOT })
		.map((path) => path.replaceAll("\\", "/"))
		.sort()
		.map((path) => {
			const text = readFileSync(`${ROOT}${path}`, "utf8");
			return { path, text, lines: text.trimEnd().split("\n").length };
		});

const percentile = (sorted: readonly number[], share: number): number =>
	sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;

const report = (name: string, files: readonly SourceFile[]): string => {
	const written = files.filter(({ path }) => !generatedFiles.includes(path));
	const sizes = written.map(({ lines }) => lines).sort((left, right) => left - right);
	const total = sizes.reduce((sum, lines) => sum + lines, 0);
	return `${name}: ${written.length} files, ${total} lines; median ${percentile(sizes, 0.5)}, 90 % up to ${percentile(sizes, 0.9)}, longest ${sizes.at(-1) ?? 0}`;
};

const sources = read("{src,webhooks,reconcilers,certs,charts}/**/*.ts");
const tests = read("test/**/*.ts");
const problems = [
	...sources.flatMap(({ path, text }) => importViolations(path, text)),
	...[...sources, ...tests].flatMap(({ path, lines }) => sizeViolations(path, lines)),
];

for (const problem of problems) process.stderr.write(`${problem}\n`);
process.stdout.write(`${report("sources", sources)}\n${report("tests", tests)}\n`);
process.stdout.write(problems.length === 0 ? "imports go one way\n" : `${problems.length} broken rules\n`);
process.exitCode = problems.length === 0 ? 0 : 1;
