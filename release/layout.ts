// Reading an OCI archive back: the folder that registries' tools push, and files of its layers.
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runProgram } from "../image/program.ts";

/**
 * Unpacks an OCI archive, calls `use` with the folder (an OCI image layout) and removes it.
 * @throws Error where tar fails, and what `use` throws
 */
export const withLayout = async <Result>(
	archive: string,
	use: (folder: string) => Promise<Result>,
): Promise<Result> => {
	const folder = await mkdtemp(join(tmpdir(), "bmc-layout-"));
	try {
		await runProgram("tar", ["-C", folder, "-xf", archive]);
		return await use(folder);
	} finally {
		await rm(folder, { recursive: true, force: true });
	}
};

const blobPath = (layout: string, digest: string): string => join(layout, "blobs", ...digest.split(":"));

const readJson = async (file: string): Promise<{ manifests?: { digest: string }[]; layers?: { digest: string }[] }> =>
	JSON.parse(await readFile(file, "utf8"));

/**
 * A file of an image.
 * @param path without a leading slash
 * @throws Error where no layer has it
 */
export const readImageFile = async (layout: string, path: string): Promise<string> => {
	const [image] = (await readJson(join(layout, "index.json"))).manifests ?? [];
	if (image === undefined) throw new Error(`${layout} holds no image`);
	const { layers = [] } = await readJson(blobPath(layout, image.digest));
	for (const { digest } of layers.toReversed()) {
		const text = await runProgram("tar", ["-xOf", blobPath(layout, digest), `./${path}`]).catch(() => undefined);
		if (text !== undefined) return text;
	}
	throw new Error(`the image has no file ${path}`);
};
