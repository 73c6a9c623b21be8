// Finds and reads the given files. The file system is an argument, so that tests need none.
import { join, resolve } from "node:path";
import { systemFailure } from "../api/systemfailure.ts";
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

/** A file or folder that does not exist or may not be read: the command could not run. */
export class UnreadableFile extends Error {
	readonly file: string;
	/** What is wrong, without the name of the file. */
	readonly found: string;

	constructor(file: string, cause: unknown) {
		const found = systemFailure(cause);
		super(`${file}: ${found}; give the path of a readable file or folder`, { cause });
		this.name = "UnreadableFile";
		this.file = file;
		this.found = found;
	}
}

const MANIFEST = /\.(ya?ml|json)$/i;
const STANDARD_INPUT = "-";

/** What the file system answers about a path. @throws UnreadableFile with this path */
const asked = async <Answer>(path: string, answer: Promise<Answer>): Promise<Answer> => {
	try {
		return await answer;
	} catch (error) {
		throw new UnreadableFile(path, error);
	}
};

const filesIn = async (system: FolderSystem, folder: string): Promise<string[]> => {
	const names = (await asked(folder, system.list(folder))).filter((name) => !name.startsWith(".")).sort();
	const nested = await Promise.all(
		names.map(async (name) => {
			const path = join(folder, name);
			if (await asked(path, system.isFolder(path))) return filesIn(system, path);
			return MANIFEST.test(name) ? [path] : [];
		}),
	);
	return nested.flat();
};

/** What is read for a path: the file itself, or the manifests of the folder. */
const expand = async (system: FolderSystem, path: string): Promise<string[]> =>
	(await asked(path, system.isFolder(path))) ? filesIn(system, path) : [path];

const readOne = async (system: FolderSystem, file: string): Promise<ReadManifests> =>
	readManifests(file, await asked(file, system.read(file)));

/** The same file under two spellings (`a.yaml`, `./a.yaml`) is one file; standard input is none. */
const sourceKey = (path: string): string => (path === STANDARD_INPUT ? STANDARD_INPUT : resolve(path));

/** Every file once, by its first spelling: a file that is given twice does not define its objects twice. */
const distinct = (paths: readonly string[]): string[] => {
	const firsts = new Map<string, string>();
	for (const path of paths) if (!firsts.has(sourceKey(path))) firsts.set(sourceKey(path), path);
	return [...firsts.values()];
};

/**
 * All objects of the given files, of the `.yaml`, `.yml` and `.json` files of the given folders (also inside of their
 * folders, hidden ones left out), and of standard input for `-`. A file that is given more than once, by itself or with its
 * folder, is read once.
 * @throws UnreadableFile
 */
export const readFiles = async (system: FileSystem, paths: readonly string[]): Promise<ReadManifests> => {
	const found = await Promise.all(
		paths.map(async (path) => (path === STANDARD_INPUT ? [path] : await expand(system, path))),
	);
	const read = async (path: string): Promise<ReadManifests> =>
		path === STANDARD_INPUT ? readManifests("<stdin>", await system.readStandardInput()) : await readOne(system, path);
	return joined(await Promise.all(distinct(found.flat()).map(read)));
};

const joined = (read: readonly ReadManifests[]): ReadManifests => ({
	manifests: read.flatMap((part) => part.manifests),
	unreadable: read.flatMap((part) => part.unreadable),
});

/**
 * All objects of one folder, as `readFiles` finds them.
 * @throws UnreadableFile
 */
export const readFolder = async (system: FolderSystem, folder: string): Promise<ReadManifests> => {
	const files = await expand(system, folder);
	return joined(await Promise.all(files.map((file) => readOne(system, file))));
};
