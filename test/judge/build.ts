// Builds the judges: small Go programs beside their tests, kept outside of the tree under a name made of their sources.
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { globSync } from "node:fs";
import { mkdir, readFile, rename } from "node:fs/promises";
import { basename, join } from "node:path";
import { promisify } from "node:util";
import { cacheFolder, exists } from "../cluster/family.ts";

const execute = promisify(execFile);

const sourcesMark = async (folder: string): Promise<string> => {
	const hash = createHash("sha256").update((await execute("go", ["version"])).stdout);
	for (const file of globSync("*.{go,mod,sum}", { cwd: folder }).sort())
		hash.update(file).update(await readFile(join(folder, file)));
	return hash.digest("hex").slice(0, 16);
};

/**
 * The absolute path of the program in a folder with go.mod and main.go, built where that has not been done yet.
 * @throws Error where Go is missing or the build fails
 */
export const buildJudge = async (folder: string): Promise<string> => {
	const target = join(cacheFolder(), `judge-${basename(folder)}`);
	const path = join(target, await sourcesMark(folder));
	if (await exists(path)) return path;
	await mkdir(target, { recursive: true });
	// Several test files may build at once: each under a name of its own, moved into place when it is whole.
	const unfinished = `${path}.${process.pid}`;
	await execute("go", ["build", "-trimpath", "-buildvcs=false", "-o", unfinished, "."], {
		cwd: folder,
		env: { ...process.env, CGO_ENABLED: "0" },
	});
	await rename(unfinished, path);
	return path;
};
