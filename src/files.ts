// Where the program finds the files that come with it. This file lies as deep in the sources (src/) as the bundle does in
// the package (lib/), so the same relative paths are right in both; no other module looks for files beside itself.
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";

/** Folder with the CustomResourceDefinitions. */
export const CRDS_FOLDER = fileURLToPath(new URL("../crds/", import.meta.url));

/** The version in package.json. @throws node:fs errors */
export const readVersion = async (): Promise<string> => {
	const text = await readFile(new URL("../package.json", import.meta.url), "utf8");
	return (JSON.parse(text) as { version: string }).version;
};
