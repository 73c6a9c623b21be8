// Whether the Go of this machine can build the programs of the tests.
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { execute } from "../cluster/execute.ts";

const TEST = join(import.meta.dirname, "..");

const numbers = (version: string): number[] => version.split(".").map(Number);

/** Whether the left version is the lower one. Both: `1.26` or `1.26.5`. */
export const isOlder = (left: string, right: string): boolean => {
	const [one, other] = [numbers(left), numbers(right)];
	for (let index = 0; index < Math.max(one.length, other.length); index += 1) {
		const difference = (one[index] ?? 0) - (other[index] ?? 0);
		if (difference !== 0) return difference < 0;
	}
	return false;
};

/**
 * The highest version that one of the go.mod files requires, such as `1.26.6`.
 * @param texts of go.mod files
 */
export const requiredGo = (texts: readonly string[]): string => {
	const versions = texts.map((text) => /^go (\d+(?:\.\d+)*)$/m.exec(text)?.[1] ?? "0");
	return versions.reduce((highest, version) => (isOlder(highest, version) ? version : highest), "0");
};

/** The Go on PATH. */
export interface InstalledGo {
	/** `go1.26.5` */
	version: string;
	/** The setting GOTOOLCHAIN. */
	toolchain: string;
}

/** Since this version Go fetches a newer Go where a go.mod requires one (https://go.dev/doc/toolchain). */
const FETCHES_NEWER = "1.21";

/**
 * What is wrong with the Go of this machine, for people; undefined where it fits.
 * @param found undefined where there is none
 * @param required `1.26.6`
 */
export const goProblem = (found: InstalledGo | undefined, required: string): string | undefined => {
	const where = "install it from https://go.dev/dl/ (the packages of most distributions are older)";
	if (found === undefined) return `Go ${required} or newer is not installed: ${where}`;
	const version = /^go(\d+(?:\.\d+)*)/.exec(found.version)?.[1];
	// A development version: its number says nothing, and the build itself will.
	if (version === undefined || !isOlder(version, required)) return undefined;
	if (/(^|\+)auto$/.test(found.toolchain) && !isOlder(version, FETCHES_NEWER)) return undefined;
	return `Go ${version} is too old, version ${required} or newer is required: ${where}`;
};

const installedGo = async (): Promise<InstalledGo | undefined> => {
	try {
		// Outside of every module: inside of one it would fetch the Go that the module requires, and answer for that one.
		const { code, stdout } = await execute("go", ["env", "GOVERSION", "GOTOOLCHAIN"], { cwd: "/" });
		const [version = "", toolchain = ""] = stdout.split("\n");
		return code === 0 ? { version, toolchain } : undefined;
	} catch {
		return undefined;
	}
};

/** What is wrong with the Go of this machine, for people; undefined where it fits. */
export const findGoProblem = async (): Promise<string | undefined> => {
	const files = globSync("**/go.mod", { cwd: TEST });
	return goProblem(await installedGo(), requiredGo(files.map((file) => readFileSync(join(TEST, file), "utf8"))));
};
