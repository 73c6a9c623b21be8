// Values that go over the tree by path: the controller's own, and those of Secrets. Two that cannot both be there, such as
// `Params` and `Params.password`, are a mistake that names both; the order in which they come changes nothing.
import { SecretValue, type Value, type ValueMap } from "../../template/value.ts";
import { emptyReport, type Problem, type Report } from "../report.ts";
import { pathText } from "./position.ts";
import { FORBIDDEN_SEGMENTS, getPath, isValueMap, pathSetter } from "./tree.ts";

/** One value and where it goes. */
export interface OverlayEntry {
	/** From the top, at least one segment. */
	segments: readonly [string, ...string[]];
	value: Value;
	/** What the messages call it: `Secret "backup-keys" key "Params.password"`. */
	source: string;
	/** The field that asked for it. */
	fieldPath: string;
}

export interface Overlaid {
	tree: ValueMap;
	report: Report;
}

const problem = (entry: OverlayEntry, message: string): Problem => ({
	path: entry.fieldPath,
	reason: "FieldValueInvalid",
	message: `${entry.source} ${message}`,
});

const kindOf = (value: Value): string => {
	if (value instanceof SecretValue) return `key "${value.key}" of Secret "${value.secretName}" sets it`;
	if (Array.isArray(value)) return "vars hold a list there";
	if (isValueMap(value)) return "vars hold a map there";
	return "vars hold a single value there";
};

const segmentProblem = (entry: OverlayEntry): Problem | undefined => {
	const forbidden = entry.segments.find((segment) => segment === "" || FORBIDDEN_SEGMENTS.has(segment));
	if (forbidden === undefined) return undefined;
	return problem(
		entry,
		forbidden === "" ? "is no path: it has an empty part" : `is no path: ${forbidden} is not allowed`,
	);
};

/** Null counts as nothing: `Params:` with no value is how one writes an empty map. */
const isEmpty = (value: Value | undefined): boolean =>
	value === undefined || value === null || (isValueMap(value) && value.size === 0);

const treeProblem = (tree: ValueMap, entry: OverlayEntry): Problem | undefined => {
	const { segments } = entry;
	for (let length = 1; length < segments.length; length++) {
		const above = getPath(tree, segments.slice(0, length)) ?? null;
		if (above === null) return undefined;
		if (isValueMap(above)) continue;
		return problem(entry, `lies under ${pathText(segments.slice(0, length))}, and ${kindOf(above)}`);
	}
	const there = getPath(tree, segments) ?? null;
	if (isEmpty(there) || !isValueMap(there) || isValueMap(entry.value)) return undefined;
	return problem(entry, `would replace ${pathText(segments)}, and ${kindOf(there)}`);
};

/** The entries by path, so that what lies above and below one is found by walking its path, however many there are. */
interface Branch {
	/** Those for exactly this path, by their place in the list. */
	entries: number[];
	below: Map<string, Branch>;
}

const newBranch = (): Branch => ({ entries: [], below: new Map() });

const branchesOf = (entries: readonly OverlayEntry[]): Branch => {
	const root = newBranch();
	for (const [index, { segments }] of entries.entries()) {
		let branch = root;
		for (const segment of segments) {
			const next = branch.below.get(segment) ?? newBranch();
			branch.below.set(segment, next);
			branch = next;
		}
		branch.entries.push(index);
	}
	return root;
};

/** Those above an entry, in the order of the list, and whether there are others below it. */
const neighbours = (root: Branch, { segments }: OverlayEntry): { above: number[]; isCovered: boolean } => {
	const above: number[] = [];
	let branch = root;
	for (const segment of segments) {
		above.push(...branch.entries);
		// The entry itself is in the tree.
		branch = branch.below.get(segment) as Branch;
	}
	return { above: above.sort((left, right) => left - right), isCovered: branch.below.size > 0 };
};

const collision = (entry: OverlayEntry, other: OverlayEntry): Problem =>
	problem(entry, `lies under ${pathText(other.segments)}, and ${other.source} sets it`);

/**
 * The tree with the entries over it.
 * Of entries for the very same path the last wins. An entry that collides with the tree or lies above another entry is
 * left out and reported. The time grows with the entries and the length of their paths, not with their square.
 */
export const overlay = (tree: ValueMap, entries: readonly OverlayEntry[]): Overlaid => {
	const report = emptyReport();
	const root = branchesOf(entries);
	const result = pathSetter(tree);
	for (const entry of entries) {
		const own = segmentProblem(entry) ?? treeProblem(tree, entry);
		const { above, isCovered } = neighbours(root, entry);
		const found = own === undefined ? above.map((index) => collision(entry, entries[index] as OverlayEntry)) : [own];
		report.errors.push(...found);
		if (own === undefined && !isCovered) result.set(entry.segments, entry.value);
	}
	return { tree: result.tree(), report };
};
