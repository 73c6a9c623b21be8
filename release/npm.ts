// The npm package as `npm pack` makes it, and the list of what is inside.
import { mkdir, mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runProgram } from "../image/program.ts";

/**
 * Packs the tree into one file. npm gives all files in it the same time, so the same sources give the same bytes.
 * @throws Error where npm fails
 */
export const packNpm = async (tree: string, target: string): Promise<void> => {
	const folder = await mkdtemp(join(tmpdir(), "bmc-npm-"));
	try {
		await mkdir(join(folder, "out"));
		const printed = await runProgram("npm", ["pack", "--silent", "--pack-destination", join(folder, "out")], {
			cwd: tree,
		});
		// Scripts of the package print before npm does.
		const name = printed.trimEnd().split("\n").at(-1) ?? "";
		await rename(join(folder, "out", name), target);
	} finally {
		await rm(folder, { recursive: true, force: true });
	}
};

interface Bom {
	serialNumber?: string;
	metadata: { timestamp: string };
}

/**
 * Writes the package's list of contents, CycloneDX by `npm sbom`.
 * @param epoch seconds since 1970: its time; a random serial number is left out, so that the text can be repeated
 */
export const writeNpmSbom = async (tree: string, target: string, epoch: number): Promise<void> => {
	const options = ["--package-lock-only", "--omit=dev", "--sbom-format=cyclonedx", "--sbom-type=application"];
	const { serialNumber: _, ...bom } = JSON.parse(await runProgram("npm", ["sbom", ...options], { cwd: tree })) as Bom;
	bom.metadata.timestamp = new Date(epoch * 1000).toISOString();
	await writeFile(target, `${JSON.stringify(bom, null, 2)}\n`);
};
