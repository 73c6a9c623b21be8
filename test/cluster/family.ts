// One family of Go programs: a folder with a go.mod (and, where upstream has no program on the proxy, a main of our own),
// built once per version into the cache outside the tree.
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { globSync } from "node:fs";
import { access, mkdir, mkdtemp, readdir, readFile, rename, rm } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";

/** A family of programs that one go.mod pins. */
export interface Family {
	/** Folder with go.mod and go.sum. */
	folder: string;
	/** Whose version names the cache. */
	module: string;
	/** Names the cache, where the module's own last word does not. */
	label?: string;
	/** Packages by the name of their program; `./controller` for a main of ours. */
	packages: Readonly<Record<string, string>>;
	tags?: string;
	/** Further linker flags. In: the module's version, `v1.2.3`. */
	linkerFlags?: (version: string) => string;
}

/** Where what is built or fetched once stays. */
export const cacheFolder = (): string =>
	join(process.env["XDG_CACHE_HOME"] || join(homedir(), ".cache"), "backup-maker-controller");

/** Whether something is there. */
export const exists = (path: string): Promise<boolean> =>
	access(path).then(
		() => true,
		() => false,
	);

/**
 * The version of a module that a folder's go.mod requires.
 * @throws Error where it requires none
 */
export const moduleVersion = async (folder: string, module: string): Promise<string> => {
	const text = await readFile(join(folder, "go.mod"), "utf8");
	const version = new RegExp(`^\\s*(?:require )?${module.replaceAll(".", "\\.")} (v\\S+)`, "m").exec(text)?.[1];
	if (version === undefined) throw new Error(`${folder}/go.mod requires no ${module}`);
	return version;
};

/** A main of ours changes without a version: its text is part of the cache's name. */
const ownSourcesMark = async (folder: string): Promise<string> => {
	const files = globSync("**/*.go", { cwd: folder }).sort();
	if (files.length === 0) return "";
	const hash = createHash("sha256");
	for (const file of ["go.sum", ...files]) hash.update(await readFile(join(folder, file)));
	return `-${hash.digest("hex").slice(0, 8)}`;
};

const go = (folder: string, args: string[]): Promise<void> =>
	new Promise((resolve, reject) => {
		const env = { ...process.env, CGO_ENABLED: "0" };
		const child = spawn("go", args, { cwd: folder, env, stdio: ["ignore", "inherit", "inherit"] });
		child.on("error", (cause) => reject(new Error("Go is needed to build the test cluster's programs", { cause })));
		child.on("exit", (code) => (code === 0 ? resolve() : reject(new Error(`go ${args[0]} ended with ${code}`))));
	});

const withProgress = async (label: string, work: Promise<void>): Promise<void> => {
	const started = Date.now();
	const progress = setInterval(() => {
		process.stderr.write(`… still building ${label}, ${Math.round((Date.now() - started) / 1000)} s\n`);
	}, 20_000);
	await work.finally(() => clearInterval(progress));
};

const labelOf = ({ label, module }: Family): string =>
	label ?? module.split("/").findLast((part) => !/^v\d+$/.test(part)) ?? module;

/** Where a family's programs are, or will be. */
const targetOf = async (family: Family): Promise<string> => {
	const version = await moduleVersion(family.folder, family.module);
	return join(cacheFolder(), `${labelOf(family)}-${version}${await ownSourcesMark(family.folder)}`, "bin");
};

/** Whether nothing of a family is missing. */
export const isBuilt = async (family: Family): Promise<boolean> => {
	const target = await targetOf(family);
	const found = await Promise.all(Object.keys(family.packages).map((name) => exists(join(target, name))));
	return found.every((is) => is);
};

/**
 * Builds beside the target and moves what is whole into it: a build that is cut short leaves nothing there that counts as built.
 * All of the programs come of one call, since Go then links them side by side. A trailing slash makes its output a folder, in
 * which a program is named after its package; alone it can have the name that it is known by.
 */
export const buildAside = async (
	target: string,
	names: readonly string[],
	build: (output: string) => Promise<void>,
): Promise<void> => {
	const aside = await mkdtemp(`${target}.building-`);
	try {
		await build(names.length === 1 ? join(aside, names[0] ?? "") : `${aside}/`);
		for (const made of await readdir(aside)) await rename(join(aside, made), join(target, made));
	} finally {
		await rm(aside, { recursive: true, force: true });
	}
};

/**
 * Builds what is missing of a family.
 * Out: the absolute path of each program.
 * @throws Error where Go is missing or the build fails
 */
export const buildFamily = async <Name extends string>(
	family: Family & { packages: Readonly<Record<Name, string>> },
): Promise<Record<Name, string>> => {
	const version = await moduleVersion(family.folder, family.module);
	const target = await targetOf(family);
	const names = Object.keys(family.packages) as Name[];
	const missing: Name[] = [];
	for (const name of names) if (!(await exists(join(target, name)))) missing.push(name);
	if (missing.length > 0) {
		await mkdir(target, { recursive: true });
		process.stderr.write(`building ${missing.join(", ")} ${version} (once per version)\n`);
		await buildAside(target, missing, (output) => {
			const flags = ["-s -w", family.linkerFlags?.(version) ?? ""].join(" ").trim();
			const tags = family.tags === undefined ? [] : ["-tags", family.tags];
			const build = ["build", "-trimpath", "-buildvcs=false", ...tags, "-ldflags", flags, "-o", output];
			const packages = missing.map((name) => family.packages[name]);
			return withProgress(labelOf(family), go(family.folder, [...build, ...packages]));
		});
	}
	return Object.fromEntries(names.map((name) => [name, join(target, name)])) as Record<Name, string>;
};
