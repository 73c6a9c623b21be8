// An OCI image without an engine: one layer of a folder, written as the archive that `ctr images import`, `docker load`
// (25 and newer), `podman load` and `skopeo` read. https://github.com/opencontainers/image-spec/blob/main/image-layout.md
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdir, mkdtemp, rename, rm, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { pipeline } from "node:stream/promises";
import { runProgram } from "./program.ts";

/** What a container of the image runs as. */
export interface ImageSettings {
	user: string;
	workingDirectory: string;
	entrypoint: readonly string[];
	command: readonly string[];
	environment: Readonly<Record<string, string>>;
	labels: Readonly<Record<string, string>>;
	exposedPorts: readonly number[];
}

export interface ArchiveOptions {
	/** Folder that becomes the root file system. */
	root: string;
	/** File to write. */
	target: string;
	/** `registry/repository:tag` */
	name: string;
	settings: ImageSettings;
	/** When the image counts as made; also the time of every file in it. */
	created: Date;
	/** False: every file belongs to root. */
	keepOwners?: boolean;
	/** True for a registry, where the layer is downloaded; false for a loader on this machine, which is faster without. */
	compress?: boolean;
}

const ARCHITECTURES: Readonly<Record<string, string>> = { x64: "amd64", arm64: "arm64" };
const PLATFORM = { os: "linux", architecture: ARCHITECTURES[process.arch] ?? process.arch };

interface Descriptor {
	mediaType: string;
	digest: string;
	size: number;
}

const sha256Of = async (path: string): Promise<string> => {
	const hash = createHash("sha256");
	await pipeline(createReadStream(path, { highWaterMark: 1 << 20 }), hash);
	return hash.digest("hex");
};

const addBlob = async (folder: string, file: string, mediaType: string): Promise<Descriptor> => {
	const [digest, { size }] = await Promise.all([sha256Of(file), stat(file)]);
	await rename(file, join(folder, "blobs", "sha256", digest));
	return { mediaType, digest: `sha256:${digest}`, size };
};

const addJson = async (folder: string, content: object, mediaType: string): Promise<Descriptor> => {
	const file = join(folder, "json");
	await writeFile(file, JSON.stringify(content));
	return addBlob(folder, file, mediaType);
};

const ROOT_OWNS = ["--owner=0", "--group=0"];

/** The same folder always gives the same bytes: sorted, one time, no names of users. */
const stable = (created: Date): string[] => {
	const time = `--mtime=@${Math.floor(created.getTime() / 1000)}`;
	return ["--sort=name", time, "--numeric-owner", "--format=gnu"];
};

const packLayer = async ({ root, created, keepOwners }: ArchiveOptions, target: string): Promise<void> => {
	const owners = keepOwners === true ? [] : ROOT_OWNS;
	await runProgram("tar", [...stable(created), ...owners, "-C", root, "-cf", target, "."]);
};

/** `-n`: gzip writes neither name nor time, so that the same layer gives the same bytes. */
const compressLayer = async (folder: string, layer: Descriptor): Promise<Descriptor> => {
	const file = join(folder, "blobs", layer.digest.replace(":", "/"));
	await runProgram("gzip", ["-n", "-6", file]);
	return addBlob(folder, `${file}.gz`, `${layer.mediaType}+gzip`);
};

/** @param content the layer before it is compressed: a configuration names layers by that */
const configOf = ({ settings, created }: ArchiveOptions, content: Descriptor): object => ({
	created: created.toISOString(),
	...PLATFORM,
	config: {
		User: settings.user,
		WorkingDir: settings.workingDirectory,
		Entrypoint: settings.entrypoint,
		Cmd: settings.command,
		Env: Object.entries(settings.environment).map(([name, value]) => `${name}=${value}`),
		Labels: settings.labels,
		ExposedPorts: Object.fromEntries(settings.exposedPorts.map((port) => [`${port}/tcp`, {}])),
	},
	rootfs: { type: "layers", diff_ids: [content.digest] },
	history: [{ created: created.toISOString(), created_by: "image/build.ts" }],
});

/** Names under which loaders know the image: containerd's, and the tag alone for the others. */
const annotationsOf = (name: string): Record<string, string> => ({
	"io.containerd.image.name": name,
	"org.opencontainers.image.ref.name": name.slice(name.lastIndexOf(":") + 1),
});

/**
 * Writes the archive.
 * Out: the digest of the manifest, `sha256:…`.
 * @throws Error where tar fails
 */
export const writeArchive = async (options: ArchiveOptions): Promise<string> => {
	await mkdir(dirname(options.target), { recursive: true });
	const folder = await mkdtemp(`${options.target}.`);
	try {
		await mkdir(join(folder, "blobs", "sha256"), { recursive: true });
		const layerFile = join(folder, "layer.tar");
		await packLayer(options, layerFile);
		const plain = await addBlob(folder, layerFile, "application/vnd.oci.image.layer.v1.tar");
		const config = await addJson(folder, configOf(options, plain), "application/vnd.oci.image.config.v1+json");
		const layer = options.compress === true ? await compressLayer(folder, plain) : plain;
		const manifestType = "application/vnd.oci.image.manifest.v1+json";
		const content = { schemaVersion: 2, mediaType: manifestType, config, layers: [layer] };
		const manifest = await addJson(folder, content, manifestType);
		const listed = { ...manifest, platform: PLATFORM, annotations: annotationsOf(options.name) };
		await writeFile(join(folder, "oci-layout"), JSON.stringify({ imageLayoutVersion: "1.0.0" }));
		await writeFile(join(folder, "index.json"), JSON.stringify({ schemaVersion: 2, manifests: [listed] }));
		const packed = `${folder}.tar`;
		const parts = ["oci-layout", "index.json", "blobs"];
		await runProgram("tar", [...stable(options.created), ...ROOT_OWNS, "-C", folder, "-cf", packed, ...parts]);
		await rename(packed, options.target);
		return manifest.digest;
	} finally {
		await rm(folder, { recursive: true, force: true });
	}
};
