// SHA256SUMS, as `sha256sum --check` reads it.
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";

/** The SHA-256 of a file, hexadecimal. */
export const sha256Of = async (file: string): Promise<string> => {
	const hash = createHash("sha256");
	await pipeline(createReadStream(file), hash);
	return hash.digest("hex");
};

/**
 * Writes the checksums of files.
 * @param files names in the folder
 * @param target name of the list, in the folder too
 */
export const writeChecksums = async (folder: string, files: readonly string[], target: string): Promise<void> => {
	const lines = await Promise.all(
		files.toSorted().map(async (file) => `${await sha256Of(join(folder, file))}  ${file}\n`),
	);
	await writeFile(join(folder, target), lines.join(""));
};

/**
 * Compares the files of a folder with its list.
 * @throws Error that names each file that is missing or differs
 */
export const verifyChecksums = async (folder: string, list: string): Promise<void> => {
	const lines = (await readFile(join(folder, list), "utf8")).trimEnd().split("\n");
	const wrong: string[] = [];
	for (const line of lines) {
		const [, expected, file] = /^([0-9a-f]{64}) {2}(\S+)$/.exec(line) ?? [];
		const found = file === undefined ? undefined : await sha256Of(join(folder, file)).catch(() => "missing");
		if (expected === undefined || found !== expected) wrong.push(file ?? line);
	}
	if (wrong.length > 0) throw new Error(`${list} does not match: ${wrong.join(", ")}`);
};
