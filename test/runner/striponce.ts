// Loaded into each unit test file of pure code before it: types are stripped from a source once in a run, not once in each of 90 processes.
// Node.js's own cache would do so as well, but it keeps compiled code, with which coverage is less exact
// (https://nodejs.org/api/module.html#module-compile-cache). Stripping leaves every character in its place, so that lines and
// columns stay those of the source.
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { registerHooks, stripTypeScriptTypes } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { STRIPPED } from "./layers.ts";

const keptOr = (path: string, make: () => string): string => {
	try {
		return readFileSync(path, "utf8");
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
	}
	const made = make();
	// Another process may write the same: it reads the whole of one or of the other.
	const unfinished = `${path}.${process.pid}`;
	writeFileSync(unfinished, made);
	renameSync(unfinished, path);
	return made;
};

/** What is no TypeScript names its file. */
const strippedOf = (url: string, text: string): string => {
	try {
		return stripTypeScriptTypes(text);
	} catch (cause) {
		throw new Error(`${url}: its types cannot be stripped`, { cause });
	}
};

const folder = join(process.cwd(), STRIPPED);
mkdirSync(folder, { recursive: true });
registerHooks({
	load(url, context, nextLoad) {
		if (!url.startsWith("file:") || !url.endsWith(".ts")) return nextLoad(url, context);
		const text = readFileSync(fileURLToPath(url), "utf8");
		const kept = join(folder, createHash("sha256").update(text).digest("hex"));
		const source = keptOr(kept, () => strippedOf(url, text));
		return { format: "module", source, shortCircuit: true };
	},
});
