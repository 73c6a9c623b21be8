// The cache outside the tree, where what is built or fetched once stays.
import { access } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";

/** Absolute path of the cache. */
export const cacheFolder = (): string =>
	join(process.env["XDG_CACHE_HOME"] || join(homedir(), ".cache"), "backup-maker-controller");

/** Whether a file or folder exists. */
export const exists = (path: string): Promise<boolean> =>
	access(path).then(
		() => true,
		() => false,
	);
