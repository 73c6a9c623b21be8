// `node release/publish/npm.ts --from dist/release`: publishes the package that `release/build.ts` made. Credentials are npm's
// business: in the workflow it exchanges the job's identity for them (https://docs.npmjs.com/trusted-publishers).
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { runProgram } from "../../image/program.ts";
import { verifyChecksums } from "../checksums.ts";
import { type Release, readRelease } from "../description.ts";

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

if (process.argv[1] === import.meta.filename) {
	const { values } = parseArgs({
		options: {
			from: { type: "string", default: "dist/release" },
			provenance: { type: "boolean", default: false },
		},
	});
	const release = await readRelease(values.from);
	await verifyChecksums(values.from, release.checksums);
	process.stdout.write(await runProgram("npm", publishArguments(values.from, release, values.provenance)));
}
