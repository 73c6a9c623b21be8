// Finds texts on which a regular expression takes more time than in proportion to their length: a prefix, a unit that is
// repeated, and an end that keeps it from matching. This finds what one repeated unit can cause, which is every case that
// this repository has had.
import { type Cost, costOf, growsTooFast } from "./growth.ts";

/** A text that grows: `prefix`, `unit` again and again, `end`. */
export interface Pump {
	prefix: string;
	unit: string;
	end: string;
}

/** An expression, and whether it is tried again behind each match: with the flag `g`, and in `split`. */
export interface Tried {
	expression: RegExp;
	repeats: boolean;
}

const ENDS = ["", "!", "\n!", "a", "0", ".", "..!", "\u{1F600}"];
const EVERYDAY = ["a", "A", "0", "1", "-", "_", ".", " ", "/", ":", '"'];
/** Characters: an expression that tries all ways through a text is seen here, and a longer text would take years. */
const SHORT = 20;
/** Characters: a square of this takes hundreds of times as long as what is linear. */
const LONG = 600;
/** Milliseconds that an ordinary expression stays far below on such texts. */
const SUSPICIOUS = 0.05;

/** The characters that an expression names, and one of each class. */
const alphabetOf = ({ source }: RegExp): string[] => {
	const named = source.replace(/\\[pPu]\{[^}]*\}|\\u[0-9a-fA-F]{4}|\\x[0-9a-fA-F]{2}|\\[nrtsSdDwWbByc0]/g, "");
	const signs = [...named].filter((character) => !/[\w\s(){}[\]^$*+?|\\]/.test(character));
	const escaped = [...named.matchAll(/\\([^\w\s])/g)].map(([, character = ""]) => character);
	const breaks = /\\[nrs]|\[\^|\\p\{/.test(source) ? ["\n", "\t"] : [];
	return [...new Set([...EVERYDAY, ...signs, ...escaped, ...breaks])];
};

/** Words that an expression asks for as they are, such as `line `: what follows them is reached by them alone. */
const wordsOf = ({ source }: RegExp): string[] => [
	...new Set(source.replace(/\\[a-z]/g, " ").match(/[@<A-Za-z0-9]{2,}:? ?/g)),
];

/** Everything that is tried on an expression. */
export function* pumpsOf(expression: RegExp): Generator<Pump> {
	const [alphabet, words] = [alphabetOf(expression), wordsOf(expression)];
	const units = [...alphabet, ...alphabet.flatMap((one) => alphabet.map((other) => one + other)), ...words];
	for (const prefix of ["", ...alphabet, ...words])
		for (const unit of units) for (const end of ENDS) yield { prefix, unit, end };
}

const textOf = ({ prefix, unit, end }: Pump, length: number): string =>
	prefix + unit.repeat(Math.ceil(length / unit.length)) + end;

const use = ({ expression, repeats }: Tried, text: string): void => {
	expression.lastIndex = 0;
	if (repeats) text.replace(expression, "");
	else expression.exec(text);
};

/** What the expression costs on a pump, as a function of the text's length. */
const costWith = (tried: Tried, pump: Pump): Cost => {
	return (length) => {
		const text = textOf(pump, length);
		return () => use(tried, text);
	};
};

/** Times that what took long is tried again, at once: a machine that does much else makes anything take long now and then. */
const AGAIN = 5;

const takesLong = (tried: Tried, pump: Pump, length: number): boolean => {
	const text = textOf(pump, length);
	const most = SUSPICIOUS * (length === SHORT ? 100 : 1);
	for (let times = 0; times <= AGAIN; times++) {
		const start = performance.now();
		use(tried, text);
		if (performance.now() - start <= most) return false;
	}
	return true;
};

/**
 * Whether a part of the expression may be repeated without end. Without such a part what is tried at one place of a text is
 * bounded, whatever the text is.
 */
export const repeatsWithoutEnd = ({ source }: RegExp): boolean => {
	const withoutClasses = source.replace(/\\./gsu, "_").replace(/\[[^\]]*\]/g, "_");
	return /[*+]|\{\d+,\}/.test(withoutClasses);
};

/** The first pump on which the expression takes more than linear time; undefined where none was found. */
export const hostilePump = async ({ expression, repeats }: Tried): Promise<Pump | undefined> => {
	if (!repeatsWithoutEnd(expression)) return undefined;
	const flags = repeats && !expression.global ? `${expression.flags}g` : expression.flags;
	const tried = { repeats, expression: new RegExp(expression.source, flags) };
	for (const pump of pumpsOf(expression)) {
		const cost = costWith(tried, pump);
		if (takesLong(tried, pump, SHORT) && (await costOf(cost(SHORT))) > 1) return pump;
		if (takesLong(tried, pump, LONG) && (await growsTooFast(cost, { length: 4_000, atLeast: 2 }))) return pump;
	}
	return undefined;
};
