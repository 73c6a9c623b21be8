// `node release/build.ts --version v1.2.3 --out dist/release`: everything that a release consists of, without publishing any
// of it. The release workflow and the gate call the same script.
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { buildImage } from "../image/build.ts";
import { SBOM_PATH } from "../image/definition.ts";
import { runProgram } from "../image/program.ts";
import { findHelm } from "../test/cluster/binaries.ts";
import { changelogSection, disagreements, isPrerelease, versionOfTag } from "./agreement.ts";
import { packageChart } from "./chart.ts";
import { writeChecksums } from "./checksums.ts";
import { type Release, releaseFiles, writeRelease } from "./description.ts";
import { readImageFile, withLayout } from "./layout.ts";
import { releaseNotes } from "./notes.ts";
import { npmSbom, packNpm } from "./npm.ts";
import { readSources } from "./sources.ts";

const TREE = fileURLToPath(new URL("..", import.meta.url));
const NAME = "backup-maker-controller";
const CHART = join(TREE, "charts", NAME);
const ARCHITECTURES: Readonly<Record<string, string>> = { x64: "amd64", arm64: "arm64" };

const git = async (...args: string[]): Promise<string> => (await runProgram("git", ["-C", TREE, ...args])).trim();

/** What is to be built, before anything is. Digests are filled in by the build. */
const planOf = async (version: string): Promise<Release> => {
	const image = `${NAME}-image-${version}-${ARCHITECTURES[process.arch] ?? process.arch}`;
	const given = process.env["SOURCE_DATE_EPOCH"];
	return {
		version,
		prerelease: isPrerelease(version),
		commit: await git("rev-parse", "HEAD"),
		epoch: Number(given ?? (await git("log", "-1", "--format=%ct"))),
		image: { file: `${image}.tar`, digest: "", sbom: `${image}.cdx.json` },
		chart: { file: `${NAME}-chart-${version}.tgz` },
		npm: { file: `${NAME}-npm-${version}.tgz`, sbom: `${NAME}-npm-${version}.cdx.json` },
		notes: "notes.md",
		checksums: "SHA256SUMS",
	};
};

/** Builds the image, and takes the lists of contents out of it: what is published is what is inside. Out: its digest. */
const buildImageInto = async (folder: string, { image, npm, version, epoch }: Release): Promise<string> => {
	process.env["SOURCE_DATE_EPOCH"] = String(epoch);
	const { digest } = await buildImage(join(folder, image.file), true);
	const sbom = await withLayout(join(folder, image.file), (layout) => readImageFile(layout, SBOM_PATH));
	await writeFile(join(folder, image.sbom), sbom);
	await writeFile(join(folder, npm.sbom), npmSbom(sbom, version));
	return digest;
};

export interface BuildOptions {
	/** `v1.2.3` or `1.2.3` */
	version: string;
	/** Folder to fill; emptied first. */
	out: string;
	/** A rehearsal: the changelog's section may be without a date. */
	unreleased: boolean;
	/** Called at the start of each step. */
	report(step: string): void;
}

/**
 * Builds all artifacts of a release.
 * @throws Error that lists every place that states another version, before anything is built; or where a build fails
 */
export const buildRelease = async ({ version: tag, out, unreleased, report }: BuildOptions): Promise<Release> => {
	const version = versionOfTag(tag);
	const sources = await readSources(TREE);
	const problems = disagreements(sources, version, unreleased);
	const section = changelogSection(sources.changelog, version);
	if (problems.length > 0 || section === undefined) throw new Error(problems.join("\n"));
	const release = await planOf(version);
	const { epoch } = release;
	await rm(out, { recursive: true, force: true });
	await mkdir(out, { recursive: true });
	report("chart");
	await packageChart({ helm: await findHelm(), source: CHART, target: join(out, release.chart.file), epoch });
	report("npm package");
	await packNpm(TREE, join(out, release.npm.file));
	report("image");
	release.image.digest = await buildImageInto(out, release);
	report("checksums and notes");
	await writeFile(join(out, release.notes), releaseNotes(section, version));
	await writeChecksums(
		out,
		releaseFiles(release).filter((file) => file !== release.checksums),
		release.checksums,
	);
	await writeRelease(out, release);
	return release;
};

const printUsage = (): never => {
	process.stderr.write("usage: node release/build.ts --version v1.2.3 --out dist/release [--unreleased]\n");
	process.exit(2);
};

if (process.argv[1] === import.meta.filename) {
	const { values } = parseArgs({
		options: { version: { type: "string" }, out: { type: "string" }, unreleased: { type: "boolean", default: false } },
	});
	const { version = printUsage(), out = printUsage(), unreleased } = values;
	const report = (step: string): boolean => process.stdout.write(`building: ${step}\n`);
	try {
		const release = await buildRelease({ version, out: resolve(out), unreleased, report });
		process.stdout.write(await readFile(join(out, release.checksums), "utf8"));
		process.stdout.write(`image ${release.image.digest}\n`);
	} catch (error) {
		process.stderr.write(`${(error as Error).message}\n`);
		process.exitCode = 1;
	}
}
