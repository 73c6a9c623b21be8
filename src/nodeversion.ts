// The Node.js that the program needs. An older one runs some commands and ends in others with an error of a package, so the
// program says what it needs before it does anything.

/** The oldest version that the program runs on, because undici requires it. `engines` in package.json says the same. */
export const OLDEST_NODE = "22.19.0";

const numbersOf = (version: string): number[] => version.split(".").map((part) => Number.parseInt(part, 10));

/**
 * What a person is told whose Node.js is too old; undefined where it is not.
 * @param version as in `process.versions.node`: `22.19.0`
 */
export const nodeProblem = (version: string): string | undefined => {
	const [found, needed] = [numbersOf(version), numbersOf(OLDEST_NODE)];
	const index = needed.findIndex((number, position) => found[position] !== number);
	if (index < 0 || (found[index] ?? 0) > (needed[index] ?? 0)) return undefined;
	return `bmc needs Node.js ${OLDEST_NODE} or newer; this is ${version}`;
};
