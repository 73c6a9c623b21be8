// A small release in a folder, as `release/build.ts` leaves it, for scripts that publish.
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { writeArchive } from "../../image/oci.ts";
import { runProgram } from "../../image/program.ts";
import { writeChecksums } from "../../release/checksums.ts";
import { type Release, releaseFiles, writeRelease } from "../../release/description.ts";

const SETTINGS = {
	user: "65532:65532",
	workingDirectory: "/",
	entrypoint: ["/program"],
	command: [],
	environment: {},
	labels: {},
	exposedPorts: [],
};

/** A release of the given version; its files hold little. Checksums are written by `seal`. */
export const smallRelease = (version: string): Release => ({
	version,
	prerelease: version.includes("-"),
	commit: "0".repeat(40),
	epoch: 1_700_000_000,
	image: { file: "image.tar", digest: "", sbom: "image.cdx.json" },
	chart: { file: "chart.tgz" },
	npm: { file: "npm.tgz", sbom: "npm.cdx.json" },
	notes: "notes.md",
	checksums: "SHA256SUMS",
});

/** Writes checksums and description over the files that the folder has. */
export const seal = async (folder: string, release: Release): Promise<void> => {
	const files = releaseFiles(release).filter((file) => file !== release.checksums);
	await writeChecksums(folder, files, release.checksums);
	await writeRelease(folder, release);
};

/** Fills a folder with a text for each file. */
export const writeTexts = async (folder: string, release: Release): Promise<void> => {
	for (const file of [...releaseFiles(release), release.notes]) await writeFile(join(folder, file), `${file}\n`);
};

/**
 * Writes an image with one file.
 * Out: the digest of its manifest.
 */
export const writeImage = async (folder: string, release: Release, content: string): Promise<string> => {
	const root = join(folder, "..", "root", "usr");
	await mkdir(root, { recursive: true });
	await writeFile(join(root, "file"), content);
	const target = join(folder, release.image.file);
	const name = `example.org/a:${release.version}`;
	return writeArchive({ root: join(root, ".."), target, name, settings: SETTINGS, created: new Date(0) });
};

/** Writes a package that npm accepts. */
export const writeNpmPackage = async (folder: string, release: Release, description = ""): Promise<void> => {
	const source = join(folder, "..", "npm", "package");
	await mkdir(source, { recursive: true });
	const manifest = { name: "backup-maker-controller", version: release.version, description };
	await writeFile(join(source, "package.json"), JSON.stringify(manifest));
	await runProgram("tar", ["-C", join(source, ".."), "-czf", join(folder, release.npm.file), "package"]);
};
