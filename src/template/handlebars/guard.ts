// The handlebars package's parser has no limits, and its time grows with the square of the nesting: what is too large or too
// deep is refused before that parser sees it.
import { ParseFailure } from "../failure.ts";
import { limits } from "../limits.ts";
import { placeAt } from "../position.ts";

/** The start of a tag: an opening or closing block, an `else` that opens another condition, or any other. */
const tag = /\{\{(?:\{\{)?~?[ \t\r\n]*(?:(#|\^[ \t]*[^}~\s])|(\/)|(else[ \t\r\n]+[^}~\s])|)([^}]*)/g;

/** @throws ParseFailure */
export function guardParser(text: string): void {
	if (text.length > limits.handlebarsText)
		throw new ParseFailure(1, `a Handlebars template is longer than ${limits.handlebarsText} characters`);
	// How much each open block adds to the depth: itself, and one for each condition behind its elses.
	const open: number[] = [];
	let depth = 0;
	for (const { index, 1: opens, 2: closes, 3: chains, 4: content = "" } of text.matchAll(tag)) {
		if (closes !== undefined) depth -= open.pop() ?? 0;
		if (opens !== undefined) open.push(1);
		if (chains !== undefined) open.push((open.pop() ?? 0) + 1);
		if (opens ?? chains) depth++;
		checkDepth(text, index, depth, "blocks");
		checkDepth(text, index, content.split("(").length, "expressions");
	}
}

function checkDepth(text: string, index: number, depth: number, what: string): void {
	if (depth <= limits.depth) return;
	throw new ParseFailure(placeAt(text, index).line, `${what} are nested more than ${limits.depth} deep`);
}
