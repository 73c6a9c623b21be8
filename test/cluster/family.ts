// One family of Go programs: a folder with a go.mod (and, where upstream has no program on the proxy, a main of our own),
// built once per version into the cache outside the tree. Programs that the machine has in a fitting version are not built.
import { createHash } from "node:crypto";
import { globSync } from "node:fs";
import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { cacheFolder, exists } from "./cache.ts";
import { remainingText } from "./estimate.ts";
import { buildAside, go, removeRemains } from "./gobuild.ts";
import { findInAssets, findOnPath } from "./installed.ts";
import { withLock } from "./lock.ts";

export { cacheFolder, exists } from "./cache.ts";

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
	/** How long the build takes with nothing cached, in seconds on 2 cores; for the estimate that people see. */
	seconds?: number;
	tags?: string;
	/** Further linker flags. In: the module's version, `v1.2.3`. */
	linkerFlags?: (version: string) => string;
}

/** Where the programs of a family are. */
export interface Programs {
	/** Absolute path of each program that need not be built. */
	found: Record<string, string>;
	/** Names of those that must be built. */
	missing: string[];
	/** One line for each program of the machine that does not fit. */
	rejected: string[];
}

/** Seconds of a family that does not know its own. */
const USUAL_DURATION = 60;

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

/** The name of a family's folder in the cache, without its version. */
export const labelOf = ({ label, module }: Family): string =>
	label ?? module.split("/").findLast((part) => !/^v\d+$/.test(part)) ?? module;

/** Where a family's programs are, or will be. */
const targetOf = async (family: Family): Promise<string> => {
	const version = await moduleVersion(family.folder, family.module);
	return join(cacheFolder(), `${labelOf(family)}-${version}${await ownSourcesMark(family.folder)}`, "bin");
};

/**
 * Looks for the programs of a family: in KUBEBUILDER_ASSETS, which somebody set on purpose; among our own builds, which are
 * exactly what go.mod pins; on PATH.
 */
export const locate = async (family: Family): Promise<Programs> => {
	const [version, target] = [await moduleVersion(family.folder, family.module), await targetOf(family)];
	const programs: Omit<Programs, "missing"> = { found: {}, rejected: [] };
	const locateOne = async (name: string): Promise<void> => {
		const given = await findInAssets(name, version);
		programs.rejected.push(...given.rejected);
		const built = join(target, name);
		let path = given.path ?? ((await exists(built)) ? built : undefined);
		if (path === undefined) {
			const installed = await findOnPath(name, version);
			programs.rejected.push(...installed.rejected);
			path = installed.path;
		}
		if (path !== undefined) programs.found[name] = path;
	};
	const names = Object.keys(family.packages);
	await Promise.all(names.map(locateOne));
	return { ...programs, missing: names.filter((name) => programs.found[name] === undefined) };
};

/** Whether nothing of a family must be built. */
export const isBuilt = async (family: Family): Promise<boolean> => (await locate(family)).missing.length === 0;

const withProgress = async (family: Family, work: Promise<void>): Promise<void> => {
	const part = { name: labelOf(family), seconds: family.seconds ?? USUAL_DURATION, started: Date.now() };
	const report = (): boolean => process.stderr.write(`${remainingText([part], Date.now())}\n`);
	const progress = setInterval(report, 20_000);
	await work.finally(() => clearInterval(progress));
};

const build = async (family: Family, target: string, missing: readonly string[]): Promise<void> => {
	const version = await moduleVersion(family.folder, family.module);
	process.stderr.write(`building ${missing.join(", ")} ${version} (once per version)\n`);
	await mkdir(target, { recursive: true });
	await removeRemains(target);
	await buildAside(target, missing, (output, temporary) => {
		const flags = ["-s -w", family.linkerFlags?.(version) ?? ""].join(" ").trim();
		const tags = family.tags === undefined ? [] : ["-tags", family.tags];
		const common = ["build", "-trimpath", "-buildvcs=false", ...tags, "-ldflags", flags, "-o", output];
		const packages = missing.map((name) => family.packages[name] ?? "");
		return withProgress(family, go(family.folder, temporary, [...common, ...packages]));
	});
};

/**
 * Builds what is missing of a family. Where another process builds it, waits for that one.
 * Out: the absolute path of each program.
 * @throws Error where Go is missing or the build fails
 */
export const buildFamily = async <Name extends string>(
	family: Family & { packages: Readonly<Record<Name, string>> },
): Promise<Record<Name, string>> => {
	let programs = await locate(family);
	if (programs.missing.length > 0) {
		for (const line of programs.rejected) process.stderr.write(`${line}\n`);
		const target = await targetOf(family);
		const onWait = ({ pid }: { pid: number }) =>
			process.stderr.write(`waiting for process ${pid}, which builds ${labelOf(family)}\n`);
		await withLock(
			`${target}.lock`,
			async () => {
				const { missing } = await locate(family);
				if (missing.length > 0) await build(family, target, missing);
			},
			{ onWait },
		);
		programs = await locate(family);
	}
	if (programs.missing.length > 0) throw new Error(`${programs.missing.join(", ")}: the build made no such program`);
	return programs.found as Record<Name, string>;
};
