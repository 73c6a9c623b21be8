// The image's root file system as a folder. `make image` packs it; the Dockerfile runs this same file in its build stage
// and copies the folder, so that both ways give the same layout.
import { chmod, cp, mkdir, readdir, readFile, readlink, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { makeBundle } from "../bundle/build.ts";
import { type DebianPackage, fetchPackages, unpackPackage } from "./debian.ts";
import { DEBIAN_PACKAGES, programVersion, SBOM_PATH, USER } from "./definition.ts";
import { lockedPackages, type NpmPackage } from "./packages.ts";
import { runProgram } from "./program.ts";
import { sbomText } from "./sbom.ts";

const ACCOUNTS = {
	"etc/passwd": `root:x:0:0:root:/root:/sbin/nologin\n${USER.name}:x:${USER.id}:${USER.id}::/app:/sbin/nologin\n`,
	"etc/group": `root:x:0:\n${USER.name}:x:${USER.id}:\n`,
	// Without it glibc asks no DNS server.
	"etc/nsswitch.conf": "passwd: files\ngroup: files\nhosts: files dns\n",
} as const;

const put = async (root: string, path: string, text: string): Promise<void> => {
	await mkdir(join(root, path, ".."), { recursive: true });
	await writeFile(join(root, path), text);
};

/** Everything below `/usr/share/ca-certificates` as one file, under the name that TLS clients look for. */
const bundleAuthorities = async (root: string): Promise<void> => {
	const folder = join(root, "usr/share/ca-certificates");
	const files = (await readdir(folder, { recursive: true })).filter((file) => file.endsWith(".crt")).sort();
	const texts = await Promise.all(files.map((file) => readFile(join(folder, file), "utf8")));
	await put(root, "etc/ssl/certs/ca-certificates.crt", texts.map((text) => `${text.trimEnd()}\n`).join(""));
	await rm(folder, { recursive: true });
};

/** The bundle, as the npm package has it. Out: the packages in it. */
const addProgram = async (tree: string, root: string): Promise<NpmPackage[]> => {
	const folder = join(root, "app");
	const { packages } = await makeBundle(folder);
	await cp(join(tree, "LICENSE"), join(folder, "LICENSE"));
	return lockedPackages(join(tree, "package-lock.json"), packages);
};

/** Packages whose folder of documents, the copyright in it, is another package's. */
const borrowedDocuments = async (root: string): Promise<string[]> => {
	const folder = join(root, "usr/share/doc");
	const links = (await readdir(folder, { withFileTypes: true })).filter((entry) => entry.isSymbolicLink());
	return [...new Set(await Promise.all(links.map(({ name }) => readlink(join(folder, name)))))];
};

const unpackSystem = async (root: string): Promise<DebianPackage[]> => {
	const packages = await fetchPackages(DEBIAN_PACKAGES);
	for (const one of packages) await unpackPackage(one, root);
	const further = await fetchPackages(await borrowedDocuments(root));
	for (const one of further) await unpackPackage(one, root);
	await bundleAuthorities(root);
	return [...packages, ...further];
};

/** Without names for debuggers, a fifth smaller. What add-ons link to stays. @throws Error where binutils is missing */
const strip = async (program: string): Promise<void> => {
	await runProgram("strip", ["--strip-unneeded", program]).catch((cause: Error) => {
		throw new Error("the image needs strip of binutils (apt-get install binutils)", { cause });
	});
};

const copyNode = async (tree: string, root: string): Promise<string> => {
	const program = join(root, "usr/local/bin/node");
	await cp(join(tree, "node_modules/node/bin/node"), program);
	await chmod(program, 0o755);
	await strip(program);
	const { version } = JSON.parse(await readFile(join(tree, "node_modules/node/package.json"), "utf8")) as {
		version: string;
	};
	return version;
};

/**
 * Makes the root file system.
 * @param tree the source tree, after `npm ci`
 * @param root folder to fill; emptied first
 * @throws Error where compiling or fetching fails
 */
export const makeRoot = async (tree: string, root: string, created: Date): Promise<void> => {
	await rm(root, { recursive: true, force: true });
	await mkdir(join(root, "tmp"), { recursive: true });
	await chmod(join(root, "tmp"), 0o1777);
	const debian = await unpackSystem(root);
	const nodeVersion = await copyNode(tree, root);
	const npm = await addProgram(tree, root);
	for (const [path, text] of Object.entries(ACCOUNTS)) await put(root, path, text);
	await put(root, SBOM_PATH, sbomText({ version: programVersion(), nodeVersion, npm, debian, created }));
};

/** `SOURCE_DATE_EPOCH` in seconds makes a build repeatable: https://reproducible-builds.org/docs/source-date-epoch/ */
export const creationTime = (): Date => new Date(Number(process.env["SOURCE_DATE_EPOCH"] ?? 0) * 1000);

if (process.argv[1] === import.meta.filename) {
	const target = process.argv[2];
	if (target === undefined) throw new Error("usage: node image/rootfs.ts FOLDER");
	await makeRoot(fileURLToPath(new URL("..", import.meta.url)), target, creationTime());
}
