// The helpers that templates know from Sprig, under its names and with its behaviour.
import type { Budget } from "../evaluate/budget.ts";
import { integerOf, isList, isSecret, isTrue, type Known, type SecretText } from "../evaluate/datum.ts";
import { limits } from "../limits.ts";
import { goQuote } from "../quote.ts";
import type { SecretTransform } from "../value.ts";
import { plainText, transformSecret } from "./escape.ts";
import { FunctionError } from "./function.ts";
import { print } from "./printf.ts";
import { TextBuilder } from "./textbuilder.ts";

/** `default "x" .y`: the second unless it is empty; a secret never is. */
export function defaultTo([fallback, value]: readonly Known[]): Known {
	return isTrue(value as Known) ? value : fallback;
}

/** `required "why" .x`: an error with the given text when the value is null or an empty text. */
export function required([message, value]: readonly Known[]): Known {
	if (value === null || value === undefined || value === "") throw new FunctionError(plainText(message as Known));
	return value;
}

/** Each argument in double quotes, as Go's `%q`; nulls are left out. */
export function quote(values: readonly Known[], budget: Budget): string | SecretText {
	return quoteEach(values, budget, "quote", (text) => goQuote(text));
}

/** Each argument in single quotes, without escaping: for shells, use shellQuote. */
export function singleQuote(values: readonly Known[], budget: Budget): string | SecretText {
	return quoteEach(values, budget, "squote", (text) => `'${text}'`);
}

function quoteEach(
	values: readonly Known[],
	budget: Budget,
	transform: SecretTransform,
	apply: (text: string) => string,
): string | SecretText {
	const builder = new TextBuilder(budget);
	const present = values.filter((value) => value !== null && value !== undefined);
	for (const [index, value] of present.entries()) {
		if (index > 0) builder.add(" ");
		const text = print([value], budget);
		if (typeof text === "string") builder.add(apply(text));
		else builder.addSecret(transformSecret(text, transform));
	}
	return builder.finish();
}

/** Base64 of a text's bytes; of a secret, at run time. */
export function base64([value]: readonly Known[]): string | SecretText {
	return isSecret(value) ? transformSecret(value, "b64enc") : Buffer.from(value as string).toString("base64");
}

/** Go's ToUpper: character by character, so that no text grows ("ß" stays). */
export function upper([text]: readonly Known[]): string {
	const whole = (text as string).toUpperCase();
	if (whole.length === (text as string).length) return whole;
	return Array.from(text as string, (character) => {
		const changed = character.toUpperCase();
		return [...changed].length === 1 ? changed : character;
	}).join("");
}

/** Go's ToLower: character by character, so that no sigma knows that it is the last. */
export function lower([text]: readonly Known[]): string {
	if (!/[\u0130\u03a3]/.test(text as string)) return (text as string).toLowerCase();
	return Array.from(text as string, (character) => [...character.toLowerCase()][0]).join("");
}

/** Without white space at both ends. (A pattern such as `\s+$` would take quadratic time.) */
export function trim([value]: readonly Known[]): string {
	const text = value as string;
	let [start, end] = [0, text.length];
	while (start < end && isSpace(text.charAt(start))) start++;
	while (end > start && isSpace(text.charAt(end - 1))) end--;
	return text.slice(start, end);
}

function isSpace(character: string): boolean {
	return /\p{White_Space}/u.test(character);
}

/** `replace "old" "new" .text`: every occurrence. */
export function replace([old, replacement, text]: readonly Known[], budget: Budget): string {
	const pieces = (text as string).split(old === "" ? /(?:)/u : (old as string));
	const builder = new TextBuilder(budget);
	if (old === "") builder.add(replacement as string);
	for (const [index, piece] of pieces.entries()) {
		if (index > 0) builder.add(replacement as string);
		builder.add(piece);
	}
	if (old === "" && text !== "") builder.add(replacement as string);
	return builder.finish() as string;
}

/** `indent 4 .text`: spaces before every line. */
export function indent([spaces, text]: readonly Known[], budget: Budget): string {
	const builder = new TextBuilder(budget);
	const padding = spacesOf(spaces);
	for (const [index, line] of (text as string).split("\n").entries()) {
		if (index > 0) builder.add("\n");
		builder.add(padding);
		builder.add(line);
	}
	return builder.finish() as string;
}

function spacesOf(count: Known): string {
	const spaces = integerOf(count) as bigint;
	if (spaces < 0n) throw new FunctionError("strings: negative Repeat count");
	if (spaces > BigInt(limits.output)) throw new FunctionError("too many spaces");
	return " ".repeat(Number(spaces));
}

/** As indent, on a new line. */
export function newlineIndent(values: readonly Known[], budget: Budget): string {
	return `\n${indent(values, budget)}`;
}

/** `join ", " .list`: the elements printed, without the nulls. */
export function join([separator, list]: readonly Known[], budget: Budget): string {
	const elements = isList(list) ? list : [list as Known];
	const texts = elements.filter((element) => element !== null && element !== undefined);
	budget.spend(texts.length);
	const builder = new TextBuilder(budget);
	for (const [index, element] of texts.entries()) {
		if (index > 0) builder.add(separator as string);
		builder.add(plainText(print([element], budget)));
	}
	return builder.finish() as string;
}
