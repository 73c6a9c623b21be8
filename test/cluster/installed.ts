// Looks for programs that the machine already has, in KUBEBUILDER_ASSETS and on PATH, so that they need not be built.
import { createHash } from "node:crypto";
import { access, constants, mkdir, symlink } from "node:fs/promises";
import { isAbsolute, join } from "node:path";
import { cacheFolder } from "./cache.ts";
import { execute } from "./execute.ts";
import { mismatch, VERSION_CHECKS } from "./versions.ts";

/** What was found of one program. */
export interface Installed {
	/** Absolute path; undefined where no program fits. */
	path?: string;
	/** One line for each program that was found and does not fit. */
	rejected: string[];
}

const isExecutable = (path: string): Promise<boolean> =>
	access(path, constants.X_OK).then(
		() => true,
		() => false,
	);

const whyNot = async (name: string, path: string, pinned: string): Promise<string | undefined> => {
	const check = VERSION_CHECKS[name];
	if (check === undefined) return "its version is not checked";
	try {
		const { code, stdout, stderr } = await execute(path, [...check.arguments]);
		if (code !== 0) return `\`${name} ${check.arguments.join(" ")}\` ended with exit code ${code}`;
		return mismatch(check, `${stdout}${stderr}`, pinned);
	} catch (error) {
		return `it cannot be run: ${(error as Error).message}`;
	}
};

const tryPath = async (name: string, path: string, pinned: string): Promise<Installed> => {
	if (VERSION_CHECKS[name] === undefined || !(await isExecutable(path))) return { rejected: [] };
	const reason = await whyNot(name, path, pinned);
	return reason === undefined ? { path, rejected: [] } : { rejected: [`${path} is not used: ${reason}`] };
};

/**
 * The program in the folder that KUBEBUILDER_ASSETS names.
 * @param pinned version that go.mod requires, `v1.2.3`
 */
export const findInAssets = async (name: string, pinned: string): Promise<Installed> => {
	const assets = process.env["KUBEBUILDER_ASSETS"];
	return assets ? tryPath(name, join(assets, name), pinned) : { rejected: [] };
};

/** A test puts a program's folder first in PATH. A link, alone in its folder, hides no other program of the machine. */
const linkTo = async (name: string, path: string): Promise<string> => {
	const folder = join(cacheFolder(), "installed", createHash("sha256").update(path).digest("hex").slice(0, 8));
	await mkdir(folder, { recursive: true });
	await symlink(path, join(folder, name)).catch((error: NodeJS.ErrnoException) => {
		if (error.code !== "EEXIST") throw error;
	});
	return join(folder, name);
};

/**
 * The first program on PATH that fits, as a link in a folder of its own.
 * @param pinned version that go.mod requires, `v1.2.3`
 */
export const findOnPath = async (name: string, pinned: string): Promise<Installed> => {
	const rejected: string[] = [];
	for (const folder of new Set((process.env["PATH"] ?? "").split(":"))) {
		if (!isAbsolute(folder)) continue;
		const one = await tryPath(name, join(folder, name), pinned);
		if (one.path !== undefined) return { path: await linkTo(name, one.path), rejected };
		rejected.push(...one.rejected);
	}
	return { rejected };
};
