// Pipelines, commands and operands of Go templates: what stands between the braces when it is no keyword.

import { describe } from "../describe.ts";
import { isFunction } from "../functions/table.ts";
import { limits } from "../limits.ts";
import { goQuote, goUnquote } from "../quote.ts";
import type { CommandNode, NumberNode, OperandNode, PipeNode, StringNode, VariableNode } from "../tree.ts";
import type { Item, ItemType } from "./item.ts";
import type { Items } from "./items.ts";
import { readCharacter, readNumber } from "./number.ts";

/** What is known while one body is parsed. */
export interface Scope {
	readonly items: Items;
	/** Names of the variables declared so far, in order. */
	variables: string[];
	rangeDepth: number;
	/** Blocks and parentheses around the current place. */
	depth: number;
}

const operandStarts: ReadonlySet<ItemType> = new Set<ItemType>([
	"bool",
	"charConstant",
	"complex",
	"dot",
	"field",
	"identifier",
	"number",
	"nil",
	"rawString",
	"string",
	"variable",
	"leftParen",
]);
const values: ReadonlySet<string> = new Set(["bool", "dot", "nil", "number", "string"]);

/** Parses `$x, $y := command | command` up to `end`, which is taken. */
export function parsePipeline(scope: Scope, context: string, end: ItemType): PipeNode {
	const { items } = scope;
	const { position } = items.peekNonSpace();
	const { declarations, assigns } = parseDeclarations(scope, context);
	const commands: CommandNode[] = [];
	for (;;) {
		const item = items.nextNonSpace();
		if (item.type === end) break;
		if (!operandStarts.has(item.type)) items.unexpected(item, context);
		items.backup();
		commands.push(parseCommand(scope));
	}
	checkPipeline(items, commands, context);
	return { kind: "pipe", position, declarations, assigns, commands };
}

function parseDeclarations(scope: Scope, context: string): { declarations: VariableNode[]; assigns: boolean } {
	const { items } = scope;
	const declarations: VariableNode[] = [];
	while (items.peekNonSpace().type === "variable") {
		const variable = items.next();
		const after = items.peek();
		const following = items.peekNonSpace();
		if (following.type === "assign" || following.type === "declare") {
			items.nextNonSpace();
			declarations.push(declare(scope, variable));
			return { declarations, assigns: following.type === "assign" };
		}
		if (following.type !== "char" || following.text !== ",") {
			if (after.type === "space") items.backup3(variable, after);
			else items.backup2(variable);
			break;
		}
		items.nextNonSpace();
		declarations.push(declare(scope, variable));
		checkSecond(items, context, declarations.length);
	}
	return { declarations, assigns: false };
}

function checkSecond(items: Items, context: string, declared: number): void {
	if (context !== "range" || declared >= 2) items.fail(`too many declarations in ${context}`);
	if (!["variable", "rightDelim", "rightParen"].includes(items.peekNonSpace().type))
		items.fail("range can only initialize variables");
}

function declare(scope: Scope, variable: Item): VariableNode {
	scope.variables.push(variable.text);
	if (scope.variables.length > limits.variables) scope.items.fail(`more than ${limits.variables} variables`);
	return { kind: "variable", position: variable.position, names: [variable.text] };
}

function checkPipeline(items: Items, commands: readonly CommandNode[], context: string): void {
	if (commands.length === 0) items.fail(`missing value for ${context}`);
	const wrong = commands.findIndex(({ words }, index) => index > 0 && values.has((words[0] as OperandNode).kind));
	if (wrong > 0) items.fail(`non executable command in pipeline stage ${wrong + 1}`);
}

function parseCommand(scope: Scope): CommandNode {
	const { items } = scope;
	const { position } = items.peekNonSpace();
	// The caller has seen the start of an operand: no command is empty.
	const words: OperandNode[] = [];
	for (;;) {
		items.peekNonSpace();
		const operand = parseOperand(scope);
		if (operand !== undefined) words.push(operand);
		const item = items.next();
		if (item.type === "space") continue;
		if (item.type === "rightDelim" || item.type === "rightParen") items.backup();
		else if (item.type !== "pipe") items.unexpected(item, "operand");
		break;
	}
	return { kind: "command", position, words };
}

/** A term and the fields behind it. The position of `.a.b` is that of `.b`: Go's column. */
function parseOperand(scope: Scope): OperandNode | undefined {
	const { items } = scope;
	const term = parseTerm(scope);
	if (term === undefined || items.peek().type !== "field") return term;
	const { position } = items.peek();
	const names: string[] = [];
	while (items.peek().type === "field") names.push(items.next().text.slice(1));
	if (term.kind === "field" || term.kind === "variable") return { ...term, position, names: [...term.names, ...names] };
	if (values.has(term.kind)) items.fail(`unexpected . after term ${goQuote(describe(term))}`);
	return { kind: "chain", position, operand: term, names };
}

/** Undefined when what follows starts no operand. */
function parseTerm(scope: Scope): OperandNode | undefined {
	const { items } = scope;
	const item = items.nextNonSpace();
	const { position, text } = item;
	switch (item.type) {
		case "identifier":
			if (!isFunction(text)) items.fail(`function ${goQuote(text)} not defined`);
			return { kind: "function", position, name: text };
		case "dot":
			return { kind: "dot", position };
		case "nil":
			return { kind: "nil", position };
		case "variable":
			return variableInScope(scope, item);
		case "field":
			return { kind: "field", position, names: [text.slice(1)] };
		case "bool":
			return { kind: "bool", position, value: text === "true" };
		case "charConstant":
		case "complex":
		case "number":
			return parseNumber(items, item);
		case "leftParen":
			return parseParentheses(scope);
		case "string":
		case "rawString":
			return parseString(items, item);
		default:
			items.backup();
			return undefined;
	}
}

function variableInScope({ items, variables }: Scope, { text, position }: Item): VariableNode {
	if (text !== "$" && !variables.includes(text)) items.fail(`undefined variable ${goQuote(text)}`);
	return { kind: "variable", position, names: [text] };
}

function parseParentheses(scope: Scope): PipeNode {
	if (++scope.depth > limits.depth) scope.items.fail("max expression depth exceeded");
	const pipe = parsePipeline(scope, "parenthesized pipeline", "rightParen");
	scope.depth--;
	return pipe;
}

function parseNumber(items: Items, { type, text, position }: Item): NumberNode {
	const literal = type === "charConstant" ? readCharacter(text) : readNumber(text);
	if (typeof literal === "string") items.fail(literal);
	return { kind: "number", position, text, ...literal };
}

/** Reads a string literal: an operand, or the name in `define` and `template`. */
export function parseString(items: Items, { text, position }: Item): StringNode {
	const unquoted = goUnquote(text);
	if (unquoted === undefined) items.fail("invalid syntax");
	return { kind: "string", position, quoted: text, text: unquoted };
}
