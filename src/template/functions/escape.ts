// html, js, urlquery and the quoting of shells: texts made safe for where they are put.
import type { Budget } from "../evaluate/budget.ts";
import { isSecret, type Known, SecretText } from "../evaluate/datum.ts";
import { isPrintable } from "../quote.ts";
import type { SecretTransform, SecretValue } from "../value.ts";
import { secretRefusal } from "./function.ts";
import { print } from "./printf.ts";

const htmlCharacters: Readonly<Record<string, string>> = {
	"\0": "\ufffd",
	'"': "&#34;",
	"'": "&#39;",
	"&": "&amp;",
	"<": "&lt;",
	">": "&gt;",
};

const jsCharacters: Readonly<Record<string, string>> = {
	"\\": "\\\\",
	"'": "\\'",
	'"': '\\"',
	"<": "\\u003C",
	">": "\\u003E",
	"&": "\\u0026",
	"=": "\\u003D",
};

/** Go's HTMLEscaper: of all arguments, printed. */
export function html(values: readonly Known[], budget: Budget): string {
	return plainText(print(values, budget)).replace(/[\0"'&<>]/g, (character) => htmlCharacters[character] as string);
}

/** Go's JSEscaper. */
export function js(values: readonly Known[], budget: Budget): string {
	return plainText(print(values, budget)).replace(/[\\'"<>&=\0-\x1f\x80-\u{10ffff}]/gu, escapeForScript);
}

function escapeForScript(character: string): string {
	const known = jsCharacters[character];
	if (known !== undefined) return known;
	if (isPrintable(character)) return character;
	return `\\u${(character.codePointAt(0) as number).toString(16).toUpperCase().padStart(4, "0")}`;
}

/** Go's url.QueryEscape of all arguments, printed; of a secret, at run time. */
export function urlQuery(values: readonly Known[], budget: Budget): string | SecretText {
	return eachPart(print(values, budget), "urlquery", urlQueryText);
}

function urlQueryText(text: string): string {
	return encodeURIComponent(text.toWellFormed())
		.replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`)
		.replaceAll("%20", "+");
}

/** One word of a shell command, whatever is in it; of a secret, at run time. */
export function shellQuote(values: readonly Known[], budget: Budget): string | SecretText {
	return eachPart(print(values, budget), "shellQuote", shellQuoteText);
}

function shellQuoteText(text: string): string {
	return `'${text.replaceAll("'", "'\\''")}'`;
}

/** Applies a transformation that may be applied to the parts of a text one by one. */
function eachPart(
	text: string | SecretText,
	transform: SecretTransform,
	apply: (text: string) => string,
): string | SecretText {
	if (typeof text === "string") return apply(text);
	return new SecretText(
		text.parts.map((part) =>
			typeof part === "string" ? apply(part) : { secret: part.secret, transforms: [...part.transforms, transform] },
		),
	);
}

/**
 * Marks a secret to be transformed at run time as a whole.
 * @throws FunctionError when it is part of a longer text: the pod replaces secrets one by one
 */
export function transformSecret(value: SecretValue | SecretText, transform: SecretTransform): SecretText {
	if (!(value instanceof SecretText)) return new SecretText([{ secret: value, transforms: [transform] }]);
	const [part] = value.parts;
	if (value.parts.length !== 1 || typeof part !== "object") throw secretRefusal(value.secret.path);
	return new SecretText([{ secret: part.secret, transforms: [...part.transforms, transform] }]);
}

/** Refuses a text with secrets in it. */
export function plainText(value: Known): string {
	if (isSecret(value)) throw secretRefusal(value instanceof SecretText ? value.secret.path : value.path);
	return value as string;
}
