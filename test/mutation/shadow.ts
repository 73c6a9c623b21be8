// A copy of the sources to change, so that the tree itself stays as it is and may be worked in meanwhile.
import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

export interface Shadow {
	/** Absolute path. */
	readonly folder: string;
	remove(): void;
}

/** What git knows or would: no build results, no packages. */
const sourcesOf = (root: string): string[] =>
	execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard", "-z"], { cwd: root, encoding: "utf8" })
		.split("\0")
		.filter((path) => path !== "");

/** Copies the sources of `root`; `node_modules` is a link. */
export const createShadow = (root: string): Shadow => {
	const folder = mkdtempSync(join(tmpdir(), "mutation-"));
	for (const path of new Set(sourcesOf(root))) {
		mkdirSync(dirname(join(folder, path)), { recursive: true });
		// A file that was deleted and not committed yet is listed too.
		cpSync(join(root, path), join(folder, path), { force: true, errorOnExist: false, recursive: true });
	}
	symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
	return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
};
