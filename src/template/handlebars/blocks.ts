// Handlebars' blocks in terms of the common tree: `#if` and `#unless` are `if`, `#with` is an `if` that declares a context,
// `#each` is a `range`.
import type { CommandNode, ListNode, OperandNode, PipeNode, StatementNode, VariableNode } from "../tree.ts";
import { compileOperand } from "./expressions.ts";
import { type Scope, withContext, withLoop } from "./scope.ts";

/** As the parser gives it: one of the two programs may be absent. */
export interface Block extends Omit<hbs.AST.BlockStatement, "program" | "inverse" | "hash"> {
	program?: hbs.AST.Program;
	inverse?: hbs.AST.Program;
	hash?: hbs.AST.Hash;
}

type CompileList = (program: hbs.AST.Program | undefined, scope: Scope) => ListNode;

/** @throws ParseFailure */
export function compileBlock(block: Block, scope: Scope, compileList: CompileList): StatementNode {
	const [subject] = block.params as [hbs.AST.Expression];
	switch (checkedName(block, scope)) {
		case "if":
		case "unless":
			return compileCondition(block, scope, compileList);
		case "with":
			return compileWith(block, subject, scope, compileList);
		default:
			return compileEach(block, subject, scope, compileList);
	}
}

const blocks: ReadonlySet<string> = new Set(["if", "unless", "with", "each"]);

function checkedName({ path, params, hash }: Block, { source }: Scope): string {
	if (!blocks.has(path.original)) throw source.failure(path, `block ${path.original} not defined`);
	if (params.length !== 1) throw source.failure(path, `#${path.original} takes one value, not ${params.length}`);
	if (hash !== undefined) throw source.failure(hash, "named arguments are not supported");
	return path.original;
}

function compileCondition(block: Block, scope: Scope, compileList: CompileList): StatementNode {
	const [subject] = block.params as [hbs.AST.Expression];
	return {
		kind: "if",
		position: scope.source.start(block as never),
		pipe: asking(`#${block.path.original}`, compileOperand(subject, scope)),
		list: compileList(block.program, scope),
		otherwise: compileList(block.inverse, scope),
	};
}

function compileWith(block: Block, subject: hbs.AST.Expression, scope: Scope, compileList: CompileList): StatementNode {
	const context = `#${scope.contexts.length}`;
	const value = pipeOf(compileOperand(subject, scope), context);
	return {
		kind: "if",
		position: scope.source.start(block as never),
		pipe: asking("#with", value),
		list: compileList(block.program, withContext(scope, context, block.program?.blockParams ?? [])),
		otherwise: compileList(block.inverse, scope),
	};
}

function compileEach(block: Block, subject: hbs.AST.Expression, scope: Scope, compileList: CompileList): StatementNode {
	const item = `#${scope.contexts.length}`;
	const loop = { item, index: `${item}@index`, key: `${item}@key`, first: `${item}@first`, last: `${item}@last` };
	return {
		kind: "range",
		position: scope.source.start(block as never),
		pipe: pipeOf(compileOperand(subject, scope)),
		list: compileList(block.program, withLoop(scope, loop, block.program?.blockParams ?? [])),
		otherwise: compileList(block.inverse, scope),
		loop,
	};
}

/** `internal (value)`: what decides about a block. */
function asking(internal: string, value: OperandNode): PipeNode {
	const { position, source } = value;
	return pipeOfWords([{ kind: "function", position, name: internal }, value], position, source);
}

function pipeOf(value: OperandNode, declares?: string): PipeNode {
	const { position, source } = value;
	const declaration: VariableNode[] = declares === undefined ? [] : [{ kind: "variable", position, names: [declares] }];
	return { ...pipeOfWords([value], position, source), declarations: declaration };
}

function pipeOfWords(words: OperandNode[], position: number, source: string | undefined): PipeNode {
	const where = { position, source: source as string };
	const command: CommandNode = { kind: "command", ...where, words };
	return { kind: "pipe", ...where, declarations: [], assigns: false, commands: [command] };
}
