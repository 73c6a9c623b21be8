// Secrets in the variable tree: the data keys of a Secret are dotted paths, and each becomes a reference, never a value.
import { SecretValue, type ValueMap } from "../../template/value.ts";
import { type Overlaid, overlay } from "./overlay.ts";

export { getPath, setPath } from "./tree.ts";

/** One data key of a Secret and the path that it sets. */
export interface SecretPath {
	/** Dotted, from the top: `Params.password`. */
	path: string;
	secretName: string;
	/** Data key; mostly the path itself. */
	key: string;
	/** The field that asked for it: `spec.varsSecretRef.importOnlyKeys[0]`. */
	fieldPath: string;
}

/** The segments of a dotted path; at least one, and empty ones stay. */
export const segmentsOf = (path: string): [string, ...string[]] => path.split(".") as [string, ...string[]];

/**
 * The tree with references to Secret keys over it.
 * @returns errors where paths collide with each other or with what vars hold, both named; where a path has an empty or
 * forbidden part. Of equal paths the last wins; an entry with an error is left out.
 */
export const overlaySecretPaths = (tree: ValueMap, entries: readonly SecretPath[]): Overlaid =>
	overlay(
		tree,
		entries.map(({ path, secretName, key, fieldPath }) => ({
			segments: segmentsOf(path),
			value: new SecretValue(path, secretName, key),
			source: `key "${key}" of Secret "${secretName}"`,
			fieldPath,
		})),
	);
