// release.json: what `release/build.ts` made, for the scripts that publish it on another machine.
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** What a release consists of. Files are names in its folder. */
export interface Release {
	version: string;
	prerelease: boolean;
	/** The commit that it was built from, 40 hexadecimal digits. */
	commit: string;
	/** Seconds since 1970: the time of the commit, and of everything that was built. */
	epoch: number;
	image: { file: string; digest: string; sbom: string };
	chart: { file: string };
	npm: { file: string; sbom: string };
	notes: string;
	checksums: string;
}

const FILE = "release.json";

/** Writes the description into the release's folder. */
export const writeRelease = (folder: string, release: Release): Promise<void> =>
	writeFile(join(folder, FILE), `${JSON.stringify(release, null, 2)}\n`);

/** Reads it. @throws Error where the folder holds none */
export const readRelease = async (folder: string): Promise<Release> =>
	JSON.parse(await readFile(join(folder, FILE), "utf8")) as Release;

/** The files that users download, in the order of the release's page. */
export const releaseFiles = ({ image, chart, npm, checksums }: Release): string[] => [
	image.file,
	image.sbom,
	chart.file,
	npm.file,
	npm.sbom,
	checksums,
];
