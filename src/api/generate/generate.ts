// `npm run generate`: crds/*.yaml → types.ts and schemas.ts, so that the CRDs stay the only source of truth.
// `npm run generate:check` changes nothing and ends with 1, and what differs, where the committed files are not what would be written.
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { readCrds } from "./crds.ts";
import { schemasModule } from "./schemas.ts";
import { typesModule } from "./types.ts";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));
const BIOME = join(ROOT, "node_modules/@biomejs/biome/bin/biome");

const formatted = (path: string, text: string): string => {
	const result = spawnSync(process.execPath, [BIOME, "format", `--stdin-file-path=${path}`], {
		cwd: ROOT,
		input: text,
		encoding: "utf8",
		maxBuffer: 64 * 1024 * 1024,
	});
	if (result.status !== 0) throw new Error(`biome could not format ${path}: ${result.stderr}`);
	return result.stdout;
};

/** What is generated, by path from the root of the repository. */
const generatedFiles = (): Map<string, string> => {
	const crds = readCrds();
	return new Map([
		["src/api/types.ts", formatted("src/api/types.ts", typesModule(crds))],
		["src/api/schemas.ts", formatted("src/api/schemas.ts", schemasModule(crds))],
	]);
};

const showDifference = (path: string, wanted: string): void => {
	const folder = mkdtempSync(join(tmpdir(), "generate-"));
	const file = join(folder, "wanted.ts");
	writeFileSync(file, wanted);
	const committed = existsSync(join(ROOT, path)) ? join(ROOT, path) : "/dev/null";
	const labels = ["--label", path, "--label", `${path} (as generated)`];
	spawnSync("diff", ["-u", ...labels, committed, file], { stdio: ["ignore", "inherit", "inherit"] });
	rmSync(folder, { recursive: true });
};

const isCurrent = (path: string, wanted: string): boolean =>
	existsSync(join(ROOT, path)) && readFileSync(join(ROOT, path), "utf8") === wanted;

const check = process.argv.includes("--check");
for (const [path, text] of generatedFiles()) {
	if (isCurrent(path, text)) continue;
	if (check) {
		showDifference(path, text);
		process.stderr.write(`${path} differs from what crds/ give: run npm run generate\n`);
		process.exitCode = 1;
	} else {
		writeFileSync(join(ROOT, path), text);
		process.stdout.write(`wrote ${path}\n`);
	}
}
