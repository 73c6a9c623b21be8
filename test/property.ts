// fast-check with a seed from outside: the gate fixes it, so that a green gate stays green and a red one can be repeated.
// By hand the seed is a new one each time, and a failure prints it.
import fc from "fast-check";

/** The variable that holds the seed, an integer. */
export const SEED = "FAST_CHECK_SEED";

const given = process.env[SEED];
if (given !== undefined) {
	const seed = Number(given);
	if (!Number.isSafeInteger(seed)) throw new Error(`${SEED}: "${given}" is not an integer`);
	fc.configureGlobal({ ...fc.readConfigureGlobal(), seed });
}

export default fc;
