// Where in the text something is, and what it is called there. A message may name places and keys, never values: the
// same code reads passwords.

const PLAIN_KEY = /^[A-Za-z0-9_-]+$/;
const PATH_LIMIT = 80;

/** A place in the text, both from 1; columns count characters, not UTF-16 units. */
export interface Position {
	line: number;
	column: number;
}

/**
 * The place of an offset.
 * @param offset in UTF-16 units from the start; what lies outside of the text counts as its start or its end
 */
export const positionOf = (text: string, offset: number): Position => {
	const lines = text.slice(0, Math.max(0, offset)).split(/\r\n|\r|\n/);
	const last = lines[lines.length - 1] as string;
	return { line: lines.length, column: Array.from(last).length + 1 };
};

/** `line 7, column 46`. */
export const placeOf = (text: string, offset: number): string => {
	const { line, column } = positionOf(text, offset);
	return `line ${line}, column ${column}`;
};

/** At most `limit` characters of a text, its middle replaced by `…` where it is longer. */
export const shorten = (text: string, limit: number): string => {
	// A character has at most two units: what lies further in is left out anyway, and a long text must cost nothing here.
	const ends = text.length > 4 * limit ? text.slice(0, 2 * limit) + text.slice(-2 * limit) : text;
	const characters = Array.from(ends);
	if (characters.length <= limit) return text;
	const head = Math.ceil((limit - 1) / 2);
	return `${characters.slice(0, head).join("")}…${characters.slice(head + 1 - limit).join("")}`;
};

/** `Params.list[0]["odd key"]`, shortened: what a person would write to reach the value. */
export const pathText = (path: readonly (string | number)[], limit = PATH_LIMIT): string =>
	shorten(path.map(segmentText).join("").replace(/^\./, ""), limit);

const segmentText = (segment: string | number): string => {
	if (typeof segment === "number") return `[${segment}]`;
	return PLAIN_KEY.test(segment) ? `.${segment}` : `[${JSON.stringify(segment)}]`;
};
