// Go's strconv.Quote, in both directions: messages, `printf "%q"` and `quote` print it; string literals are written in it.

const shortEscapes: ReadonlyMap<string, string> = new Map([
	["\x07", "\\a"],
	["\b", "\\b"],
	["\f", "\\f"],
	["\n", "\\n"],
	["\r", "\\r"],
	["\t", "\\t"],
	["\v", "\\v"],
	["\\", "\\\\"],
]);
const unprintable = /[^\p{L}\p{M}\p{N}\p{P}\p{S} ]/u;

/** Whether Go prints the character as it is (`unicode.IsPrint`). */
export function isPrintable(character: string): boolean {
	return !unprintable.test(character);
}

/** `text` as a Go string literal in double quotes. With `ascii`, everything beyond ASCII is escaped (`%+q`). */
export function goQuote(text: string, ascii = false): string {
	return quoteWith(text, '"', ascii);
}

/** One character as a Go character constant in single quotes (`%q` of an integer). */
export function goQuoteCharacter(character: string, ascii = false): string {
	return quoteWith(character, "'", ascii);
}

function quoteWith(text: string, mark: string, ascii: boolean): string {
	let quoted = mark;
	for (const character of text.toWellFormed()) quoted += escapeCharacter(character, mark, ascii);
	return quoted + mark;
}

function escapeCharacter(character: string, mark: string, ascii: boolean): string {
	if (character === mark) return `\\${character}`;
	const short = shortEscapes.get(character);
	if (short !== undefined) return short;
	const code = character.codePointAt(0) as number;
	if (isPrintable(character) && (!ascii || code < 0x80)) return character;
	if (code < 0x20 || code === 0x7f) return `\\x${hex(code, 2)}`;
	return code < 0x10000 ? `\\u${hex(code, 4)}` : `\\U${hex(code, 8)}`;
}

function hex(code: number, digits: number): string {
	return code.toString(16).padStart(digits, "0");
}

const simpleUnescapes: Record<string, number> = { a: 7, b: 8, f: 12, n: 10, r: 13, t: 9, v: 11, "\\": 0x5c };
const escapeSequence = /\\(?:([abfnrtv\\"'])|x([0-9a-fA-F]{2})|([0-7]{3})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8}))/y;

/**
 * Reads a Go string literal (quoted with `"` or a back quote, the quotes included).
 * Undefined where Go says "invalid syntax", and where the bytes written as escapes are not UTF-8: text is all we have.
 */
export function goUnquote(literal: string): string | undefined {
	const body = literal.slice(1, -1);
	if (literal.startsWith("`")) return body.replaceAll("\r", "");
	return body.includes("\\") ? unescapeBody(body, '"') : body;
}

/** Reads the inside of a Go character constant: its code, or why Go refuses it. */
export function goUnquoteCharacter(body: string): number | "invalid syntax" | "malformed" {
	const escaped = /^\\(?:x[0-9a-fA-F]{2}|[0-7]{3}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|.)/u.exec(body)?.[0];
	const first = escaped ?? String.fromCodePoint(body.codePointAt(0) ?? 0x27);
	const byte = /^\\(?:x(..)|([0-7]{3}))$/.exec(first);
	const code = byte === null ? unescapeBody(first, "'")?.codePointAt(0) : byteOrNothing(octalOrHex(byte[2], byte[1]));
	if (code === undefined || first === "'") return "invalid syntax";
	return first === body ? code : "malformed";
}

function unescapeBody(body: string, mark: string): string | undefined {
	const pieces: Buffer[] = [];
	let index = 0;
	while (index < body.length) {
		const backslash = body.indexOf("\\", index);
		const end = backslash < 0 ? body.length : backslash;
		pieces.push(Buffer.from(body.slice(index, end)));
		if (backslash < 0) break;
		escapeSequence.lastIndex = backslash;
		const match = escapeSequence.exec(body);
		const bytes = match === null ? undefined : escapedBytes(match, mark);
		if (bytes === undefined) return undefined;
		pieces.push(bytes);
		index = escapeSequence.lastIndex;
	}
	return decode(Buffer.concat(pieces));
}

function escapedBytes(match: RegExpExecArray, mark: string): Buffer | undefined {
	const [, simple, byte, octal, short, long] = match;
	if (simple !== undefined) return simpleBytes(simple, mark);
	if (short !== undefined || long !== undefined) return characterBytes(Number.parseInt((short ?? long) as string, 16));
	const code = byteOrNothing(octalOrHex(octal, byte));
	return code === undefined ? undefined : Buffer.of(code);
}

function byteOrNothing(code: number): number | undefined {
	return code > 255 ? undefined : code;
}

function simpleBytes(simple: string, mark: string): Buffer | undefined {
	if (simple === '"' || simple === "'") return simple === mark ? Buffer.from(simple) : undefined;
	return Buffer.of(simpleUnescapes[simple] as number);
}

function characterBytes(code: number): Buffer | undefined {
	const valid = code <= 0x10ffff && (code < 0xd800 || code > 0xdfff);
	return valid ? Buffer.from(String.fromCodePoint(code)) : undefined;
}

function octalOrHex(octal: string | undefined, byte: string | undefined): number {
	return octal === undefined ? Number.parseInt(byte as string, 16) : Number.parseInt(octal, 8);
}

function decode(bytes: Buffer): string | undefined {
	try {
		return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
	} catch {
		return undefined;
	}
}
