// Finds texts on which a regular expression takes more time than in proportion to their length: a prefix, a unit that is
// repeated, and an end that keeps it from matching.

/** A text that grows: `prefix`, `unit` as often as asked for, `end`. */
export interface Pump {
	prefix: string;
	unit: string;
	end: string;
}

const ENDS = ["", "!", "\n!", "a", "0", ".", "..!", "\u{1F600}"];
const EVERYDAY = ["a", "A", "0", "1", "-", "_", ".", " ", "/", ":"];
const SHORTEST = 12;

/** Characters that an expression knows: those that it names, and one of each class. */
const alphabetOf = ({ source }: RegExp): string[] => {
	const named = source
		.replace(/\\[pPxu]\{[^}]*\}|\\u[0-9a-fA-F]{4}|\\x[0-9a-fA-F]{2}/g, "")
		.replace(/\\[nrtsSdDwWbByc0]/g, "");
	const signs = [...new Set(named)].filter((character) => !/[\w\s(){}[\]^$*+?|\\]/.test(character));
	const escaped = [...named.matchAll(/\\([^\w\s])/g)].map(([, character = ""]) => character);
	const breaks = /\\[nrs]|\[\^|\\p\{(?:Cc|White)/.test(source) ? ["\n", "\t"] : [];
	return [...new Set([...EVERYDAY, ...signs, ...escaped, ...breaks, '"'])];
};

/** Words that an expression asks for as they are, such as `line ` and `spec`: what follows them is reached by them alone. */
const wordsOf = ({ source }: RegExp): string[] => [
	...new Set(source.replace(/\\[a-z]/g, " ").match(/[@<A-Za-z0-9]{2,}:? ?/g) ?? []),
];

const textOf = ({ prefix, unit, end }: Pump, length: number): string =>
	prefix + unit.repeat(Math.ceil(length / unit.length)) + end;

/** Milliseconds that one use of the expression takes; the text is made flat before. */
export const timeOf = (expression: RegExp, repeats: boolean, text: string): number => {
	const used =
		repeats && !expression.sticky ? new RegExp(expression.source, `${expression.flags.replace("g", "")}g`) : expression;
	used.lastIndex = 0;
	text.charCodeAt(text.length >> 1);
	const start = performance.now();
	if (repeats) text.replace(used, "");
	else used.exec(text);
	return performance.now() - start;
};

/** All pumps that are tried on an expression. */
export function* pumpsOf(expression: RegExp): Generator<Pump> {
	const alphabet = alphabetOf(expression);
	const words = wordsOf(expression);
	const units = [...alphabet, ...alphabet.flatMap((one) => alphabet.map((other) => one + other)), ...words];
	for (const prefix of ["", ...alphabet, ...words])
		for (const unit of units) for (const end of ENDS) yield { prefix, unit, end };
}

/** The smallest of some times, which is the one that other work on the machine disturbed least. */
const least = (runs: number, measure: () => number): number => Math.min(...Array.from({ length: runs }, measure));

/** Milliseconds on a text of a length, the smallest of `runs`. */
export const costOf = (expression: RegExp, repeats: boolean, pump: Pump, length: number, runs = 1): number => {
	const text = textOf(pump, length);
	return least(runs, () => timeOf(expression, repeats, text));
};
void SHORTEST;
