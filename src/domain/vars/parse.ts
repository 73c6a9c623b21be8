// `spec.vars`: YAML text that a user wrote by hand, often with a password in it. Everything that is wrong with it is
// told at once, by path, line and column, and never with a value.
import { EVENT_ID, type Event, parseEvents, type YAMLException } from "js-yaml";
import type { ValueMap } from "../../template/value.ts";
import type { Problem, Reason, Report } from "../report.ts";
import { TOKEN_START } from "../script/token.ts";
import { type Composition, compose, type Finding } from "./compose.ts";
import { formatWarnings } from "./formats.ts";
import { type DocumentNode, readNodes } from "./nodes.ts";
import { pathText, placeOf } from "./position.ts";
import { reasonWithoutText } from "./reason.ts";
import { isValueMap } from "./tree.ts";

/** Bytes of UTF-8. */
export const MAX_VARS_BYTES = 256 * 1024;
export const MAX_ALIASES = 20;

/** More mistakes than these are only counted: the answer must stay readable, and quick to make. */
const MAX_TOLD = 50;
/** Of the limits of new texts. */
const MAX_LIMITS_TOLD = 10;
const PATH = "spec.vars";
const NO_MAP = {
	message: "not a map of variables",
	hint: "write names at the beginning of the line, such as `Params:`, and what belongs to them indented below",
};
/** The parser's own bound, against its recursion; the bound that users meet is in compose.ts. */
const PARSER_DEPTH = 100;

export interface ParsedVars {
	/** Empty where the text is empty, could not be read or is an alias bomb; values that were refused are null in it. */
	tree: ValueMap;
	/** Errors at path `spec.vars`; warnings about number formats. */
	report: Report;
	/** Errors where the text is new, and warnings where it was stored before these limits existed. */
	limits: Problem[];
	/** Whether the tree lacks something that was written down: what it lacks then says nothing. */
	incomplete: boolean;
}

const problem = (message: string, reason: Reason = "FieldValueInvalid"): Problem => ({ path: PATH, reason, message });

const failed = (...errors: Problem[]): ParsedVars => ({
	tree: new Map(),
	report: { errors, warnings: [] },
	limits: [],
	incomplete: true,
});

/**
 * Reads the YAML of `spec.vars`: YAML 1.2 core and `<<`, one document with a map on top; integers become BigInt.
 * Limits: 256 KiB, 20 aliases, 64 levels, 1 MiB once expanded; of a new text also 512 characters of a key. Never throws.
 * @param noMap how it is said that there is no map on top
 * @returns the tree with every error and warning; errors name path, line and column (from 1), never a value
 */
export const parseVars = (text: string, noMap = NO_MAP): ParsedVars => {
	if (Buffer.byteLength(text) > MAX_VARS_BYTES) {
		return failed(problem(`larger than ${MAX_VARS_BYTES / 1024} KiB`, "FieldValueTooLong"));
	}
	const events = readEvents(text);
	if ("mistake" in events) return failed(events.mistake, ...rawTokens(text));
	const [document, further] = readNodes(text, events.events);
	const whole = [...documentProblems(text, document, further), ...aliasProblems(text, events.events)];
	const isMore = further !== undefined;
	if (document?.content === undefined) return { ...failed(...whole, ...rawTokens(text)), incomplete: isMore };
	const result = toResult(text, compose(document.content), whole, noMap);
	return isMore ? { ...result, incomplete: true } : result;
};

const readEvents = (text: string): { events: Event[] } | { mistake: Problem } => {
	try {
		return { events: parseEvents(text, { maxDepth: PARSER_DEPTH }) };
	} catch (error) {
		return { mistake: syntaxProblem(text, error) };
	}
};

/** The exception itself must go no further: its message holds the lines around the mistake. */
const syntaxProblem = (text: string, error: unknown): Problem => {
	// Its documentation asks to be ready for other exceptions than its own.
	const { reason = "it cannot be read", mark } = error as Partial<YAMLException>;
	const told = reason.startsWith("nesting exceeded") ? "nested far too deep" : reasonWithoutText(reason);
	return {
		...problem(`not valid YAML at ${placeOf(text, Number(mark?.position))}: ${told}`),
		hint: "check the indentation, and put a value in quotes where it begins with a special character or contains `: `",
	};
};

const documentProblems = (
	text: string,
	document: DocumentNode | undefined,
	further: DocumentNode | undefined,
): Problem[] => {
	const problems: Problem[] = [];
	if (document?.redefinesTags === true) problems.push(problem("a %TAG directive is not supported"));
	if (further !== undefined) {
		const offset = further.offset ?? text.lastIndexOf("\n---") + 1;
		problems.push(problem(`a second YAML document begins at ${placeOf(text, offset)}: only one is allowed`));
	}
	return problems;
};

const aliasProblems = (text: string, events: readonly Event[]): Problem[] => {
	const aliases = events.filter((event) => event.type === EVENT_ID.ALIAS);
	const first = aliases[MAX_ALIASES];
	if (first === undefined) return [];
	return [problem(`${aliases.length} aliases, more than ${MAX_ALIASES} (${placeOf(text, first.anchorStart - 1)})`)];
};

/** For a text whose values could not be looked at, and for comments. */
const rawTokens = (text: string): Problem[] => {
	const offset = text.indexOf(TOKEN_START);
	if (offset < 0) return [];
	return [problem(`${TOKEN_START} at ${placeOf(text, offset)} is how the controller marks secrets and cannot be used`)];
};

const findingProblem = (text: string, { offset, path, message, hint }: Finding): Problem => {
	const where = path.length === 0 ? "" : `${pathText(path)} `;
	return { ...problem(`${where}(${placeOf(text, offset)}): ${message}`), ...(hint === undefined ? {} : { hint }) };
};

/** The first findings in words, and one problem that counts the others. */
const toldProblems = (text: string, findings: readonly Finding[], most: number): Problem[] => {
	const told = findings.slice(0, most).map((finding) => findingProblem(text, finding));
	const more = findings.length - told.length;
	return more === 0 ? told : [...told, problem(`${more} more mistakes`)];
};

const toResult = (
	text: string,
	composition: Composition,
	whole: readonly Problem[],
	noMap: typeof NO_MAP,
): ParsedVars => {
	const { value } = composition;
	const findings = composition.findings.filter(({ newOnly }) => newOnly !== true);
	const beyond = composition.findings.filter(({ newOnly }) => newOnly === true);
	const limits = toldProblems(text, beyond, MAX_LIMITS_TOLD);
	const errors = [...whole, ...toldProblems(text, findings, MAX_TOLD)];
	if (!findings.some(({ token }) => token)) errors.push(...rawTokens(text));
	if (!isValueMap(value)) errors.push({ ...problem(noMap.message), hint: noMap.hint });
	const warnings = formatWarnings(text, composition.plainScalars);
	const incomplete = !isValueMap(value) || findings.some(({ whole: isWhole }) => isWhole !== true);
	return { tree: isValueMap(value) ? value : new Map(), report: { errors, warnings }, limits, incomplete };
};
