// Debian packages without an installation: fetched by apt, which checks signature and hash, and unpacked into a folder.
import { createHash } from "node:crypto";
import { mkdir, mkdtemp, readFile, rm } from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { runProgram } from "./program.ts";

export interface DebianPackage {
	name: string;
	version: string;
	architecture: string;
	/** Of the .deb file, hexadecimal. */
	sha256: string;
	file: string;
}

/** What a program that only loads libraries never reads. */
const UNWANTED = [
	...["./etc", "./usr/sbin", "./usr/lib/*/gconv", "./usr/share/gcc", "./usr/share/gdb", "./usr/share/lintian"],
	...["./usr/share/man", "./usr/share/doc/*/*.gz", "./usr/share/doc/*/README*", "./usr/share/doc/*/examples"],
	// Tools of glibc's own authors.
	...["./lib/*/libmemusage.so", "./lib/*/libpcprofile.so", "./lib/*/libc_malloc_debug.so.0"],
];

const CACHE = join(process.env["XDG_CACHE_HOME"] || join(homedir(), ".cache"), "backup-maker-controller", "debian");

const hashOf = async (file: string): Promise<string | undefined> => {
	const content = await readFile(file).catch(() => undefined);
	return content === undefined ? undefined : createHash("sha256").update(content).digest("hex");
};

/** `'URL' FILE SIZE SHA256:HASH` for each package, as apt knows them now. */
const wantedFiles = async (names: readonly string[]): Promise<{ file: string; sha256: string }[]> => {
	const text = await runProgram("apt-get", ["--print-uris", "download", ...names]);
	return [...text.matchAll(/^'\S+' (\S+) \d+ SHA256:(\w+)$/gm)].map(([, file = "", sha256 = ""]) => ({ file, sha256 }));
};

const fetchMissing = async (names: readonly string[]): Promise<{ file: string; sha256: string }[]> => {
	let wanted = await wantedFiles(names).catch(() => []);
	if (wanted.length < names.length) {
		await runProgram("apt-get", ["update", "-qq"]);
		wanted = await wantedFiles(names);
	}
	for (const { file, sha256 } of wanted) {
		if ((await hashOf(join(CACHE, file))) === sha256) continue;
		await rm(join(CACHE, file), { force: true });
		await runProgram("apt-get", ["download", "-qq", `${file.split("_")[0]}`], { cwd: CACHE });
		if ((await hashOf(join(CACHE, file))) !== sha256) throw new Error(`apt fetched another ${file} than it announced`);
	}
	return wanted;
};

/**
 * Fetches what the cache lacks.
 * @throws Error where apt fails
 */
export const fetchPackages = async (names: readonly string[]): Promise<DebianPackage[]> => {
	await mkdir(CACHE, { recursive: true });
	const files = await fetchMissing(names);
	return files
		.map(({ file, sha256 }) => {
			const [name = "", version = "", rest = ""] = decodeURIComponent(file).split("_");
			return { name, version, architecture: rest.replace(".deb", ""), sha256, file: join(CACHE, file) };
		})
		.sort((left, right) => left.name.localeCompare(right.name));
};

/** Unpacks a package's files into the folder, without what nobody reads. */
export const unpackPackage = async ({ file }: DebianPackage, root: string): Promise<void> => {
	const folder = await mkdtemp(join(tmpdir(), "bmc-deb-"));
	try {
		const archive = join(folder, "files.tar");
		await runProgram("bash", ["-c", 'dpkg-deb --fsys-tarfile "$1" >"$2"', "unpack", file, archive]);
		const unwanted = UNWANTED.map((pattern) => `--exclude=${pattern}`);
		await runProgram("tar", ["-C", root, "--no-same-owner", ...unwanted, "-xf", archive]);
	} finally {
		await rm(folder, { recursive: true, force: true });
	}
};
