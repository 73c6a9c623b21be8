// What was published before: left alone where it is the same, and never replaced by another.

/**
 * @param name of the artifact, with its version
 * @param found digest of what is published under that name
 * @param wanted digest of what this release has
 * @throws Error where they differ
 */
export const refuseOther = (name: string, found: string, wanted: string): void => {
	if (found === wanted) return;
	throw new Error(`${name} exists with another content (${found}, not ${wanted}); release a new version`);
};
