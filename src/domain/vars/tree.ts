// Reading and changing the variable tree by path. Trees are never changed in place: the parsed vars are cached.
import type { Value, ValueMap } from "../../template/value.ts";

/** Names with a meaning in JavaScript. Maps would hold them safely; no later code has to be as careful. */
export const FORBIDDEN_SEGMENTS: ReadonlySet<string> = new Set(["__proto__", "constructor", "prototype"]);

/** Whether a value is a map of the tree (and no list, secret or scalar). */
export const isValueMap = (value: Value | undefined): value is ValueMap => value instanceof Map;

/** The value at a path, from the top; undefined where there is none. The empty path is the tree itself. */
export const getPath = (tree: ValueMap, path: readonly string[]): Value | undefined => {
	let value: Value | undefined = tree;
	for (const segment of path) value = isValueMap(value) ? value.get(segment) : undefined;
	return value;
};

/**
 * A tree in which the path holds the value; the given tree stays as it is. What is in the way (a scalar where a map is
 * needed) is replaced: where that would be a user's mistake, use `overlay`, which reports it.
 * @param path from the top, at least one segment
 */
export const setPath = (tree: ValueMap, path: readonly [string, ...string[]], value: Value): ValueMap => {
	const [segment, ...rest] = path;
	const [next, ...further] = rest;
	const copy = new Map(tree);
	const below = tree.get(segment);
	const child = isValueMap(below) ? below : new Map<string, Value>();
	copy.set(segment, next === undefined ? value : setPath(child, [next, ...further], value));
	return copy;
};
