// Finds and reads the given files. The file system is an argument, so that tests need none.
import { join } from "node:path";
import { type ReadManifests, readManifests } from "./documents.ts";

/** What is needed of the file system. */
export interface FolderSystem {
	isFolder(path: string): Promise<boolean>;
	/** Names, in any order. */
	list(folder: string): Promise<string[]>;
	read(file: string): Promise<string>;
}

export interface FileSystem extends FolderSystem {
	readStandardInput(): Promise<string>;
}

/** A file that is not there or may not be read: the command could not run. */
export class UnreadableFile extends Error {
	readonly file: string;

	constructor(file: string, cause: unknown) {
		const why = cause instanceof Error && "code" in cause ? String(cause.code) : "it could not be read";
		super(`${file}: ${why}`, { cause });
		this.name = "UnreadableFile";
		this.file = file;
	}
}

const MANIFEST = /\.(ya?ml|json)$/i;
const STANDARD_INPUT = "-";

const filesIn = async (system: FolderSystem, folder: string): Promise<string[]> => {
	const names = (await system.list(folder)).filter((name) => !name.startsWith(".")).sort();
	const nested = await Promise.all(
		names.map(async (name) => {
			const path = join(folder, name);
			if (await system.isFolder(path)) return filesIn(system, path);
			return MANIFEST.test(name) ? [path] : [];
		}),
	);
	return nested.flat();
};

const readOne = async (system: FileSystem, path: string): Promise<ReadManifests[]> =>
	path === STANDARD_INPUT ? [readManifests("<stdin>", await system.readStandardInput())] : await readPath(system, path);

const readPath = async (system: FolderSystem, path: string): Promise<ReadManifests[]> => {
	try {
		if (!(await system.isFolder(path))) return [readManifests(path, await system.read(path))];
		const files = await filesIn(system, path);
		return await Promise.all(files.map(async (file) => readManifests(file, await system.read(file))));
	} catch (error) {
		throw new UnreadableFile(path, error);
	}
};

/**
 * All objects of the given files, of the `.yaml`, `.yml` and `.json` files of the given folders (also inside of their
 * folders, hidden ones left out), and of standard input for `-`.
 * @throws UnreadableFile
 */
export const readFiles = async (system: FileSystem, paths: readonly string[]): Promise<ReadManifests> => {
	return joined((await Promise.all(paths.map((path) => readOne(system, path)))).flat());
};

const joined = (read: readonly ReadManifests[]): ReadManifests => ({
	manifests: read.flatMap((part) => part.manifests),
	unreadable: read.flatMap((part) => part.unreadable),
});

/**
 * All objects of one folder, as `readFiles` finds them.
 * @throws UnreadableFile
 */
export const readFolder = async (system: FolderSystem, folder: string): Promise<ReadManifests> =>
	joined(await readPath(system, folder));
