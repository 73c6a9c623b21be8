// An expression such as `/[0-9]+$/` is tried anew at each character that it could begin with, so it takes quadratic time
// where many of them are not at the end. A loop from the end does not.

/** The text without those of its last UTF-16 units that `drops` names. */
export const withoutTrailing = (text: string, drops: (unit: string) => boolean): string => {
	let end = text.length;
	while (end > 0 && drops(text.charAt(end - 1))) end--;
	return text.slice(0, end);
};
