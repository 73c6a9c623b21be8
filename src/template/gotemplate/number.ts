// Number literals of Go templates: what Go's untyped constants become, without complex numbers, which no script needs.
import { magnitudeOf } from "../magnitude.ts";
import { goQuote, goUnquoteCharacter } from "../quote.ts";

const largest = 2n ** 63n;
const integer = /^[+-]?(?:0[xX](?:_?[0-9a-fA-F])+|0[bB](?:_?[01])+|0[oO]?(?:_?[0-7])+|[1-9](?:_?[0-9])*|0)$/;
/** The digits before and behind the point are told apart by the point: without one, all of them would be both. */
const float = /^[+-]?(?:[0-9](?:_?[0-9])*)?(?:\.(?:[0-9](?:_?[0-9])*)?)?(?:[eE][+-]?[0-9](?:_?[0-9])*)?$/;
const hexFloat = /^([+-]?)0[xX]([0-9a-fA-F_]*)(?:\.([0-9a-fA-F_]*))?[pP]([+-]?[0-9]+)$/;

export interface NumberLiteral {
	value: bigint | number;
	integer: bigint | undefined;
}

/** Reads a character constant, its quotes included, as the integer that it is; a text is Go's error message. */
export function readCharacter(text: string): NumberLiteral | string {
	const code = goUnquoteCharacter(text.slice(1, -1));
	if (code === "malformed") return `malformed character constant: ${text}`;
	return typeof code === "string" ? code : { value: BigInt(code), integer: BigInt(code) };
}

/** Reads an integer or a float as Go does; a text is Go's error message. */
export function readNumber(text: string): NumberLiteral | string {
	if (text.endsWith("i")) return "complex numbers are not supported";
	if (integer.test(text)) return readInteger(text);
	const value = readFloat(text);
	if (value === undefined || !Number.isFinite(value)) return `illegal number syntax: ${goQuote(text)}`;
	if (!/[.eEpP]/.test(text)) return `integer overflow: ${goQuote(text)}`;
	const whole = Number.isInteger(value) && BigInt(value) < largest && BigInt(value) >= -largest;
	return { value, integer: whole ? BigInt(value) : undefined };
}

function readInteger(text: string): NumberLiteral | string {
	const digits = text.replaceAll("_", "").replace(/^[+-]/, "");
	const magnitude = magnitudeOf(/^0[0-7]+$/.test(digits) ? `0o${digits}` : digits);
	if (magnitude === undefined) return `integer overflow: ${goQuote(text)}`;
	const value = text.startsWith("-") ? -magnitude : magnitude;
	if (value >= -largest && value < largest) return { value, integer: value };
	// Go keeps such a constant as unsigned and refuses it only when it is used; nothing can be done with it either way.
	return value > 0 && value < 2n * largest && !/^[+-]/.test(text)
		? `${text} overflows int`
		: `integer overflow: ${goQuote(text)}`;
}

function readFloat(text: string): number | undefined {
	const hex = hexFloat.exec(text);
	if (hex !== null) return readHexFloat(hex);
	return float.test(text) && /[0-9]/.test(text) ? Number(text.replaceAll("_", "")) : undefined;
}

function readHexFloat([, sign, whole, fraction = "", exponent]: RegExpExecArray): number | undefined {
	const digits = `${whole}${fraction}`.replaceAll("_", "");
	if (digits === "" || digits.length > 13) return undefined;
	const places = fraction.replaceAll("_", "").length * 4;
	const value = Number.parseInt(digits, 16) * 2 ** (Number(exponent) - places);
	return sign === "-" ? -value : value;
}
