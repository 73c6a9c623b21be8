// Warnings about scalars that do not print as they were typed: a port `0777` or a version `1.10` that a script gets as
// `777` and `1.1` is a backup of the wrong thing.
import type { Path, PlainScalar } from "./compose.ts";
import { pathText, positionOf } from "./position.ts";
import { type FormatSurprise, formatSurprise } from "./scalars.ts";
import { isSecretKey } from "./secret-keys.ts";

/** The API server cuts longer warnings. */
export const WARNING_LIMIT = 120;
/** Warnings of one kind that are told one by one. */
export const MAX_TOLD = 20;
/** Longer scalars are not repeated in a warning. */
const SHOWN_CHARACTERS = 20;

/** Whether the path lies under a key that holds secrets: its values must not be repeated, not even numbers. */
const isSecretPath = (path: Path): boolean =>
	path.some((segment) => typeof segment === "string" && isSecretKey(segment));

/** Pod options are no text of a script: only `env` prints its values. */
const isPrinted = (path: Path): boolean => path[0] !== "HelmValues" || path[1] === "env";

/** `0400` is four hundred in YAML 1.2, and 256 in the YAML 1.1 that kubectl reads: the wrong rights for a key file. */
const isFileMode = ({ path, text }: PlainScalar): boolean =>
	path[0] === "HelmValues" && /^(?:mode|defaultMode)$/.test(String(path.at(-1))) && /^0[0-7]{3}$/.test(text);

type Surprise = FormatSurprise | "octal";

const surpriseOf = (scalar: PlainScalar): Surprise | undefined => {
	if (isFileMode(scalar)) return "octal";
	return isPrinted(scalar.path) ? formatSurprise(scalar.text) : undefined;
};

const sentenceFor = (scalar: PlainScalar, surprise: Surprise): string => {
	if (surprise === "octal") return `is decimal; for octal write 0o${scalar.text.slice(1)}`;
	const shown = scalar.text.length <= SHOWN_CHARACTERS && !isSecretPath(scalar.path);
	const quoted = shown ? `"${scalar.text}"` : "it in quotes";
	if ("text" in surprise) return `is text, no number or date; to say so write ${quoted}`;
	const printed = shown ? `prints as ${surprise.printed}` : "does not print as typed";
	return `${printed}; to keep it write ${quoted}`;
};

const warning = (text: string, scalar: PlainScalar, sentence: string): string => {
	const said = ` (vars line ${positionOf(text, scalar.offset).line}) ${sentence}`;
	return `${pathText(scalar.path, WARNING_LIMIT - said.length)}${said}`;
};

/**
 * One warning, at most 120 characters, for each plain scalar whose text a script would not get, or that misleads; after
 * the first 20 only how many more there are.
 */
export const formatWarnings = (text: string, scalars: readonly PlainScalar[]): string[] => {
	const found = scalars
		.map((scalar) => ({ scalar, surprise: surpriseOf(scalar) }))
		.filter((entry): entry is { scalar: PlainScalar; surprise: Surprise } => entry.surprise !== undefined);
	// Only these are put into words: to look at every key on the way to a value costs more than to read the value.
	const told = found
		.slice(0, MAX_TOLD)
		.map(({ scalar, surprise }) => warning(text, scalar, sentenceFor(scalar, surprise)));
	return more(told, found.length, "unquoted values that are no text or do not print as typed");
};

/** The warnings that are told, and one that counts the others, where there are any. */
export const more = (told: readonly string[], total: number, what: string): string[] =>
	total > told.length ? [...told, `${total - told.length} more ${what}`] : [...told];
