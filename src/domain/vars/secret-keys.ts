// Which keys hold secrets, told by their names alone: `password`, `dbPassword`, `DB_PASSWORD`, `access-key` and the like.
import { withoutTrailing } from "../../api/trim.ts";

/** Whole last words; `bypass` and `compass` are none. */
const LAST_WORD = /^(?:pass|pwd|pin|credentials?)$/;
/** The end of the key, all words together. A `passwordFile` or a `secretName` names a place and is no secret. */
const ENDING =
	/(?:password|passwd|passphrase|secret|token|(?:api|access|account|auth|client|encryption|private|secret|shared|signing)key|privatekeypem)s?$/;

const isDigit = (character: string): boolean => character >= "0" && character <= "9";

/** `dbPassword2` → `["db", "Password"]`: the words of camelCase, snake_case, kebab-case and CONSTANT_CASE. */
const wordsOf = (key: string): string[] =>
	withoutTrailing(key, isDigit)
		.replace(/([a-z0-9])([A-Z])/g, "$1 $2")
		.split(/[^A-Za-z0-9]+/)
		.filter((word) => word !== "")
		.map((word) => word.toLowerCase());

/** Whether a key's name says that its value is a secret. */
export const isSecretKey = (key: string): boolean => {
	const words = wordsOf(key);
	return LAST_WORD.test(words.at(-1) ?? "") || ENDING.test(words.join(""));
};
