// The events of js-yaml's parser as a tree that still knows where everything was. Values are made from it in a second
// step, because aliases must be counted, checked for cycles and bounded in size before anything is expanded.
import type { Event } from "js-yaml";
import { EVENT_ID, getScalarValue, SCALAR_STYLE } from "js-yaml";

interface Located {
	/** Offset in the text, UTF-16 units. */
	readonly offset: number;
	/** As written (`!!str`), empty where there is none. */
	readonly tag: string;
}

export interface ScalarNode extends Located {
	readonly kind: "scalar";
	readonly text: string;
	/** Unquoted: the only style whose type is guessed. */
	readonly plain: boolean;
}

export interface SequenceNode extends Located {
	readonly kind: "sequence";
	readonly items: Node[];
}

export interface MappingNode extends Located {
	readonly kind: "mapping";
	readonly entries: { key: Node; value: Node }[];
}

export interface AliasNode extends Located {
	readonly kind: "alias";
	/** `unknown`: there is no such anchor; `cycle`: it is inside of what it names. */
	readonly target: Node | "unknown" | "cycle";
}

export type Node = ScalarNode | SequenceNode | MappingNode | AliasNode;

export interface DocumentNode {
	/** Undefined where there is nothing but comments. */
	readonly content: Node | undefined;
	/** Where something of it begins; undefined for a document without any character of its own. */
	readonly offset: number | undefined;
	/** A `%TAG` directive redefines what tags mean. */
	readonly redefinesTags: boolean;
}

const ABSENT = -1;

/** A container that is being filled: a cursor of the walk below. */
interface Open {
	readonly node: SequenceNode | MappingNode;
	/** The key that waits for its value. */
	key: Node | undefined;
}

type NodeEvent = Exclude<Event, { type: typeof EVENT_ID.DOCUMENT | typeof EVENT_ID.POP }>;

const offsetOf = (event: NodeEvent, fallback: number): number => {
	if (event.type === EVENT_ID.ALIAS) return event.anchorStart - 1;
	if (event.tagStart !== ABSENT) return event.tagStart;
	if (event.type !== EVENT_ID.SCALAR) return event.start;
	if (event.valueStart === ABSENT) return fallback;
	const quoted = event.style === SCALAR_STYLE.SINGLE_QUOTED || event.style === SCALAR_STYLE.DOUBLE_QUOTED;
	return quoted ? event.valueStart - 1 : event.valueStart;
};

const add = (open: Open, node: Node): void => {
	if (open.node.kind === "sequence") open.node.items.push(node);
	else if (open.key === undefined) open.key = node;
	else {
		open.node.entries.push({ key: open.key, value: node });
		open.key = undefined;
	}
};

/** Reads the events of one stream, one document after another. */
class Reader {
	readonly documents: DocumentNode[] = [];
	private readonly text: string;
	private stack: Open[] = [];
	private anchors = new Map<string, Node>();
	private content: Node | undefined;
	private firstOffset: number | undefined;
	private lastOffset = 0;
	private redefinesTags = false;

	constructor(text: string) {
		this.text = text;
	}

	read(events: readonly Event[]): DocumentNode[] {
		for (const event of events) {
			if (event.type === EVENT_ID.DOCUMENT) this.begin(event.directives.some(({ kind }) => kind === "tag"));
			else if (event.type === EVENT_ID.POP) this.close();
			else this.node(event);
		}
		return this.documents;
	}

	private begin(redefinesTags: boolean): void {
		this.redefinesTags = redefinesTags;
		this.anchors = new Map();
		this.content = undefined;
		this.firstOffset = undefined;
	}

	private close(): void {
		if (this.stack.pop() !== undefined) return;
		const { content, firstOffset: offset, redefinesTags } = this;
		this.documents.push({ content, offset, redefinesTags });
	}

	private node(event: NodeEvent): void {
		this.lastOffset = offsetOf(event, this.lastOffset);
		const empty = event.type === EVENT_ID.SCALAR && event.valueStart === ABSENT && event.tagStart === ABSENT;
		if (!empty) this.firstOffset ??= this.lastOffset;
		const node = this.toNode(event);
		if (event.type !== EVENT_ID.ALIAS && event.anchorStart !== ABSENT) {
			this.anchors.set(this.text.slice(event.anchorStart, event.anchorEnd), node);
		}
		const parent = this.stack.at(-1);
		if (parent !== undefined) add(parent, node);
		else if (!empty) this.content = node;
		if (node.kind === "sequence" || node.kind === "mapping") this.stack.push({ node, key: undefined });
	}

	private toNode(event: NodeEvent): Node {
		const offset = this.lastOffset;
		if (event.type === EVENT_ID.ALIAS) return { kind: "alias", offset, tag: "", target: this.target(event) };
		const tag = event.tagStart === ABSENT ? "" : this.text.slice(event.tagStart, event.tagEnd);
		if (event.type === EVENT_ID.SEQUENCE) return { kind: "sequence", offset, tag, items: [] };
		if (event.type === EVENT_ID.MAPPING) return { kind: "mapping", offset, tag, entries: [] };
		const plain = event.style === SCALAR_STYLE.PLAIN;
		return { kind: "scalar", offset, tag, text: getScalarValue(this.text, event), plain };
	}

	private target(event: Extract<Event, { type: typeof EVENT_ID.ALIAS }>): AliasNode["target"] {
		const node = this.anchors.get(this.text.slice(event.anchorStart, event.anchorEnd));
		if (node === undefined) return "unknown";
		return this.stack.some((open) => open.node === node) ? "cycle" : node;
	}
}

/** The documents of a stream of parser events. Never fails: what is wrong with aliases is said in their nodes. */
export const readNodes = (text: string, events: readonly Event[]): DocumentNode[] => new Reader(text).read(events);
