// The API server passes warnings on as HTTP headers and cuts what is too long, where it likes. So we cut first, at a
// word's worth of text, and say how many are left out:
// https://kubernetes.io/docs/reference/access-authn-authz/extensible-admission-controllers/#response

/** Characters of one warning that every client shows. */
export const WARNING_LIMIT = 120;
/** Characters of all warnings together; beyond them the API server drops the rest. */
export const WARNINGS_LIMIT = 4096;

const moreWarnings = (count: number): string => `${count} more warnings are left out`;

/** One line, without control characters (a header holds none), at most `WARNING_LIMIT` characters long. */
const boundWarning = (warning: string): string => {
	const line = warning.replaceAll(/[\p{Cc}\s]+/gu, " ").trim();
	const characters = [...line];
	return characters.length <= WARNING_LIMIT ? line : `${characters.slice(0, WARNING_LIMIT - 1).join("")}…`;
};

/**
 * Warnings as they go over the wire: each once, each bounded, all together bounded; where some had to go, the last one
 * says how many.
 */
export const boundWarnings = (warnings: readonly string[]): string[] => {
	const distinct = [...new Set(warnings.map(boundWarning))];
	const room = WARNINGS_LIMIT - moreWarnings(distinct.length).length;
	let sum = 0;
	const kept = distinct.filter((warning) => {
		sum += warning.length;
		return sum <= room;
	});
	const dropped = distinct.length - kept.length;
	return dropped === 0 ? kept : [...kept, moreWarnings(dropped)];
};
