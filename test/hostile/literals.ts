// The regular expression literals of a TypeScript source, found by a scanner that knows strings, templates and comments.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** One literal and where it stands. */
export interface Literal {
	file: string;
	/** From 1. */
	line: number;
	expression: RegExp;
	/** Whether it is tried again behind each match: with the flag `g`, and in `split`. */
	repeats: boolean;
}

/** What skips over text that holds no literal: comments, strings, and templates without their expressions. */
const SKIPPED = /\/\/[^\n]*|\/\*[\s\S]*?\*\/|"(?:[^"\\\n]|\\[\s\S])*"|'(?:[^'\\\n]|\\[\s\S])*'/y;
/** A literal: no line break, and a slash inside of a class does not end it. */
const LITERAL = /\/((?:[^/\\[\n]|\\[^\n]|\[(?:[^\]\\\n]|\\[^\n])*\])+)\/([a-z]*)/y;
/** After these a slash begins an expression; after anything else it divides. */
const BEFORE_EXPRESSION = /(?:^|[=(,:[!&|?{};>]|\breturn)\s*$/;

const matchAt = (pattern: RegExp, text: string, at: number): RegExpExecArray | null => {
	pattern.lastIndex = at;
	return pattern.exec(text);
};

/** The text of a template up to its end, or to the expression that it holds next. */
const TEMPLATE = /(?:[^`\\$]|\\[\s\S]|\$(?!\{))*(?:`|\$\{)/y;

/** Where the code is: how many braces are open in each expression of a template, outermost first. */
type Nesting = number[];

/** How long the text is that holds no code and begins here: of a template, a string or a comment; 0 where code begins. */
const skippedAt = (text: string, at: number, nesting: Nesting): number => {
	const character = text[at];
	const closes = character === "}" && nesting.at(-1) === 0;
	if (character === "`" || closes) {
		if (closes) nesting.pop();
		const end = matchAt(TEMPLATE, text, at + 1)?.[0] ?? "";
		if (end.endsWith("${")) nesting.push(0);
		return end.length + 1;
	}
	if (character === "{" || character === "}") {
		const open = nesting.pop();
		if (open !== undefined) nesting.push(open + (character === "{" ? 1 : -1));
		return 1;
	}
	return matchAt(SKIPPED, text, at)?.[0].length ?? 0;
};

/** Every regular expression literal of a source. */
export const literalsOf = (file: string, text: string): Literal[] => {
	const found: Literal[] = [];
	const nesting: Nesting = [];
	// The first line of a program may name its interpreter.
	for (let at = /^#![^\n]*/.exec(text)?.[0].length ?? 0; at < text.length; ) {
		const skipped = skippedAt(text, at, nesting);
		const before = text.slice(Math.max(0, at - 40), at);
		const isExpression = skipped === 0 && text[at] === "/" && BEFORE_EXPRESSION.test(before);
		const literal = isExpression ? matchAt(LITERAL, text, at) : null;
		if (literal !== null) {
			const [, source = "", flags = ""] = literal;
			const line = text.slice(0, at).split("\n").length;
			const repeats = flags.includes("g") || /split\(\s*$/.test(before);
			found.push({ file, line, expression: new RegExp(source, flags), repeats });
		}
		at += skipped || (literal?.[0].length ?? 1);
	}
	return found;
};

/** The literals of every `.ts` file below the folders. */
export const literalsIn = (root: string, folders: readonly string[]): Literal[] =>
	folders.flatMap((folder) =>
		readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
			.filter((name) => name.endsWith(".ts"))
			.toSorted()
			.flatMap((name) => literalsOf(join(folder, name), readFileSync(join(root, folder, name), "utf8"))),
	);
