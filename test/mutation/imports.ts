// Which of our files a file imports, and how far away each of them is.
import { readFileSync } from "node:fs";
import { join, posix } from "node:path";

const IMPORT = /(?:\bfrom|\bimport|\bimport\()\s*["'](\.[^"']+\.ts)["']/g;

/** Paths of the files that a file imports itself, types included. */
export const importsOf = (file: string, text: string): string[] =>
	[...text.matchAll(IMPORT)].map(([, specifier = ""]) => posix.join(posix.dirname(file), specifier));

/**
 * The file and all that it reaches by imports, each with the number of steps.
 * @param root the folder that paths start from.
 */
export const importClosure = (root: string, file: string): Map<string, number> => {
	const distances = new Map([[file, 0]]);
	// A Map goes on to what is added while it is iterated.
	for (const [path, distance] of distances) {
		let text: string;
		try {
			text = readFileSync(join(root, path), "utf8");
		} catch {
			continue;
		}
		for (const next of importsOf(path, text)) if (!distances.has(next)) distances.set(next, distance + 1);
	}
	return distances;
};
