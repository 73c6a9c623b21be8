// The npm packages in the bundle, as package-lock.json pins them.
import { readFile } from "node:fs/promises";

export interface NpmPackage {
	/** `node_modules/a/node_modules/b` */
	path: string;
	name: string;
	version: string;
	/** `sha512-…` in base64, as the lock has it. */
	integrity: string;
	license: string | undefined;
}

interface LockEntry {
	name?: string;
	version: string;
	integrity?: string;
	license?: string;
}

/**
 * What the lock pins under these paths, in their order.
 * @param paths such as `node_modules/a/node_modules/b`
 * @throws Error where the lock pins no content of one
 */
export const lockedPackages = async (lockFile: string, paths: readonly string[]): Promise<NpmPackage[]> => {
	const { packages } = JSON.parse(await readFile(lockFile, "utf8")) as { packages: Record<string, LockEntry> };
	return paths.map((path) => {
		const { name, version = "", integrity, license } = packages[path] ?? {};
		if (integrity === undefined) throw new Error(`${lockFile} pins no content of ${path}`);
		return { path, name: name ?? path.split("node_modules/").at(-1) ?? path, version, integrity, license };
	});
};
