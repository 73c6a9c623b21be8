// `node release/publish/registry.ts --from dist/release --registry ghcr.io/riotkit-org`: pushes image and chart. A version that
// is already there is left alone where it is the same, and never replaced by another.
import { utimes } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { runProgram } from "../../image/program.ts";
import { findCrane, findHelm } from "../../test/cluster/binaries.ts";
import { sha256Of, verifyChecksums } from "../checksums.ts";
import { type Release, readRelease } from "../description.ts";
import { refuseOther } from "../existing.ts";
import { withLayout } from "../layout.ts";

const NAME = "backup-maker-controller";

export interface RegistryOptions {
	/** The folder that `release/build.ts` filled. */
	from: string;
	/** `HOST/OWNER` */
	registry: string;
	/** For a registry on a loopback address: HTTP without TLS. */
	plainHttp: boolean;
	/** Paths of the programs. */
	crane: string;
	helm: string;
	/** Called for each artifact. */
	report(line: string): void;
}

/** What was pushed: names without a tag, digests `sha256:…`. */
export interface Published {
	image: string;
	imageDigest: string;
	/** The path of its list of contents. */
	imageSbom: string;
	chart: string;
	chartDigest: string;
}

/** What registries answer for a name or a tag that does not exist (Distribution specification, "Error Codes"). */
const ABSENT = /MANIFEST_UNKNOWN|NAME_UNKNOWN|\b404\b/;

interface Manifest {
	layers: { digest: string }[];
}

/** The manifest behind a reference; undefined where the registry has none. @throws Error where it does not answer */
const findManifest = async (crane: string, reference: string): Promise<Manifest | undefined> => {
	try {
		return JSON.parse(await runProgram(crane, ["manifest", reference])) as Manifest;
	} catch (error) {
		if (ABSENT.test((error as Error).message)) return undefined;
		throw error;
	}
};

const digestOf = async (crane: string, reference: string): Promise<string> =>
	(await runProgram(crane, ["digest", reference])).trim();

/** Out: the digest of the manifest. */
const pushImage = async ({ from, crane, report }: RegistryOptions, release: Release, name: string): Promise<string> => {
	const reference = `${name}:${release.version}`;
	if ((await findManifest(crane, reference)) === undefined) {
		await withLayout(join(from, release.image.file), (layout) => runProgram(crane, ["push", layout, reference]));
		report(`pushed ${reference}`);
	} else report(`already there: ${reference}`);
	const digest = await digestOf(crane, reference);
	refuseOther(reference, digest, release.image.digest);
	return digest;
};

/** Out: the digest of the manifest, which holds the chart as its one layer (https://helm.sh/docs/topics/registries/). */
const pushChart = async (options: RegistryOptions, release: Release, name: string): Promise<string> => {
	const { from, registry, crane, helm, report } = options;
	const file = join(from, release.chart.file);
	const reference = `${name}:${release.version}`;
	const found = await findManifest(crane, reference);
	if (found === undefined) {
		// A copy of the file has lost its time, which `helm push` writes into the manifest.
		await utimes(file, release.epoch, release.epoch);
		const flags = options.plainHttp ? ["--plain-http"] : [];
		await runProgram(helm, ["push", file, `oci://${registry}/charts`, ...flags]);
		report(`pushed ${reference}`);
	} else {
		refuseOther(reference, found.layers[0]?.digest ?? "", `sha256:${await sha256Of(file)}`);
		report(`already there: ${reference}`);
	}
	return digestOf(crane, reference);
};

/**
 * Pushes what is not there yet.
 * @throws Error where a checksum does not match, a version exists with another content, or the registry refuses
 */
export const publishToRegistry = async (options: RegistryOptions): Promise<Published> => {
	const release = await readRelease(options.from);
	await verifyChecksums(options.from, release.checksums);
	const image = `${options.registry}/${NAME}`;
	const chart = `${options.registry}/charts/${NAME}`;
	const imageDigest = await pushImage(options, release, image);
	const chartDigest = await pushChart(options, release, chart);
	return { image, imageDigest, imageSbom: join(options.from, release.image.sbom), chart, chartDigest };
};

if (process.argv[1] === import.meta.filename) {
	const { values } = parseArgs({
		options: {
			from: { type: "string", default: "dist/release" },
			registry: { type: "string", default: "ghcr.io/riotkit-org" },
			"plain-http": { type: "boolean", default: false },
		},
	});
	const { from, registry, "plain-http": plainHttp } = values;
	const programs = { crane: await findCrane(), helm: await findHelm() };
	const report = (line: string): boolean => process.stderr.write(`${line}\n`);
	const published = await publishToRegistry({ from, registry, plainHttp, ...programs, report });
	// The form of GITHUB_OUTPUT, which the workflow appends this to.
	process.stdout.write(`image=${published.image}\nimage-digest=${published.imageDigest}\n`);
	process.stdout.write(`image-sbom=${published.imageSbom}\n`);
	process.stdout.write(`chart=${published.chart}\nchart-digest=${published.chartDigest}\n`);
}
