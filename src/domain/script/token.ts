// How a script says "this secret goes here" without holding it. A token names an environment variable, which the pod
// gets by secretKeyRef, and what is done to its value before it takes the token's place (see objects/bootstrap.sh).
//
// Grammar:
//   token       = "@BMC{" environment *( ":" transform ) "}@"
//   environment = "BMC_" readable "_" hash      readable: [A-Z0-9_]{1,40}, hash: 16 lower-case hex digits
//   transform   = "shellQuote" | "quote" | "squote" | "b64enc" | "urlquery"      applied from left to right
// A token holds no newline, no quote and no white space, so that it stays whole wherever a template prints it.
import { createHash } from "node:crypto";
import type { SecretTransform, SecretValue } from "../../template/value.ts";

/** Text that contains this is refused in templates and variables: only we write it. */
export const TOKEN_START = "@BMC{";
const TOKEN_END = "}@";

/** Environment variables with this prefix are ours: users' `env` may not use it, and the script never sees them. */
export const RESERVED_ENVIRONMENT_PREFIX = "BMC_";

const READABLE_LENGTH = 40;
const HASH_LENGTH = 16;

/**
 * The environment variable that carries a data key of a Secret into the pod.
 * It derives from the names alone, never from a position, so that a Job never meets a script made for other variables.
 * @returns at most 61 characters of `[A-Za-z0-9_]`, e.g. `BMC_PARAMS_PASSWORD_0d3b8fe0b4a2b1c9`
 */
export const environmentName = (secretName: string, key: string): string => {
	const readable = key
		.toUpperCase()
		.replace(/[^A-Z0-9]/g, "_")
		.slice(0, READABLE_LENGTH);
	// Neither a Secret's name nor a data key may contain a slash, so two pairs never give the same text.
	const hash = createHash("sha256").update(`${secretName}/${key}`).digest("hex").slice(0, HASH_LENGTH);
	return `${RESERVED_ENVIRONMENT_PREFIX}${readable}_${hash}`;
};

/**
 * The text that stands for a secret in a script until the pod replaces it.
 * @param transforms what is done to the value at run time, in order
 */
export const tokenFor = (secret: SecretValue, transforms: readonly SecretTransform[]): string => {
	const name = environmentName(secret.secretName, secret.key);
	return `${TOKEN_START}${[name, ...transforms].join(":")}${TOKEN_END}`;
};

/** Whether the text holds, or could be taken to hold, a token. */
export const containsToken = (text: string): boolean => text.includes(TOKEN_START);
