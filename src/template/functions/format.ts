// Go's fmt for the values that templates have: one value under one verb. Where fmt would print a complaint into the output
// (`%!d(string=x)`), this is an error: a complaint inside a backup script helps nobody.
import {
	integerOf,
	isList,
	isMap,
	isSecret,
	type Known,
	type NativeInt,
	type SecretText,
	secretOf,
	typeName,
} from "../evaluate/datum.ts";
import { goQuote, goQuoteCharacter, isPrintable } from "../quote.ts";
import type { SecretValue } from "../value.ts";
import { type FloatFormat, formatFloat } from "./float.ts";
import { FunctionError, secretRefusal } from "./function.ts";
import type { TextBuilder } from "./textbuilder.ts";

/** One `%` of a format: flags, width, precision and verb. */
export interface Directive {
	readonly verb: string;
	readonly flags: string;
	readonly width: number | undefined;
	readonly precision: number | undefined;
}

export const plainDirective: Directive = { verb: "v", flags: "", width: undefined, precision: undefined };

/** Adds `value` to `builder` the way `fmt` prints it. */
export function formatValue(builder: TextBuilder, value: Known, directive: Directive): void {
	if (typeof value === "string" && directive === plainDirective) builder.add(value);
	else if (directive.verb === "T") builder.add(padText(typeName(value), directive));
	else if (value === null || value === undefined) throw new FunctionError("null cannot be printed");
	else if (isSecret(value)) formatSecret(builder, value, directive);
	else if (isList(value)) formatList(builder, value, directive);
	else if (isMap(value)) formatMap(builder, value, directive);
	else builder.add(formatScalar(value, directive));
}

/** A value printed as `{{.}}` prints it. */
export function printTo(builder: TextBuilder, value: Known): void {
	formatValue(builder, value, plainDirective);
}

function formatSecret(builder: TextBuilder, value: SecretValue | SecretText, directive: Directive): void {
	const { verb, flags, width, precision } = directive;
	const plain = (verb === "v" || verb === "s") && flags === "" && width === undefined && precision === undefined;
	if (!plain) throw secretRefusal(secretOf(value).path);
	builder.addSecret(value);
}

function formatList(builder: TextBuilder, list: readonly Known[], directive: Directive): void {
	builder.add("[");
	for (const [index, element] of list.entries()) {
		if (index > 0) builder.add(" ");
		formatValue(builder, element, directive);
	}
	builder.add("]");
}

function formatMap(builder: TextBuilder, map: ReadonlyMap<string, Known>, directive: Directive): void {
	builder.add("map[");
	for (const [index, key] of sortedKeys(map).entries()) {
		if (index > 0) builder.add(" ");
		formatValue(builder, key, directive);
		builder.add(":");
		formatValue(builder, map.get(key), directive);
	}
	builder.add("]");
}

/** Keys in Go's order: by their bytes, which is the order of their code points. */
export function sortedKeys(map: ReadonlyMap<string, unknown>): string[] {
	return [...map.keys()].sort(compareText);
}

/** Compares as Go does, by bytes; UTF-16 puts what is beyond the basic plane before U+E000. */
export function compareText(left: string, right: string): number {
	if (left === right) return 0;
	const plain = !/[\ud800-\uffff]/.test(left) || !/[\ud800-\uffff]/.test(right);
	if (plain) return left < right ? -1 : 1;
	return Buffer.compare(Buffer.from(left), Buffer.from(right));
}

type Scalar = string | boolean | bigint | number | NativeInt;

function formatScalar(value: Scalar, directive: Directive): string {
	const text = scalarText(value, directive);
	if (text === undefined) throw new FunctionError(`%${directive.verb} cannot print a value of type ${typeName(value)}`);
	return text;
}

function scalarText(value: Scalar, directive: Directive): string | undefined {
	if (typeof value === "string") return formatText(value, directive);
	if (typeof value === "boolean") return formatBoolean(value, directive);
	if (typeof value === "number") return formatNumber(value, directive);
	return formatInteger(integerOf(value) as bigint, directive);
}

function formatBoolean(value: boolean, directive: Directive): string | undefined {
	return directive.verb === "v" || directive.verb === "t" ? padText(String(value), directive) : undefined;
}

function formatText(value: string, directive: Directive): string | undefined {
	const { verb, precision, flags } = directive;
	const cut = precision === undefined ? value : [...value].slice(0, precision).join("");
	if (verb === "v" || verb === "s") return padText(cut, directive);
	if (verb === "q") return padText(quoted(cut, flags), directive);
	if (verb !== "x" && verb !== "X") return undefined;
	const bytes = Buffer.from(value).subarray(0, precision);
	return padText(hexBytes([...bytes], directive), directive);
}

function quoted(text: string, flags: string): string {
	const raw = flags.includes("#") && !/[\0-\x08\n-\x1f\x7f`\ufeff]/.test(text);
	return raw ? `\`${text}\`` : goQuote(text, flags.includes("+"));
}

function hexBytes(bytes: readonly number[], { verb, flags }: Directive): string {
	const prefix = flags.includes("#") ? "0x" : "";
	const words = bytes.map((byte) => byte.toString(16).padStart(2, "0"));
	const joined = flags.includes(" ") ? words.map((word) => prefix + word).join(" ") : prefix + words.join("");
	const text = bytes.length === 0 ? "" : joined;
	return verb === "X" ? text.toUpperCase() : text;
}

const bases: Readonly<Record<string, number>> = { v: 10, d: 10, b: 2, o: 8, O: 8, x: 16, X: 16 };
const prefixes: Readonly<Record<number, string>> = { 2: "0b", 8: "0", 10: "", 16: "0x" };

function formatInteger(value: bigint, directive: Directive): string | undefined {
	const { verb, flags, precision } = directive;
	if (verb === "c" || verb === "q" || verb === "U") return formatCharacter(value, directive);
	const base = bases[verb];
	if (base === undefined) return undefined;
	if (precision === 0 && value === 0n) return " ".repeat(directive.width ?? 0);
	const magnitude = (value < 0n ? -value : value).toString(base);
	const sign = signOf(value < 0n, flags);
	const digits = magnitude.padStart(leastDigits(directive, sign), "0");
	const prefix = verb === "O" ? "0o" : flags.includes("#") ? basePrefix(base, digits) : "";
	const text = prefix + digits;
	return padSpaces(sign + (verb === "X" ? text.toUpperCase() : text), directive);
}

function basePrefix(base: number, digits: string): string {
	return base === 8 && digits.startsWith("0") ? "" : (prefixes[base] as string);
}

function leastDigits({ flags, width, precision }: Directive, sign: string): number {
	if (precision !== undefined) return precision;
	return flags.includes("0") && !flags.includes("-") ? (width ?? 0) - sign.length : 0;
}

function signOf(negative: boolean, flags: string): string {
	if (negative) return "-";
	if (flags.includes("+")) return "+";
	return flags.includes(" ") ? " " : "";
}

function formatCharacter(value: bigint, directive: Directive): string {
	const valid = value >= 0n && value <= 0x10ffffn && !(value >= 0xd800n && value <= 0xdfffn);
	const character = valid ? String.fromCodePoint(Number(value)) : "\ufffd";
	if (directive.verb === "c") return padText(character, directive);
	if (directive.verb === "q") return padText(goQuoteCharacter(character, directive.flags.includes("+")), directive);
	const code = BigInt.asUintN(64, value)
		.toString(16)
		.toUpperCase()
		.padStart(Math.max(directive.precision ?? 0, 4), "0");
	const shown = directive.flags.includes("#") && valid && isPrintable(character) ? ` '${character}'` : "";
	return padSpaces(`U+${code}${shown}`, directive);
}

const floatFormats: Readonly<Record<string, FloatFormat>> = { v: "g", g: "g", G: "g", e: "e", E: "e", f: "f", F: "f" };

function formatNumber(value: number, directive: Directive): string | undefined {
	const { verb, flags, width = 0 } = directive;
	const format = floatFormats[verb];
	if (format === undefined || flags.includes("#")) return undefined;
	const text = formatFloat(value, format, directive.precision ?? (format === "g" ? undefined : 6));
	const magnitude = text.replace(/^[+-]/, "");
	if (!Number.isFinite(value)) return padSpaces(specialNumber(text, flags), directive);
	const sign = signOf(text.startsWith("-"), flags);
	const zeros = flags.includes("0") && !flags.includes("-") ? width - sign.length : 0;
	const shown = sign + magnitude.padStart(zeros, "0");
	return padSpaces(verb === "G" || verb === "E" ? shown.toUpperCase() : shown, directive);
}

function specialNumber(text: string, flags: string): string {
	if (text === "-Inf") return text;
	const sign = signOf(false, flags) || (text === "NaN" ? "" : "+");
	return sign + text.replace("+", "");
}

function padText(text: string, directive: Directive): string {
	const zeros = directive.flags.includes("0") && !directive.flags.includes("-");
	return pad(text, directive, zeros ? "0" : " ");
}

function padSpaces(text: string, directive: Directive): string {
	return pad(text, directive, " ");
}

function pad(text: string, { width, flags }: Directive, filler: string): string {
	if (width === undefined) return text;
	const missing = Math.max(width - [...text].length, 0);
	return flags.includes("-") ? text + " ".repeat(missing) : filler.repeat(missing) + text;
}
