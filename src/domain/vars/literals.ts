// Passwords written into `spec.vars` are allowed, as in the examples that users bring, but whoever may read the object
// reads them: so each gets a warning that says where it is and how to move it.
import type { Value, ValueMap } from "../../template/value.ts";
import { MAX_TOLD, more, WARNING_LIMIT } from "./formats.ts";
import { pathText } from "./position.ts";
import { isSecretKey } from "./secret-keys.ts";
import { isValueMap } from "./tree.ts";

/** What the pod's shell fills in is no literal. */
const SHELL_REFERENCE = /\$[({]/;
const PRIVATE_KEY = /-----BEGIN [A-Z ]*PRIVATE KEY/;
/** Text, and numbers: a password may consist of digits. Of a shell reference, the secret is elsewhere. */
const isLiteral = (value: Value): boolean =>
	typeof value === "bigint" ||
	typeof value === "number" ||
	(typeof value === "string" && value !== "" && !SHELL_REFERENCE.test(value));

type Path = readonly (string | number)[];

const warning = (path: Path): string => {
	const said = " is a literal secret; move it to the Secret of varsSecretRef, where its path is the key";
	return `${pathText(path, WARNING_LIMIT - said.length)}${said}`;
};

const literalsIn = (value: Value, path: Path, secret: boolean): Path[] => {
	if (isValueMap(value)) return [...value].flatMap(([key, item]) => literalsIn(item, [...path, key], isSecretKey(key)));
	if (Array.isArray(value)) return value.flatMap((item, index) => literalsIn(item, [...path, index], secret));
	const literal = secret ? isLiteral(value) : typeof value === "string" && PRIVATE_KEY.test(value);
	return literal ? [path] : [];
};

/**
 * One warning, at most 120 characters, for each value that looks like a secret and is written out: by its key's name, or
 * because it is a private key. The tree is that of vars after the Secrets' keys, so that what was moved is not warned of.
 */
export const literalSecretWarnings = (tree: ValueMap): string[] => {
	const paths = literalsIn(tree, [], false);
	return more(paths.slice(0, MAX_TOLD).map(warning), paths.length, "literal secrets");
};
