// `node release/publish/npm.ts --from dist/release`: publishes the package that `release/build.ts` made. Credentials are npm's
// business: in the workflow it exchanges the job's identity for them (https://docs.npmjs.com/trusted-publishers). A version that
// the registry already has is left alone where it is the same, so that a failed job can run again.
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { runProgram } from "../../image/program.ts";
import { verifyChecksums } from "../checksums.ts";
import { type Release, readRelease } from "../description.ts";
import { refuseOther } from "../existing.ts";

/**
 * The arguments of npm.
 * @param provenance whether npm signs where the package was built: only in a workflow that may have an identity token
 */
export const publishArguments = (from: string, { npm, prerelease }: Release, provenance: boolean): string[] => [
	"publish",
	join(resolve(from), npm.file),
	"--access=public",
	// `npm install backup-maker-controller` takes `latest`: a pre-release is only for users who ask for it.
	`--tag=${prerelease ? "next" : "latest"}`,
	...(provenance ? ["--provenance"] : []),
];

/** The integrity of a published version, `sha512-…`; undefined where the registry has none. @throws Error where it does not answer */
const findPublished = async (name: string): Promise<string | undefined> => {
	try {
		return (await runProgram("npm", ["view", name, "dist.integrity"])).trim() || undefined;
	} catch (error) {
		if (/\bE404\b/.test((error as Error).message)) return undefined;
		throw error;
	}
};

/** As npm states it: https://www.w3.org/TR/SRI/ */
const integrityOf = async (file: string): Promise<string> =>
	`sha512-${createHash("sha512")
		.update(await readFile(file))
		.digest("base64")}`;

/**
 * Publishes the version, unless the registry has it.
 * @param from the folder that `release/build.ts` filled
 * @returns what npm printed, or that the version exists
 * @throws Error where a checksum does not match, the version exists with another content, or npm fails
 */
const publishToNpm = async (from: string, provenance: boolean): Promise<string> => {
	const release = await readRelease(from);
	await verifyChecksums(from, release.checksums);
	const name = `backup-maker-controller@${release.version}`;
	const published = await findPublished(name);
	if (published === undefined) return runProgram("npm", publishArguments(from, release, provenance));
	refuseOther(name, published, await integrityOf(join(from, release.npm.file)));
	return `already there: ${name}\n`;
};

if (process.argv[1] === import.meta.filename) {
	const { values } = parseArgs({
		options: {
			from: { type: "string", default: "dist/release" },
			provenance: { type: "boolean", default: false },
		},
	});
	process.stdout.write(await publishToNpm(values.from, values.provenance));
}
