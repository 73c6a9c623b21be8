// The syntax tree of a TypeScript file, as far as mutants need it: nodes with a type and a place, and the code in them.
// Types are left out, since Node.js erases them: a change there changes nothing that runs.
import { parse } from "@babel/parser";

/** A node of Babel's syntax tree: https://github.com/babel/babel/blob/main/packages/babel-parser/ast/spec.md */
export interface Node {
	readonly type: string;
	/** Offsets in UTF-16 code units, as in JavaScript strings. */
	readonly start: number;
	readonly end: number;
	readonly [field: string]: unknown;
}

/** A node with those around it, the nearest first. */
export interface Visited {
	readonly node: Node;
	readonly ancestors: readonly Node[];
}

const SKIPPED_FIELDS: ReadonlySet<string> = new Set([
	"leadingComments",
	"trailingComments",
	"innerComments",
	"typeAnnotation",
	"typeParameters",
	"typeArguments",
	"returnType",
	"extra",
	"loc",
	"errors",
]);

/** What TypeScript adds around an expression; all else that begins with `TS` is a type. */
const TRANSPARENT: ReadonlySet<string> = new Set(["TSAsExpression", "TSNonNullExpression", "TSSatisfiesExpression"]);

const SKIPPED_NODES: ReadonlySet<string> = new Set(["ImportDeclaration", "ExportAllDeclaration"]);

const isNode = (value: unknown): value is Node =>
	typeof value === "object" && value !== null && typeof (value as { type?: unknown }).type === "string";

const isSkipped = ({ type }: Node): boolean =>
	SKIPPED_NODES.has(type) || (type.startsWith("TS") && !TRANSPARENT.has(type));

/** The children of a node in the order of its fields, without types. */
const childrenOf = (node: Node): Node[] =>
	Object.entries(node).flatMap(([field, value]) => {
		if (SKIPPED_FIELDS.has(field)) return [];
		return (Array.isArray(value) ? value : [value]).filter((one) => isNode(one) && !isSkipped(one)) as Node[];
	});

const visit = (node: Node, ancestors: readonly Node[], found: Visited[]): void => {
	found.push({ node, ancestors });
	const inside = [node, ...ancestors];
	for (const child of childrenOf(node)) visit(child, inside, found);
};

/**
 * Every node of a file that is code, from the outside to the inside.
 * @param text of a TypeScript module.
 * @throws SyntaxError where it is not one.
 */
export const nodesOf = (text: string): Visited[] => {
	const { program } = parse(text, { sourceType: "module", plugins: ["typescript"] });
	const found: Visited[] = [];
	visit(program as unknown as Node, [], found);
	return found;
};
