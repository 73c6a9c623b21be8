// The npm packages that the program runs with: what package-lock.json lists as needed in production.
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
	dev?: boolean;
	devOptional?: boolean;
	optional?: boolean;
}

/** Optional ones are for programs that we do not call; types are for compilers. */
const isNeeded = (path: string, entry: LockEntry): boolean =>
	path !== "" &&
	entry.dev !== true &&
	entry.devOptional !== true &&
	entry.optional !== true &&
	!path.includes("node_modules/@types/");

/**
 * All packages of production, in the lock's order.
 * @throws Error where one has no integrity: what is in the image is what the lock pins
 */
export const productionPackages = async (lockFile: string): Promise<NpmPackage[]> => {
	const { packages } = JSON.parse(await readFile(lockFile, "utf8")) as { packages: Record<string, LockEntry> };
	return Object.entries(packages)
		.filter(([path, entry]) => isNeeded(path, entry))
		.map(([path, { name, version, integrity, license }]) => {
			if (integrity === undefined) throw new Error(`${lockFile} pins no content of ${path}`);
			return { path, name: name ?? path.split("node_modules/").at(-1) ?? path, version, integrity, license };
		});
};
