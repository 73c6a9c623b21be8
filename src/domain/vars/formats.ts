// Warnings about scalars that do not print as they were typed: a port `0777` or a version `1.10` that a script gets as
// `777` and `1.1` is a backup of the wrong thing.
import type { Path, PlainScalar } from "./compose.ts";
import { pathText, positionOf } from "./position.ts";
import { type FormatSurprise, formatSurprise } from "./scalars.ts";
import { isSecretKey } from "./secret-keys.ts";

/** The API server cuts longer warnings. */
export const WARNING_LIMIT = 120;
/** Longer scalars are not repeated in a warning. */
const SHOWN_CHARACTERS = 20;

/** Whether the path lies under a key that holds secrets: its values must not be repeated, not even numbers. */
const isSecretPath = (path: Path): boolean =>
	path.some((segment) => typeof segment === "string" && isSecretKey(segment));

/** Pod options are no text of a script: only `env` prints its values. */
const isPrinted = (path: Path): boolean => path[0] !== "HelmValues" || path[1] === "env";

const sentence = (scalar: PlainScalar, surprise: FormatSurprise): string => {
	const shown = scalar.text.length <= SHOWN_CHARACTERS && !isSecretPath(scalar.path);
	const quoted = shown ? `"${scalar.text}"` : "it in quotes";
	if ("text" in surprise) return `is text, no number or date; to say so write ${quoted}`;
	const printed = shown ? `prints as ${surprise.printed}` : "does not print as typed";
	return `${printed}; to keep it write ${quoted}`;
};

const warning = (text: string, scalar: PlainScalar, surprise: FormatSurprise): string => {
	const said = ` (vars line ${positionOf(text, scalar.offset).line}) ${sentence(scalar, surprise)}`;
	return `${pathText(scalar.path, WARNING_LIMIT - said.length)}${said}`;
};

/** One warning, at most 120 characters, for each plain scalar whose text a script would not get, or that misleads. */
export const formatWarnings = (text: string, scalars: readonly PlainScalar[]): string[] =>
	scalars.flatMap((scalar) => {
		const surprise = isPrinted(scalar.path) ? formatSurprise(scalar.text) : undefined;
		return surprise === undefined ? [] : [warning(text, scalar, surprise)];
	});
