// `node release/publish/page.ts --from dist/release`: the release's page on GitHub, by its command line, with all files. It can run
// again: a page of the same release gets what it lacks, and that of another content is refused.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { runProgram } from "../../image/program.ts";
import { sha256Of, verifyChecksums } from "../checksums.ts";
import { type Release, readRelease, releaseFiles } from "../description.ts";
import { refuseOther } from "../existing.ts";
import { findPage, type Page, publishedChecksums } from "./github.ts";

/** What `cosign sign-blob` writes beside the checksums. */
export const signatureOf = (release: Release): string => `${release.checksums}.sigstore.json`;

const pageFiles = (release: Release): string[] => [...releaseFiles(release), signatureOf(release)];

/** The arguments of `gh`: the tag must exist, since it is what was built. */
export const pageArguments = (from: string, release: Release): string[] => [
	...["release", "create", `v${release.version}`, "--verify-tag", "--title", `v${release.version}`],
	...["--notes-file", join(from, release.notes)],
	...(release.prerelease ? ["--prerelease"] : []),
	...pageFiles(release).map((file) => join(from, file)),
];

/** Uploads what an interrupted run left out, and publishes a draft: `gh` makes one until all files are there. */
const complete = async (from: string, release: Release, page: Page): Promise<string> => {
	const tag = `v${release.version}`;
	const isChecked = page.files.includes(release.checksums);
	if (isChecked) {
		const found = await publishedChecksums(tag, release.checksums);
		refuseOther(`the page of ${tag}`, found, await sha256Of(join(from, release.checksums)));
	}
	// Without checksums it is not known what the files of the page are.
	const missing = pageFiles(release).filter((file) => !isChecked || !page.files.includes(file));
	const paths = missing.map((file) => join(from, file));
	// GitHub keeps a file of that name whose upload was interrupted.
	if (missing.length > 0) await runProgram("gh", ["release", "upload", tag, "--clobber", ...paths]);
	if (page.isDraft) await runProgram("gh", ["release", "edit", tag, "--draft=false"]);
	return `already there: the page of ${tag}; uploaded: ${missing.length === 0 ? "nothing" : missing.join(", ")}\n`;
};

/**
 * Makes the page, or completes it.
 * @param from the folder that `release/build.ts` filled, with the signature of the checksums
 * @returns what to print
 * @throws Error where a checksum does not match, a page of another content exists, or `gh` fails
 */
const publishPage = async (from: string): Promise<string> => {
	const release = await readRelease(from);
	await verifyChecksums(from, release.checksums);
	const signature = join(from, signatureOf(release));
	if (!existsSync(signature)) throw new Error(`${signature} is missing: sign the checksums first`);
	const page = await findPage(`v${release.version}`);
	return page === undefined ? runProgram("gh", pageArguments(from, release)) : complete(from, release, page);
};

if (process.argv[1] === import.meta.filename) {
	const { values } = parseArgs({ options: { from: { type: "string", default: "dist/release" } } });
	process.stdout.write(await publishPage(values.from));
}
