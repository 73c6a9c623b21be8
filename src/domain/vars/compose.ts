// Values out of nodes: every check of the tree that YAML itself does not make. Aliased parts are made once and shared,
// so a small text can never fill the memory; what it would come to when expanded is counted and bounded all the same.
import type { Value } from "../../template/value.ts";
import { TOKEN_START } from "../script/token.ts";
import type { MappingNode, Node, ScalarNode, SequenceNode } from "./nodes.ts";
import { plainValue, scalarReaders } from "./scalars.ts";
import { FORBIDDEN_SEGMENTS } from "./tree.ts";

/** Containers inside of containers, the top one included. */
export const MAX_DEPTH = 64;
/** What all aliases may come to, in characters and nodes: four times the largest text. */
export const MAX_EXPANDED = 1024 * 1024;
/** Keys that all `<<`, and all maps that are there twice, may copy together. */
export const MAX_MERGED_KEYS = 10_000;

/** Characters of a key. The longest key that Kubernetes knows, that of a label with its prefix, has 317. */
export const MAX_KEY_LENGTH = 512;

export type Path = readonly (string | number)[];

/** A mistake, at an offset in the text. `token` marks the one kind that is also looked for in the raw text. */
export interface Finding {
	offset: number;
	path: Path;
	message: string;
	hint?: string;
	token?: true;
	/** The tree has all that was written down all the same, so what it lacks is lacking. */
	whole?: true;
	/** Refused only where the text is new: objects that were stored before this limit existed keep working. */
	newOnly?: true;
}

/** A plain scalar and where it stands. */
export interface PlainScalar {
	offset: number;
	path: Path;
	text: string;
}

export interface Composition {
	value: Value;
	findings: Finding[];
	/** In order of the text, for warnings about number formats. */
	plainScalars: PlainScalar[];
}

/** A value with what it comes to when every alias in it is expanded. */
interface Sized {
	value: Value;
	/** Characters and nodes. */
	size: number;
	/** Containers on the longest way down. */
	height: number;
}

const NOTHING: Sized = { value: null, size: 1, height: 0 };
const CORE_TAG = /^(?:!!|!<tag:yaml\.org,2002:)([a-z]+)>?$/;
const QUOTE_TAG = "a value that begins with ! must be in quotes";
const QUOTE_ALIAS = "a value that begins with * must be in quotes";

const tagName = (tag: string): string => CORE_TAG.exec(tag)?.[1] ?? "";

const isMergeKey = (node: Node): boolean =>
	node.kind === "scalar" && node.plain && node.text === "<<" && (node.tag === "" || tagName(node.tag) === "merge");

class Composer {
	readonly findings: Finding[] = [];
	readonly plainScalars: PlainScalar[] = [];
	private readonly finished = new Map<Node, Sized>();
	/** Of every map that was made: what `<<` copies. */
	private readonly entries = new Map<Value, ReadonlyMap<string, Sized>>();
	private mergedKeys = 0;
	private heaviest: { size: number; offset: number; path: Path } = { size: 0, offset: 0, path: [] };

	compose(root: Node): Value {
		const { value, size } = this.value(root, [], 0);
		if (size <= MAX_EXPANDED) return value;
		const { offset, path } = this.heaviest;
		this.report({ offset, path }, `aliases expand to more than ${MAX_EXPANDED / 1024 / 1024} MiB`);
		// Whoever walks a tree walks every alias in it: this one would take for ever.
		return new Map();
	}

	private report(at: { offset: number; path: Path }, message: string, hint?: string): void {
		this.findings.push({ offset: at.offset, path: at.path, message, ...(hint === undefined ? {} : { hint }) });
	}

	/** A mistake that costs the tree nothing. */
	private object(finding: Omit<Finding, "whole">): void {
		this.findings.push({ ...finding, whole: true });
	}

	private value(node: Node, path: Path, depth: number): Sized {
		if (node.kind === "alias") return this.alias(node, path, depth);
		const sized = node.kind === "scalar" ? this.scalar(node, path) : this.container(node, path, depth + 1);
		this.finished.set(node, sized);
		return sized;
	}

	private alias(node: Extract<Node, { kind: "alias" }>, path: Path, depth: number): Sized {
		const at = { offset: node.offset, path };
		const { target } = node;
		if (target === "unknown") {
			this.report(at, "the alias names an anchor that does not exist", QUOTE_ALIAS);
			return NOTHING;
		}
		if (target === "cycle") {
			this.report(at, "the alias is inside of what it names: a cycle");
			return NOTHING;
		}
		// Only what was refused before, with a finding of its own, is not finished here.
		const sized = this.finished.get(target) ?? NOTHING;
		if (depth + sized.height > MAX_DEPTH) {
			this.report(at, `nested deeper than ${MAX_DEPTH} levels, aliases expanded`);
			return NOTHING;
		}
		if (sized.size > this.heaviest.size) this.heaviest = { size: sized.size, ...at };
		return sized;
	}

	private scalar(node: ScalarNode, path: Path): Sized {
		const at = { offset: node.offset, path };
		this.checkText(node.text, at);
		const size = 1 + node.text.length;
		if (node.tag === "") {
			if (node.plain) this.plainScalars.push({ ...at, text: node.text });
			return { value: node.plain ? plainValue(node.text) : node.text, size, height: 0 };
		}
		if (node.tag === "!") return { value: node.text, size, height: 0 };
		const value = scalarReaders.get(tagName(node.tag))?.(node.text);
		if (value !== undefined) return { value, size, height: 0 };
		this.report(at, "the tag is unknown, or the value is not what the tag says", QUOTE_TAG);
		return NOTHING;
	}

	/** What escapes can make of a text must be able to live in a script. */
	private checkText(text: string, at: { offset: number; path: Path }): void {
		if (text.includes("\0") || !text.isWellFormed()) {
			this.object({ ...at, message: "a NUL character or half a surrogate pair cannot be in a script" });
		}
		if (!text.includes(TOKEN_START)) return;
		const message = `${TOKEN_START} is how the controller marks secrets in scripts and cannot be used`;
		this.object({ ...at, message, token: true });
	}

	private container(node: SequenceNode | MappingNode, path: Path, depth: number): Sized {
		const name = node.kind === "sequence" ? "seq" : "map";
		const known = node.tag === "" || node.tag === "!" || tagName(node.tag) === name;
		if (!known) this.object({ offset: node.offset, path, message: "the tag is unknown", hint: QUOTE_TAG });
		if (depth > MAX_DEPTH) {
			this.report({ offset: node.offset, path }, `nested deeper than ${MAX_DEPTH} levels`);
			return NOTHING;
		}
		return node.kind === "sequence" ? this.sequence(node, path, depth) : this.mapping(node, path, depth);
	}

	private sequence(node: SequenceNode, path: Path, depth: number): Sized {
		const items = node.items.map((item, index) => this.value(item, [...path, index], depth));
		return {
			value: items.map(({ value }) => value),
			size: items.reduce((sum, { size }) => sum + size, 1),
			height: items.reduce((highest, { height }) => Math.max(highest, height), 0) + 1,
		};
	}

	private mapping(node: MappingNode, path: Path, depth: number): Sized {
		const map = new Map<string, Sized>();
		const merges: { sources: Sized; at: { offset: number; path: Path } }[] = [];
		const seen = new Set<string>();
		for (const { key, value } of node.entries) {
			const name = this.key(key, path);
			const here = name === undefined ? path : [...path, name];
			const sized = this.value(value, here, depth);
			const at = { offset: key.offset, path: here };
			if (name === undefined) continue;
			const merge = isMergeKey(key);
			const identity = merge ? "merge" : `key ${name}`;
			if (seen.has(identity)) this.object({ ...at, message: "the key is there twice" });
			if (merge) merges.push({ sources: sized, at });
			else map.set(name, this.both(map.get(name), sized, at));
			seen.add(identity);
		}
		for (const { sources, at } of merges) this.merge(map, sources, at);
		return this.finishMapping(map);
	}

	/**
	 * Of a key that is there twice: what either of two maps has is there, and the first value counts. Where that would copy too
	 * many keys, the second is lost.
	 */
	private both(one: Sized | undefined, other: Sized, at: { offset: number; path: Path }): Sized {
		if (one === undefined) return other;
		const [first, second] = [this.entries.get(one.value), this.entries.get(other.value)];
		if (first === undefined || second === undefined) return one;
		this.mergedKeys += first.size + second.size;
		if (this.mergedKeys <= MAX_MERGED_KEYS) return this.finishMapping(new Map([...second, ...first]));
		this.report(at, "the key is there too often");
		return one;
	}

	private finishMapping(map: ReadonlyMap<string, Sized>): Sized {
		const value = new Map<string, Value>();
		let size = 1;
		let height = 0;
		for (const [key, sized] of map) {
			value.set(key, sized.value);
			size += 1 + key.length + sized.size;
			height = Math.max(height, sized.height);
		}
		this.entries.set(value, map);
		return { value, size, height: height + 1 };
	}

	private key(node: Node, path: Path): string | undefined {
		const at = { offset: node.offset, path };
		if (node.kind !== "scalar") {
			this.report(at, "a key must be text, no list, map or alias");
			return undefined;
		}
		if (isMergeKey(node)) return "<<";
		const plain = node.plain && node.tag === "";
		const quoted = node.tag === "" || node.tag === "!" || tagName(node.tag) === "str";
		if (!quoted || (plain && typeof plainValue(node.text) !== "string")) {
			this.report(at, "a key must be text, no number, boolean or null", "put the key in quotes");
			return undefined;
		}
		if (FORBIDDEN_SEGMENTS.has(node.text)) {
			this.object({ ...at, path: [...path, node.text], message: "the key is not allowed" });
			return undefined;
		}
		if (node.text.length > MAX_KEY_LENGTH) {
			const message = `a key has ${node.text.length} characters, more than ${MAX_KEY_LENGTH}`;
			this.object({ ...at, message, newOnly: true });
		}
		this.checkText(node.text, at);
		this.finished.set(node, { value: node.text, size: 1 + node.text.length, height: 0 });
		return node.text;
	}

	private merge(into: Map<string, Sized>, sources: Sized, at: { offset: number; path: Path }): void {
		for (const source of Array.isArray(sources.value) ? sources.value : [sources.value]) {
			const entries = this.entries.get(source);
			if (entries === undefined) {
				this.report(at, "<< takes a map, an alias to a map, or a list of these");
				continue;
			}
			this.mergedKeys += entries.size;
			if (this.mergedKeys > MAX_MERGED_KEYS) {
				this.report(at, `<< copies more than ${MAX_MERGED_KEYS} keys`);
				return;
			}
			for (const [key, sized] of entries) if (!into.has(key)) into.set(key, sized);
		}
	}
}

/**
 * The value of a document's content, and all that is wrong with it: every finding at once, in order of the text except
 * for those about the whole. Values that were refused are null; where aliases expand to too much, nothing is left.
 */
export const compose = (root: Node): Composition => {
	const composer = new Composer();
	const value = composer.compose(root);
	return { value, findings: composer.findings, plainScalars: composer.plainScalars };
};
