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

/** Sets many paths as `setPath` does. */
export interface PathSetter {
	set(path: readonly [string, ...string[]], value: Value): void;
	/** The tree with all of them. */
	tree(): ValueMap;
}

/** A setter over a tree, which stays as it is: each map of it is copied once, however many paths lead through it. */
export const pathSetter = (tree: ValueMap): PathSetter => {
	const top = new Map(tree);
	const copies = new Set<ValueMap>();
	const childOf = (parent: Map<string, Value>, segment: string): Map<string, Value> => {
		const there = parent.get(segment);
		if (isValueMap(there) && copies.has(there)) return there as Map<string, Value>;
		const child = new Map(isValueMap(there) ? there : []);
		copies.add(child);
		parent.set(segment, child);
		return child;
	};
	return {
		set: (path, value) => {
			let map = top;
			for (const segment of path.slice(0, -1)) map = childOf(map, segment);
			map.set(path.at(-1) as string, value);
		},
		tree: () => top,
	};
};
