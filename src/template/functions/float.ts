// Go's strconv.FormatFloat for the formats e, f and g: JavaScript rounds ties and chooses exponents differently.
import { withoutTrailing } from "../../api/trim.ts";

/** A positive decimal number 0.d1d2d3… × 10^point. */
interface Decimal {
	readonly digits: string;
	readonly point: number;
}

export type FloatFormat = "e" | "f" | "g";

/**
 * Formats a float as Go does.
 * @param precision digits behind the point (e, f) or in all (g); undefined, for g only: as many as tell the number apart
 */
export function formatFloat(value: number, format: FloatFormat, precision?: number): string {
	if (Number.isNaN(value)) return "NaN";
	if (!Number.isFinite(value)) return value > 0 ? "+Inf" : "-Inf";
	const sign = value < 0 || Object.is(value, -0) ? "-" : "";
	return sign + formatMagnitude(Math.abs(value), format, precision);
}

function formatMagnitude(value: number, format: FloatFormat, precision: number | undefined): string {
	if (precision === undefined) return general(shortestDecimal(value), undefined);
	const exact = value === 0 ? { digits: "0", point: format === "f" ? 0 : 1 } : exactDecimal(value);
	if (format === "f") return plain(round(exact, exact.point + precision), precision);
	if (format === "e") return exponential(round(exact, precision + 1), precision);
	return general(round(exact, Math.max(precision, 1)), precision);
}

function general(decimal: Decimal, precision: number | undefined): string {
	const digits = withoutTrailing(decimal.digits, (digit) => digit === "0") || "0";
	const exponent = decimal.point - 1;
	if (exponent < -4 || exponent >= exponentFrom(digits.length, decimal.point, precision))
		return exponential({ ...decimal, digits }, digits.length - 1);
	return plain({ ...decimal, digits }, Math.max(digits.length - decimal.point, 0));
}

/** From which exponent on Go writes one. */
function exponentFrom(digits: number, point: number, precision: number | undefined): number {
	if (precision === undefined) return 6;
	return precision > digits && digits >= point ? digits : Math.max(precision, 1);
}

function exponential({ digits, point }: Decimal, precision: number): string {
	const exponent = digits === "0" ? 0 : point - 1;
	const fraction = digits.slice(1, precision + 1).padEnd(precision, "0");
	const power = String(Math.abs(exponent)).padStart(2, "0");
	return `${digits.charAt(0)}${fraction === "" ? "" : `.${fraction}`}e${exponent < 0 ? "-" : "+"}${power}`;
}

function plain({ digits, point }: Decimal, precision: number): string {
	const whole = point > 0 ? digits.slice(0, point).padEnd(point, "0") : "0";
	const fraction = ("0".repeat(Math.max(-point, 0)) + digits.slice(Math.max(point, 0))).slice(0, precision);
	return precision === 0 ? whole : `${whole}.${fraction.padEnd(precision, "0")}`;
}

function shortestDecimal(value: number): Decimal {
	const [mantissa, exponent] = value.toExponential().split("e") as [string, string];
	return { digits: mantissa.replace(".", ""), point: value === 0 ? 1 : Number(exponent) + 1 };
}

/** Every digit of a binary fraction: it is finite. */
function exactDecimal(value: number): Decimal {
	let numerator = value;
	let places = 0;
	while (!Number.isInteger(numerator)) {
		numerator *= 2;
		places++;
	}
	// value = numerator / 2^places = numerator * 5^places / 10^places
	const digits = String(BigInt(numerator) * 5n ** BigInt(places));
	return { digits, point: digits.length - places };
}

/** Rounds to `count` digits, ties to even, as strconv does. */
function round({ digits, point }: Decimal, count: number): Decimal {
	if (count < 0) return { digits: "0", point: 0 };
	if (count >= digits.length) return { digits, point };
	const kept = digits.slice(0, count);
	if (!roundsUp(digits, count)) return kept === "" ? { digits: "0", point: 0 } : { digits: kept, point };
	const raised = String(BigInt(kept || "0") + 1n).padStart(count, "0");
	return { digits: raised, point: point + raised.length - count };
}

function roundsUp(digits: string, count: number): boolean {
	const next = Number(digits.charAt(count));
	if (next !== 5 || /[1-9]/.test(digits.slice(count + 1))) return next >= 5;
	return Number(digits.charAt(count - 1)) % 2 === 1;
}
