// How Go prints a float64 with %v: scripts were written for Go templates, and `1e6` must come out as it did there.

const SMALLEST_PLAIN_EXPONENT = -4;
const LARGEST_PLAIN_EXPONENT = 5;

/**
 * The text that Go's `fmt.Print` gives a float64: the shortest digits that round-trip, with an exponent (of at least two
 * digits) where that is below -4 or above 5: a million is `1e+06` (strconv's format `g` with the shortest precision).
 */
export const goFloat = (value: number): string => {
	if (Number.isNaN(value)) return "NaN";
	if (!Number.isFinite(value)) return value > 0 ? "+Inf" : "-Inf";
	if (value === 0) return Object.is(value, -0) ? "-0" : "0";
	const [digits, exponent] = value.toExponential().split("e") as [string, string];
	const power = Number(exponent);
	if (power >= SMALLEST_PLAIN_EXPONENT && power <= LARGEST_PLAIN_EXPONENT) return String(value);
	const padded = String(Math.abs(power)).padStart(2, "0");
	return `${digits}e${power < 0 ? "-" : "+"}${padded}`;
};
