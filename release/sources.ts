// The files that state the version.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { VersionSources } from "./agreement.ts";

/**
 * Reads them.
 * @param tree the source tree
 * @throws Error where one is missing
 */
export const readSources = async (tree: string): Promise<VersionSources> => {
	const read = (path: string): Promise<string> => readFile(join(tree, path), "utf8");
	return {
		packageJson: await read("package.json"),
		packageLock: await read("package-lock.json"),
		chart: await read("charts/backup-maker-controller/Chart.yaml"),
		dockerfile: await read("Dockerfile"),
		hooks: await read(".pre-commit-hooks.yaml"),
		changelog: await read("CHANGELOG.md"),
	};
};
