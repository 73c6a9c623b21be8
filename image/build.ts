// `make image`: the image as an OCI archive, without an engine. Prints its path and name.
import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { imageSettings, programVersion, REPOSITORY } from "./definition.ts";
import { writeArchive } from "./oci.ts";
import { creationTime, makeRoot } from "./rootfs.ts";

const TREE = fileURLToPath(new URL("..", import.meta.url));

/** What was built. */
export interface BuiltImage {
	/** OCI archive. */
	archive: string;
	/** `registry/repository:tag` */
	name: string;
	/** Of the manifest. */
	digest: string;
	/** Of the archive. */
	bytes: number;
}

/**
 * Builds the image.
 * @param target file to write
 * @param compress whether its layer is compressed, as for a registry
 * @throws Error where compiling or fetching fails
 */
export const buildImage = async (target: string, compress = false): Promise<BuiltImage> => {
	const folder = await mkdtemp(join(tmpdir(), "bmc-rootfs-"));
	try {
		const created = creationTime();
		await makeRoot(TREE, folder, created);
		const version = programVersion();
		const name = `${REPOSITORY}:${version}`;
		const settings = imageSettings(version);
		const digest = await writeArchive({ root: folder, target, name, settings, created, compress });
		return { archive: target, name, digest, bytes: (await stat(target)).size };
	} finally {
		await rm(folder, { recursive: true, force: true });
	}
};

if (process.argv[1] === import.meta.filename) {
	const { archive, name, digest, bytes } = await buildImage(resolve("dist/image.tar"));
	process.stdout.write(`${archive}\n${name} ${digest}, ${Math.round(bytes / 1024 / 1024)} MiB\n`);
}
