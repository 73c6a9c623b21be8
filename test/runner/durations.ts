// How long each file took the last time, so that the longest begin first and none of them is alone at the end. What is
// remembered lies with the other caches, outside the tree; a file that is not known yet counts by its size.
import { mkdir, readFile, rename, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { cacheFolder } from "../cluster/cache.ts";
import type { Timing } from "./tally.ts";

/** Seconds by file. */
export type Durations = Readonly<Record<string, number>>;

/** Where they are remembered. */
export const durationsFile = (): string => join(cacheFolder(), "durations.json");

/** What was remembered; nothing where nothing was, or where it cannot be read: the order of files is all that hangs on it. */
export const readDurations = async (path: string): Promise<Durations> => {
	const text = await readFile(path, "utf8").catch(() => "{}");
	try {
		const parsed: unknown = JSON.parse(text);
		return typeof parsed === "object" && parsed !== null ? (parsed as Durations) : {};
	} catch {
		return {};
	}
};

/** Remembers these over what was remembered before. */
export const writeDurations = async (path: string, timings: readonly Timing[]): Promise<void> => {
	const measured = Object.fromEntries(timings.map(({ name, seconds }) => [name, Math.round(seconds * 10) / 10]));
	await mkdir(dirname(path), { recursive: true });
	// Two runners may write at once: the file is always one of the two, whole.
	const aside = `${path}.${process.pid}`;
	await writeFile(aside, JSON.stringify({ ...(await readDurations(path)), ...measured }, undefined, "\t"));
	await rename(aside, path);
};

/** Bytes of a test that take about a second, for files of which nothing is known. */
const BYTES_A_SECOND = 400;

/** The files, longest first. */
export const longestFirst = async (files: readonly string[], durations: Durations): Promise<string[]> => {
	const known = await Promise.all(
		files.map(async (file) => ({ file, seconds: durations[file] ?? (await stat(file)).size / BYTES_A_SECOND })),
	);
	return known.sort((a, b) => b.seconds - a.seconds || a.file.localeCompare(b.file)).map(({ file }) => file);
};
