// A script of which nothing would run: a backup that does nothing ends well, and looks like one that was made.
import { containsToken } from "./token.ts";

const NOTHING_TO_RUN = /^\s*(?:#|$)/;

/** Whether a script holds nothing but white space and comments. A secret in a comment may bring more than that. */
export const isBlankScript = (text: string): boolean =>
	text.split("\n").every((line) => NOTHING_TO_RUN.test(line)) && !containsToken(text);
