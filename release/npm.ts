// The npm package as `npm pack` makes it, and the list of what is inside.
import { mkdir, mkdtemp, rename, rm } from "node:fs/promises";
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
	metadata: { component: object };
	components: { purl: string }[];
}

/**
 * The package's list of contents, as CycloneDX JSON: of the image's list, what came from npm. Both ship the same packages.
 * @param imageSbom the image's list, as text
 */
export const npmSbom = (imageSbom: string, version: string): string => {
	const bom = JSON.parse(imageSbom) as Bom;
	const purl = `pkg:npm/backup-maker-controller@${version}`;
	const component = { ...bom.metadata.component, type: "application", purl };
	const components = bom.components.filter((one) => one.purl.startsWith("pkg:npm/"));
	return `${JSON.stringify({ ...bom, metadata: { ...bom.metadata, component }, components }, null, 2)}\n`;
};
