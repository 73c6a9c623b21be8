// The CRDs of this program, as the files of `crds/` have them, and how they get into a cluster.
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { loadAll } from "js-yaml";
import type { Kube } from "../kube/port.ts";
import type { CustomResourceDefinition } from "./resources.ts";
import { CUSTOM_RESOURCE_DEFINITION } from "./resources.ts";

/** How often to look whether a CRD is served, and for how long. */
const INTERVAL_MILLISECONDS = 100;
const PATIENCE_MILLISECONDS = 30_000;

/** All CRDs of a folder, in the order of the file names. Errors: those of the file system and of YAML. */
export const readDefinitions = async (folder: string): Promise<CustomResourceDefinition[]> => {
	const files = (await readdir(folder)).filter((file) => file.endsWith(".yaml")).sort();
	const texts = await Promise.all(files.map((file) => readFile(join(folder, file), "utf8")));
	return texts.flatMap((text) => loadAll(text) as CustomResourceDefinition[]);
};

const isEstablished = (definition: CustomResourceDefinition): boolean =>
	definition.status?.conditions?.some(({ type, status }) => type === "Established" && status === "True") ?? false;

/** Resolves when the API server serves the kind. */
const waitUntilEstablished = async (
	kube: Pick<Kube, "get">,
	name: string,
	pause: (milliseconds: number) => Promise<void>,
): Promise<void> => {
	for (let waited = 0; waited < PATIENCE_MILLISECONDS; waited += INTERVAL_MILLISECONDS) {
		if (isEstablished(await kube.get(CUSTOM_RESOURCE_DEFINITION, { name }))) return;
		await pause(INTERVAL_MILLISECONDS);
	}
	throw new Error(`the API server did not establish the CustomResourceDefinition ${name} within 30 s`);
};

/**
 * Applies the CRDs and waits until their kinds are served.
 * Errors: those of the port, and an Error where a kind is not served within 30 s.
 */
export const installDefinitions = async (
	kube: Pick<Kube, "apply" | "get">,
	definitions: readonly CustomResourceDefinition[],
	pause: (milliseconds: number) => Promise<void>,
): Promise<void> => {
	await Promise.all(
		definitions.map(async (definition) => {
			await kube.apply(CUSTOM_RESOURCE_DEFINITION, definition);
			await waitUntilEstablished(kube, definition.metadata?.name ?? "", pause);
		}),
	);
};
