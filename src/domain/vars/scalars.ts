// YAML 1.2 core's own reading of scalars. Written here, and not taken from js-yaml's schema, because integers need all
// 64 bits, and because a user who typed `1.10` must be told that the script would get `1.1`.
import { magnitudeOf } from "../../template/magnitude.ts";
import type { Value } from "../../template/value.ts";
import { goFloat } from "./go-number.ts";

const NULL = /^(?:|~|null|Null|NULL)$/;
const BOOLEAN = /^(?:true|True|TRUE|false|False|FALSE)$/;
const DECIMAL = /^[-+]?[0-9]+$/;
const OCTAL_OR_HEXADECIMAL = /^0(?:o[0-7]+|x[0-9a-fA-F]+)$/;
const FLOAT = /^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$/;
const INFINITE = /^[-+]?\.(?:inf|Inf|INF)$/;
const NOT_A_NUMBER = /^\.(?:nan|NaN|NAN)$/;
const OLD_NUMBER = /^[-+]?(?:0b[01_]+|0x[0-9a-fA-F_]+|0o[0-7_]+|[0-9][0-9_]*(?:\.[0-9_]*)?(?:[eE][-+]?[0-9]+)?)$/;
const DATE = /^[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:(?:[Tt]|[ \t]+)[0-9]{1,2}:[0-9]{2}:[0-9]{2}.*)?$/;
const INT64_MAX = 2n ** 63n - 1n;
const INT64_MIN = -(2n ** 63n);

/** What a tag such as `!!int` makes of a text; undefined where the text is none of it. */
export type ScalarReader = (text: string) => Value | undefined;

const readNull: ScalarReader = (text) => (NULL.test(text) ? null : undefined);

const readBoolean: ScalarReader = (text) => (BOOLEAN.test(text) ? text.toLowerCase() === "true" : undefined);

/** Integers outside of int64 are none: Go would not hold them either, so they become floats, with a warning. */
const readInteger: ScalarReader = (text) => {
	if (!DECIMAL.test(text) && !OCTAL_OR_HEXADECIMAL.test(text)) return undefined;
	const magnitude = magnitudeOf(text.replace(/^[-+]/, ""));
	if (magnitude === undefined) return undefined;
	const value = text.startsWith("-") ? -magnitude : magnitude;
	return value >= INT64_MIN && value <= INT64_MAX ? value : undefined;
};

const readFloat: ScalarReader = (text) => {
	if (NOT_A_NUMBER.test(text)) return Number.NaN;
	if (INFINITE.test(text)) return text.startsWith("-") ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
	if (!FLOAT.test(text) && !OCTAL_OR_HEXADECIMAL.test(text)) return undefined;
	const value = Number(text);
	return Number.isFinite(value) ? value : undefined;
};

/** By tag, without the `tag:yaml.org,2002:` prefix. */
export const scalarReaders: ReadonlyMap<string, ScalarReader> = new Map([
	["str", (text: string): Value => text],
	["null", readNull],
	["bool", readBoolean],
	["int", readInteger],
	["float", readFloat],
]);

/**
 * The value of a plain scalar (unquoted, untagged) as YAML 1.2 core reads it, integers as BigInt:
 * https://yaml.org/spec/1.2.2/#103-core-schema
 */
export const plainValue = (text: string): Value => {
	for (const read of [readNull, readBoolean, readInteger, readFloat]) {
		const value = read(text);
		if (value !== undefined) return value;
	}
	return text;
};

/** What a script would get instead of what was typed. */
export type FormatSurprise = { printed: string } | { text: true };

/**
 * What is surprising about a plain scalar; undefined where a template prints exactly what was typed.
 * @returns `printed` where the script gets other characters; `text` where it gets the same ones, but they look like a
 * number or a date that YAML 1.1 readers (the original controller's among them) turn into something else
 */
export const formatSurprise = (text: string): FormatSurprise | undefined => {
	const value = plainValue(text);
	if (value === null) return undefined;
	if (typeof value === "string") return OLD_NUMBER.test(text) || DATE.test(text) ? { text: true } : undefined;
	const printed = typeof value === "number" ? goFloat(value) : String(value);
	return printed === text ? undefined : { printed };
};
