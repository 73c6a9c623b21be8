// Writes what the chart takes from elsewhere: the CRDs, and the table of values in its README. `--check` only compares,
// and exits 1 where a file is stale.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { definitionTemplate } from "./definitions.ts";
import { valueRows, valuesTable, withTable } from "./values.ts";

const ROOT = join(import.meta.dirname, "..", "..");
const CHART = "charts/backup-maker-controller";

const read = (path: string): string => readFileSync(join(ROOT, path), "utf8");

/** Path → text of every generated file, paths relative to the root. */
export const generatedFiles = (): ReadonlyMap<string, string> => {
	const files = new Map<string, string>();
	for (const file of readdirSync(join(ROOT, "crds")).filter((name) => name.endsWith(".yaml")))
		files.set(`${CHART}/templates/crds/${file}`, definitionTemplate(`crds/${file}`, read(`crds/${file}`)));
	const table = valuesTable(valueRows(read(`${CHART}/values.yaml`)));
	return files.set(`${CHART}/README.md`, withTable(read(`${CHART}/README.md`), table));
};

const current = (path: string): string | undefined => {
	try {
		return read(path);
	} catch (error) {
		if ((error as { code?: unknown }).code === "ENOENT") return undefined;
		throw error;
	}
};

/** Paths of the files that are not what they should be; also of templates whose CRD is gone. */
export const staleFiles = (): string[] => {
	const wanted = generatedFiles();
	const there = readdirSync(join(ROOT, CHART, "templates/crds")).map((file) => `${CHART}/templates/crds/${file}`);
	return [
		...[...wanted].filter(([path, text]) => current(path) !== text).map(([path]) => path),
		...there.filter((path) => !wanted.has(path)),
	];
};

if (import.meta.main) {
	if (!process.argv.includes("--check")) {
		for (const [path, text] of generatedFiles()) writeFileSync(join(ROOT, path), text);
	} else if (staleFiles().length > 0) {
		process.stderr.write(`stale: ${staleFiles().join(", ")}; run npm run generate\n`);
		process.exitCode = 1;
	}
}
