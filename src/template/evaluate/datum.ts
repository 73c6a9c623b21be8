// What expressions evaluate to: the values of the variable tree, and the few that only exist while a template runs. Which Go
// type a value would have decides what may be done with it and how messages call it.
import { type SecretTransform, SecretValue, type Value } from "../value.ts";

/** An integer that Go would not hold as int64: a literal, a length or an index (`int`), a byte of a text (`uint8`). */
export class NativeInt {
	readonly value: bigint;
	readonly type: "int" | "uint8";

	constructor(value: bigint, type: "int" | "uint8" = "int") {
		this.value = value;
		this.type = type;
	}
}

/** One secret inside a text, and what is to be done to it at run time. */
export interface SecretPart {
	readonly secret: SecretValue;
	readonly transforms: readonly SecretTransform[];
}

/** A text that holds at least one secret: it can be printed, and little else. */
export class SecretText {
	readonly parts: readonly (string | SecretPart)[];

	constructor(parts: readonly (string | SecretPart)[]) {
		this.parts = parts;
	}

	/** The first secret in it, for messages. */
	get secret(): SecretValue {
		return (this.parts.find((part) => typeof part !== "string") as SecretPart).secret;
	}
}

/** What stands for a value that could not be evaluated: the error was recorded, whatever is made of it is silent. */
export const poison = Symbol("poison");

/**
 * `null` is a nil inside an interface, as found in maps and lists; `undefined` is Go's invalid value: what a null becomes
 * in a pipeline, and what `nil` is. They fail in different words.
 */
export type Datum = Value | undefined | NativeInt | SecretText | typeof poison;

/** A datum that was evaluated. */
export type Known = Exclude<Datum, typeof poison>;

/** A value with a name or a dot; `boxed`: Go sees it through an interface (elements of a list or map), and says so in errors. */
export interface Slot {
	readonly value: Datum;
	readonly boxed: boolean;
}

export function isMap(value: Datum): value is ReadonlyMap<string, Value> {
	return value instanceof Map;
}

export function isList(value: Datum): value is readonly Value[] {
	return Array.isArray(value);
}

export function isSecret(value: Datum): value is SecretValue | SecretText {
	return value instanceof SecretValue || value instanceof SecretText;
}

/** The secret that a datum is or holds as text. */
export function secretOf(value: SecretValue | SecretText): SecretValue {
	return value instanceof SecretText ? value.secret : value;
}

/** The integer that a datum is, whatever its Go type; else undefined. */
export function integerOf(value: Datum): bigint | undefined {
	if (typeof value === "bigint") return value;
	return value instanceof NativeInt ? value.value : undefined;
}

/** Go's name of the type of a value. */
export function typeName(value: Known): string {
	switch (typeof value) {
		case "string":
			return "string";
		case "bigint":
			return "int64";
		case "number":
			return "float64";
		case "boolean":
			return "bool";
	}
	if (value === null || value === undefined) return "interface {}";
	if (value instanceof NativeInt) return value.type;
	if (isSecret(value)) return "string";
	return isList(value) ? "[]interface {}" : "map[string]interface {}";
}

/** Go's truth: what is not the zero value of its type. A secret is present, therefore true. */
export function isTrue(value: Known): boolean {
	if (value instanceof NativeInt) return value.value !== 0n;
	if (isList(value)) return value.length > 0;
	if (isMap(value)) return value.size > 0;
	// NaN is not zero.
	return Boolean(value) || Number.isNaN(value);
}
