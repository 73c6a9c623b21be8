// The words that the lexer cuts a Go template into. Messages of the parser quote them, so they print as Go's do.
import { goQuote } from "../quote.ts";

export const keywords = [
	"block",
	"break",
	"continue",
	"define",
	"else",
	"end",
	"if",
	"nil",
	"range",
	"template",
	"with",
] as const;

export type Keyword = (typeof keywords)[number];

export type ItemType =
	| Keyword
	| "error"
	| "bool"
	| "char"
	| "charConstant"
	| "complex"
	| "assign"
	| "declare"
	| "eof"
	| "field"
	| "identifier"
	| "leftDelim"
	| "leftParen"
	| "number"
	| "pipe"
	| "rawString"
	| "rightDelim"
	| "rightParen"
	| "space"
	| "string"
	| "text"
	| "variable"
	| "dot";

export interface Item {
	readonly type: ItemType;
	/** Index into the text, UTF-16 units. */
	readonly position: number;
	/** What was written; of an error, the message. */
	readonly text: string;
	/** From 1: the line on which the item starts. */
	readonly line: number;
}

const keywordTypes: ReadonlySet<string> = new Set([...keywords, "dot"]);

/** Prints an item, neither the end nor an error, as Go's parse errors do: `<end>`, `"foo"`, a long one cut after ten characters. */
export function describeItem(item: Item): string {
	if (keywordTypes.has(item.type)) return `<${item.text}>`;
	if (Buffer.byteLength(item.text) <= 10) return goQuote(item.text);
	return `${goQuote([...item.text].slice(0, 10).join(""))}...`;
}
