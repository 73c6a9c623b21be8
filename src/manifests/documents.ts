// Manifests as people keep them: several documents in a file, Lists, comments. Every object keeps its place, so that a
// finding can name file and line.
import { constructFromEvents, type Event, parseEvents, YAMLException } from "js-yaml";
import type { KubernetesObject } from "../api/kubernetes.ts";
import { type Node, readNodes } from "../domain/vars/nodes.ts";
import { reasonWithoutText } from "../domain/vars/reason.ts";
import { KUBECTL_SCHEMA } from "./kubectlyaml.ts";

/** One object and where it stands. */
export interface Manifest {
	file: string;
	/**
	 * From 1: of the line that holds the field, or of as much of its path as is there.
	 * @param innerLine a line, from 1, of the field's own text: counts where that text is a block (`|`)
	 */
	lineOf(fieldPath: string, innerLine?: number): number;
	object: KubernetesObject;
}

/** Text that could not be read as manifests. */
export interface Unreadable {
	file: string;
	/** From 1. */
	line: number;
	message: string;
}

export interface ReadManifests {
	manifests: Manifest[];
	unreadable: Unreadable[];
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
	typeof value === "object" && value !== null && !Array.isArray(value);

/** `spec.list[0].name` → `["spec", "list", 0, "name"]`. */
const segmentsOf = (fieldPath: string): (string | number)[] =>
	[...fieldPath.matchAll(/\[(\d+)\]|([^.[\]]+)/g)].map(([, index, name]) =>
		index === undefined ? String(name) : Number(index),
	);

/** The child node and the offset of what names it: a key, or the item itself. */
const step = (node: Node, segment: string | number): { node: Node; offset: number } | undefined => {
	if (node.kind === "alias") return typeof node.target === "string" ? undefined : step(node.target, segment);
	if (node.kind === "sequence" && typeof segment === "number") {
		const item = node.items[segment];
		return item === undefined ? undefined : { node: item, offset: item.offset };
	}
	if (node.kind !== "mapping") return undefined;
	const entry = node.entries.find(({ key }) => key.kind === "scalar" && key.text === segment);
	return entry === undefined ? undefined : { node: entry.value, offset: entry.key.offset };
};

/** The node of the path, or of as much of it as is there, and the offset of what names it. */
const locate = (root: Node, segments: readonly (string | number)[]): { node: Node; offset: number } => {
	let found = { node: root, offset: root.offset };
	for (const segment of segments) {
		const next = step(found.node, segment);
		if (next === undefined) break;
		found = next;
	}
	return found;
};

/** Turns offsets into lines; the ends of lines are looked up once per file, and searched by halves. */
const lineCounter = (text: string): ((offset: number) => number) => {
	const ends = [...text.matchAll(/\r\n|\r|\n/g)].map((match) => match.index);
	return (offset) => {
		let [low, high] = [0, ends.length];
		while (low < high) {
			const middle = (low + high) >> 1;
			if ((ends[middle] as number) < offset) low = middle + 1;
			else high = middle;
		}
		return low + 1;
	};
};

interface Source {
	file: string;
	text: string;
	line: (offset: number) => number;
}

/** The end of the line on which a block begins: `|`, how it is indented and ends, perhaps a comment. */
const BLOCK_HEADER = /\|[-+0-9]*(?:[ \t]+#.*)?$/;

/** @param before the text between the begin of a key and its value */
const leadsToBlock = (before: string): boolean => {
	const header = before.trimEnd();
	return before.includes("\n", header.length) && BLOCK_HEADER.test(header.slice(header.lastIndexOf("\n") + 1));
};

/** Lines of a block stand in the file as they are; those of other texts may have been folded. */
const lineWithin = (
	source: Source,
	root: Node,
	path: readonly (string | number)[],
	innerLine: number | undefined,
): number => {
	const { node, offset } = locate(root, path);
	const isBlock = leadsToBlock(source.text.slice(offset, node.offset));
	return innerLine !== undefined && isBlock ? source.line(node.offset) + innerLine - 1 : source.line(offset);
};

const manifestOf = (
	source: Source,
	value: Record<string, unknown>,
	root: Node,
	prefix: readonly (string | number)[],
): Manifest => ({
	file: source.file,
	lineOf: (fieldPath, innerLine) => lineWithin(source, root, [...prefix, ...segmentsOf(fieldPath)], innerLine),
	object: value as KubernetesObject,
});

const isList = (value: Record<string, unknown>): boolean =>
	typeof value["kind"] === "string" && value["kind"].endsWith("List") && Array.isArray(value["items"]);

const expand = (source: Source, value: unknown, root: Node, prefix: readonly (string | number)[]): ReadManifests => {
	if (!isRecord(value)) {
		const line = source.line(locate(root, prefix).offset);
		return { manifests: [], unreadable: [{ file: source.file, line, message: "not a Kubernetes object: not a map" }] };
	}
	if (!isList(value)) return { manifests: [manifestOf(source, value, root, prefix)], unreadable: [] };
	const items = value["items"] as unknown[];
	return joined(items.map((item, index) => expand(source, item, root, [...prefix, "items", index])));
};

const joined = (parts: readonly ReadManifests[]): ReadManifests => ({
	manifests: parts.flatMap((part) => part.manifests),
	unreadable: parts.flatMap((part) => part.unreadable),
});

/** Never js-yaml's message: it quotes the lines around the mistake, which may hold a secret. */
const unreadable = (file: string, error: unknown): ReadManifests => {
	if (!(error instanceof YAMLException)) throw error;
	const line = (error.mark?.line ?? 0) + 1;
	return { manifests: [], unreadable: [{ file, line, message: `not valid YAML: ${reasonWithoutText(error.reason)}` }] };
};

const construct = (source: Source, text: string, events: Event[]): ReadManifests => {
	const values = constructFromEvents(events, { source: text, schema: KUBECTL_SCHEMA, maxAliases: 100 });
	const nodes = readNodes(text, events);
	return joined(
		values.map((value, index) => {
			const root = nodes[index]?.content;
			// Nothing but comments between two separators.
			return root === undefined || value === null ? joined([]) : expand(source, value, root, []);
		}),
	);
};

/**
 * The objects in a text of YAML or JSON documents; Lists are taken apart, empty documents left out.
 * @param file what the findings call it
 */
export const readManifests = (file: string, text: string): ReadManifests => {
	try {
		return construct({ file, text, line: lineCounter(text) }, text, parseEvents(text, {}));
	} catch (error) {
		return unreadable(file, error);
	}
};

/** Finds the line, from 1, that names a path in a text, or as much of the path as is there; undefined where nothing of it is. */
export type LineFinder = (path: string) => number | undefined;

const rootOf = (text: string): Node | undefined => {
	try {
		return readNodes(text, parseEvents(text, {}))[0]?.content;
	} catch (error) {
		if (error instanceof YAMLException) return undefined;
		throw error;
	}
};

/** A finder over a text of YAML, which is read once; in a text that is no YAML it finds nothing. */
export const lineFinder = (text: string): LineFinder => {
	const root = rootOf(text);
	const line = lineCounter(text);
	return (path) => {
		const [first = ""] = segmentsOf(path);
		if (root === undefined || step(root, first) === undefined) return undefined;
		return line(locate(root, segmentsOf(path)).offset);
	};
};
