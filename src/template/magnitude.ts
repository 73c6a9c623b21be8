// Whole numbers of users. BigInt takes more than linear time for the digits of a megabyte, none of which fits in 64 bits.

/** Digits of the largest 64-bit number in the smallest base. */
const MOST_DIGITS = 64;

/**
 * The value of digits without a sign, with `0x`, `0o`, `0b` or no prefix.
 * @returns undefined where there are more significant digits than 64 bits can hold in any base
 */
export const magnitudeOf = (digits: string): bigint | undefined => {
	const [, prefix = "", significant = ""] = /^(0[xXoObB])?0*(.*)/.exec(digits) as RegExpExecArray;
	if (significant.length > MOST_DIGITS) return undefined;
	return significant === "" ? 0n : BigInt(`${prefix}${significant}`);
};
