// `node release/publish/page.ts --from dist/release`: the release's page on GitHub, by its command line, with all files.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { runProgram } from "../../image/program.ts";
import { verifyChecksums } from "../checksums.ts";
import { type Release, readRelease, releaseFiles } from "../description.ts";

/** What `cosign sign-blob` writes beside the checksums. */
export const signatureOf = (release: Release): string => `${release.checksums}.sigstore.json`;

/** The arguments of `gh`: the tag must exist, since it is what was built. */
export const pageArguments = (from: string, release: Release): string[] => [
	...["release", "create", `v${release.version}`, "--verify-tag", "--title", `v${release.version}`],
	...["--notes-file", join(from, release.notes)],
	...(release.prerelease ? ["--prerelease"] : []),
	...[...releaseFiles(release), signatureOf(release)].map((file) => join(from, file)),
];

if (process.argv[1] === import.meta.filename) {
	const { values } = parseArgs({ options: { from: { type: "string", default: "dist/release" } } });
	const release = await readRelease(values.from);
	await verifyChecksums(values.from, release.checksums);
	const signature = join(values.from, signatureOf(release));
	if (!existsSync(signature)) throw new Error(`${signature} is missing: sign the checksums first`);
	process.stdout.write(await runProgram("gh", pageArguments(values.from, release)));
}
