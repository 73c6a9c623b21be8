// Text from elsewhere (container runtimes, the scheduler, admission plugins) ends up in our conditions. It can be long and
// hold anything, so it is cut and cleaned here, in one place.

/** Characters of one foreign message inside a message of ours. */
export const FOREIGN_TEXT_LIMIT = 300;
/** Characters of a whole condition message: kubectl prints it in a line or two, etcd stores it for every object. */
export const MESSAGE_LIMIT = 2048;

/**
 * The text in one line, without control characters, cut to so many characters; a cut ends in `…`.
 * @param limit characters, `…` included.
 */
export const bounded = (text: string, limit: number): string => {
	const line = text
		.replace(/[\p{Cc}\p{Cf}\u2028\u2029]+/gu, " ")
		.replace(/ {2,}/g, " ")
		.trim();
	return line.length <= limit ? line : `${line.slice(0, limit - 1).trimEnd()}…`;
};

/** A reason as the API takes it in a condition: one CamelCase word; `fallback` where the text is none. */
export const reasonWord = (text: string | undefined, fallback: string): string =>
	text !== undefined && /^[A-Za-z][A-Za-z0-9_]{0,126}$/.test(text) ? text : fallback;

/** RFC 3339 in UTC, whole seconds, as Kubernetes writes times. */
export const timeText = (time: Date): string => `${time.toISOString().slice(0, 19)}Z`;

/** The later of two RFC 3339 times, either of which may be missing. */
export const later = (one: string | undefined, other: string | undefined): string | undefined => {
	if (one === undefined) return other;
	if (other === undefined) return one;
	return Date.parse(other) > Date.parse(one) ? other : one;
};
