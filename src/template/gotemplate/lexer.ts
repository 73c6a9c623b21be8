// Cuts a Go template into items. It follows text/template's own scanner step by step, because line numbers and messages of
// parse errors depend on where exactly that scanner stops.
import { goQuote, isPrintable } from "../quote.ts";
import { type Item, type ItemType, keywords } from "./item.ts";

const leftDelimiter = "{{";
const keywordSet: ReadonlySet<string> = new Set(keywords);

const patterns = {
	spaces: /[ \t\r\n]+/y,
	word: /[\p{L}\p{Nd}_]+/uy,
	number:
		/[+-]?(?:0[xX][0-9a-fA-F_]*\.?[0-9a-fA-F_]*(?:[pP][+-]?[0-9_]*)?|0[oO][0-7_]*\.?[0-7_]*|0[bB][01_]*\.?[01_]*|[0-9_]*\.?[0-9_]*(?:[eE][+-]?[0-9_]*)?)i?/y,
	alphanumeric: /[\p{L}\p{Nd}_]/uy,
	terminator: /[ \t\r\n.,|:)(]|\}\}|$/y,
	rightEnd: /([ \t\r\n]-)?\}\}/y,
	leftTrim: /-[ \t\r\n]/y,
	quoted: /"(?:[^"\\\n]|\\[^\n])*"/y,
	charConstant: /'(?:[^'\\\n]|\\[^\n])*'/y,
	rawQuoted: /`[^`]*`/y,
};

const punctuation: ReadonlyMap<string, ItemType> = new Map([
	["=", "assign"],
	["|", "pipe"],
	["(", "leftParen"],
	[")", "rightParen"],
]);

export class Lexer {
	readonly #text: string;
	#position = 0;
	#line = 1;
	/** Where the line ends: remembered, so that one long line is not searched again for every item. */
	#newline: number;
	#insideAction = false;
	#parentheses = 0;

	/** @param text a whole template */
	constructor(text: string) {
		this.#text = text;
		this.#newline = nextNewline(text, 0);
	}

	/** The next item; the parser gives up at the first error. */
	next(): Item {
		return this.#insideAction ? this.#action() : this.#outside();
	}

	#outside(): Item {
		for (;;) {
			const start = this.#text.indexOf(leftDelimiter, this.#position);
			if (start < 0) return this.#rest();
			const trims = this.#matches(patterns.leftTrim, start + 2) !== undefined;
			const end = trims ? this.#trimmedEnd(start) : start;
			const item = this.#item("text", end);
			this.#moveTo(start);
			if (item.text !== "") return item;
			const opened = this.#open(trims);
			if (opened !== undefined) return opened;
		}
	}

	#rest(): Item {
		return this.#position < this.#text.length
			? this.#item("text", this.#text.length)
			: this.#item("eof", this.#position);
	}

	#trimmedEnd(end: number): number {
		let index = end;
		while (index > this.#position && " \t\r\n".includes(this.#text.charAt(index - 1))) index--;
		return index;
	}

	/** Undefined when it was a comment, which leaves no item. */
	#open(trims: boolean): Item | undefined {
		const content = this.#position + (trims ? 4 : 2);
		if (this.#text.startsWith("/*", content)) {
			this.#moveTo(content);
			return this.#comment();
		}
		const item = this.#item("leftDelim", this.#position + 2);
		this.#moveTo(content);
		this.#insideAction = true;
		this.#parentheses = 0;
		return item;
	}

	#comment(): Item | undefined {
		const end = this.#text.indexOf("*/", this.#position + 2);
		if (end < 0) return this.#error("unclosed comment");
		const close = this.#matches(patterns.rightEnd, end + 2);
		if (close === undefined) return this.#error("comment ends before closing delimiter");
		this.#moveTo(end + 2 + close.length);
		if (close.length > 2) this.#skipSpaces();
		return undefined;
	}

	#skipSpaces(): void {
		this.#moveTo(this.#position + (this.#matches(patterns.spaces, this.#position) ?? "").length);
	}

	#action(): Item {
		const close = this.#matches(patterns.rightEnd, this.#position);
		if (close !== undefined) return this.#close(close);
		if (this.#position >= this.#text.length) return this.#error("unclosed action");
		const character = String.fromCodePoint(this.#text.codePointAt(this.#position) as number);
		if (" \t\r\n".includes(character)) return this.#spaces();
		const type = punctuation.get(character);
		if (type !== undefined) return this.#punctuation(type);
		return this.#operand(character);
	}

	#close(close: string): Item {
		if (this.#parentheses > 0) return this.#error("unclosed left paren");
		if (close.length > 2) this.#moveTo(this.#position + 2);
		const item = this.#item("rightDelim", this.#position + 2);
		if (close.length > 2) this.#skipSpaces();
		this.#insideAction = false;
		return item;
	}

	#spaces(): Item {
		const run = this.#matches(patterns.spaces, this.#position) as string;
		const end = this.#position + run.length;
		// The last space may belong to a trim marker; alone it would have been taken as the right delimiter already.
		const trims = this.#matches(patterns.rightEnd, end - 1) !== undefined;
		return this.#item("space", trims ? end - 1 : end);
	}

	#punctuation(type: ItemType): Item {
		if (type === "leftParen") this.#parentheses++;
		if (type === "rightParen" && --this.#parentheses < 0) return this.#error("unexpected right paren");
		return this.#item(type, this.#position + 1);
	}

	#operand(character: string): Item {
		const following = this.#text.charAt(this.#position + 1);
		if (character === ":")
			return following === "=" ? this.#item("declare", this.#position + 2) : this.#error("expected :=");
		if (character === '"') return this.#delimited("quoted", "string", "unterminated quoted string");
		if (character === "`") return this.#delimited("rawQuoted", "rawString", "unterminated raw quoted string");
		if (character === "'") return this.#delimited("charConstant", "charConstant", "unterminated character constant");
		if (character === "$") return this.#fieldOrVariable("variable", "variable");
		if (/[+\-0-9]/.test(character) || (character === "." && /[0-9]/.test(following))) return this.#number();
		if (character === "." && this.#position + 1 < this.#text.length) return this.#fieldOrVariable("field", "dot");
		if (character === ".") return this.#number();
		if (this.#matches(patterns.alphanumeric, this.#position) !== undefined) return this.#identifier();
		return this.#other(character);
	}

	#other(character: string): Item {
		const code = character.codePointAt(0) as number;
		if (code < 0x80 && isPrintable(character)) return this.#item("char", this.#position + 1);
		return this.#error(`unrecognized character in action: ${unicodeName(character)}`);
	}

	#delimited(pattern: keyof typeof patterns, type: ItemType, message: string): Item {
		const match = this.#matches(patterns[pattern], this.#position);
		return match === undefined ? this.#error(message) : this.#item(type, this.#position + match.length);
	}

	#fieldOrVariable(type: ItemType, bare: ItemType): Item {
		const word = this.#matches(patterns.word, this.#position + 1) ?? "";
		const end = this.#position + 1 + word.length;
		return this.#badCharacter(end) ?? this.#item(word === "" ? bare : type, end);
	}

	#identifier(): Item {
		const word = this.#matches(patterns.word, this.#position) as string;
		const end = this.#position + word.length;
		return this.#badCharacter(end) ?? this.#item(identifierType(word), end);
	}

	#badCharacter(end: number): Item | undefined {
		if (this.#matches(patterns.terminator, end) !== undefined) return undefined;
		return this.#error(`bad character ${unicodeName(String.fromCodePoint(this.#text.codePointAt(end) as number))}`);
	}

	#number(): Item {
		const start = this.#position;
		const first = this.#scanNumber(start);
		if (first.bad) return this.#badNumber(first.end);
		if (!"+-".includes(this.#text.charAt(first.end) || "x")) return this.#item("number", first.end);
		const second = this.#scanNumber(first.end);
		if (second.bad || this.#text.charAt(second.end - 1) !== "i") return this.#badNumber(second.end);
		return this.#item("complex", second.end);
	}

	#scanNumber(start: number): { end: number; bad: boolean } {
		const end = start + (this.#matches(patterns.number, start) as string).length;
		const trailing = this.#matches(patterns.alphanumeric, end);
		return { end: end + (trailing ?? "").length, bad: trailing !== undefined };
	}

	#badNumber(end: number): Item {
		return this.#error(`bad number syntax: ${goQuote(this.#text.slice(this.#position, end))}`);
	}

	#matches(pattern: RegExp, index: number): string | undefined {
		pattern.lastIndex = index;
		return pattern.exec(this.#text)?.[0];
	}

	#item(type: ItemType, end: number): Item {
		const { position, line } = { position: this.#position, line: this.#line };
		const text = type === "eof" ? "EOF" : this.#text.slice(position, end);
		this.#moveTo(end);
		return { type, position, text, line };
	}

	#error(message: string): Item {
		return { type: "error", position: this.#position, text: message, line: this.#line };
	}

	#moveTo(end: number): void {
		while (this.#newline < end) {
			this.#line++;
			this.#newline = nextNewline(this.#text, this.#newline + 1);
		}
		this.#position = end;
	}
}

function nextNewline(text: string, from: number): number {
	const index = text.indexOf("\n", from);
	return index < 0 ? Number.POSITIVE_INFINITY : index;
}

function identifierType(word: string): ItemType {
	if (keywordSet.has(word)) return word as ItemType;
	return word === "true" || word === "false" ? "bool" : "identifier";
}

/** As Go's `%#U`: `U+005B '['`. */
function unicodeName(character: string): string {
	const code = (character.codePointAt(0) as number).toString(16).toUpperCase().padStart(4, "0");
	return isPrintable(character) ? `U+${code} '${character}'` : `U+${code}`;
}
