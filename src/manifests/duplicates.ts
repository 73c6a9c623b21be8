// Objects that the given files define more than once: kubectl applies both manifests, and the later one overwrites the earlier
// one without a message.
import { quoted } from "../api/messages.ts";
import type { Problem } from "../domain/report.ts";
import type { Manifest } from "./documents.ts";
import { identityKey } from "./identity.ts";

const NAME = "metadata.name";

/** For each manifest that defines an object again, the manifest that defines it first. */
export type Duplicates = ReadonlyMap<Manifest, Manifest>;

/** @param manifests in the order in which they were given */
export const findDuplicates = (manifests: readonly Manifest[]): Duplicates => {
	const firsts = new Map<string, Manifest>();
	const found = new Map<Manifest, Manifest>();
	for (const manifest of manifests) {
		const key = identityKey(manifest.object);
		if (key === undefined) continue;
		const first = firsts.get(key);
		if (first === undefined) firsts.set(key, manifest);
		else found.set(manifest, first);
	}
	return found;
};

/**
 * The error about a manifest that defines an object again, with the place of the first definition.
 * @param hint what to do beside deleting or renaming one of the two
 * @returns no problem where the manifest is not a duplicate
 */
export const duplicateProblems = (manifest: Manifest, duplicates: Duplicates, hint = ""): Problem[] => {
	const first = duplicates.get(manifest);
	if (first === undefined) return [];
	const message = `Duplicate value: ${quoted(manifest.object.metadata?.name)}: first defined in ${first.file}:${first.lineOf(NAME)}`;
	return [{ path: NAME, reason: "FieldValueDuplicate", message, hint: `delete or rename one of the two${hint}` }];
};
