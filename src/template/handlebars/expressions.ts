// Handlebars' expressions in terms of the common tree: paths are variables with fields, helpers are the functions.
import { isFunction } from "../functions/table.ts";
import { readNumber } from "../gotemplate/number.ts";
import { goQuote } from "../quote.ts";
import type { ActionNode, CommandNode, NumberNode, OperandNode, PipeNode, VariableNode } from "../tree.ts";
import type { Scope } from "./scope.ts";

type Called = Pick<hbs.AST.SubExpression, "params"> & { path: hbs.AST.Expression; hash?: hbs.AST.Hash };

/** `{{x}}`, `{{{x}}}` and `{{helper x}}`: all print as is, scripts are no HTML. */
export function compileMustache(statement: hbs.AST.MustacheStatement, scope: Scope): ActionNode {
	const { path, params } = statement;
	if (path.type !== "PathExpression") throw scope.source.failure(path, "a literal is not printed: write its text");
	// A name alone is a field even where a helper has it: no helper has a use without arguments.
	const called = params.length > 0 || statement.hash !== undefined;
	const pipe = called ? compileCall(statement, scope) : pipeOf(compilePath(path as hbs.AST.PathExpression, scope));
	return { kind: "action", position: pipe.position, pipe };
}

function isHelper({ original, parts, data }: hbs.AST.PathExpression): boolean {
	return !data && parts[0] === original && isFunction(original);
}

function compileCall({ path, params, hash }: Called, scope: Scope): PipeNode {
	const { source } = scope;
	if (hash !== undefined) throw source.failure(hash, "named arguments are not supported");
	const name = source.between(path, path);
	if (path.type !== "PathExpression" || !isHelper(path as hbs.AST.PathExpression))
		throw source.failure(path, `helper ${goQuote(name)} not defined`);
	const position = source.start(path);
	const words = params.map((parameter) => compileOperand(parameter, scope));
	const written = source.between(path, params.at(-1) ?? path);
	const command: CommandNode = {
		kind: "command",
		position,
		source: written,
		words: [{ kind: "function", position, name }, ...words],
	};
	return { kind: "pipe", position, source: written, declarations: [], assigns: false, commands: [command] };
}

function pipeOf(operand: VariableNode): PipeNode {
	const { position, source } = operand;
	const where = { position, source: source as string };
	const command: CommandNode = { kind: "command", ...where, words: [operand] };
	return { kind: "pipe", ...where, declarations: [], assigns: false, commands: [command] };
}

/** One argument. */
export function compileOperand(expression: hbs.AST.Expression, scope: Scope): OperandNode {
	const position = scope.source.start(expression);
	const source = scope.source.between(expression, expression);
	switch (expression.type) {
		case "PathExpression":
			return compilePath(expression as hbs.AST.PathExpression, scope);
		case "SubExpression":
			return compileCall(expression as hbs.AST.SubExpression, scope);
		case "StringLiteral":
			return { kind: "string", position, source, quoted: source, text: (expression as hbs.AST.StringLiteral).value };
		case "NumberLiteral":
			return compileNumber(expression, scope);
		case "BooleanLiteral":
			return { kind: "bool", position, source, value: (expression as hbs.AST.BooleanLiteral).value };
		default:
			return { kind: "nil", position, source };
	}
}

/** Read from the text, not from JavaScript's number: integers keep their 64 bits. */
function compileNumber(expression: hbs.AST.Expression, { source }: Scope): NumberNode {
	const text = source.between(expression, expression);
	const literal = readNumber(text.replace(/^(-?)0+(?=\d)/, "$1"));
	if (typeof literal === "string") throw source.failure(expression, literal);
	return { kind: "number", position: source.start(expression), source: text, text, ...literal };
}

function compilePath(path: hbs.AST.PathExpression, scope: Scope): VariableNode {
	const [variable, names] = path.data ? dataVariable(path, scope) : contextVariable(path, scope);
	const { source } = scope;
	return {
		kind: "variable",
		position: source.start(path),
		source: source.between(path, path),
		names: [variable, ...names],
		intoLists: true,
	};
}

/** `@root`, `@index` …; `@../index` is that of the loop around. */
function dataVariable(path: hbs.AST.PathExpression, { source, loops }: Scope): [string, string[]] {
	const [name, ...names] = path.parts as [string, ...string[]];
	if (name === "root") return ["$", names];
	if (name !== "index" && name !== "key" && name !== "first" && name !== "last")
		throw source.failure(path, `@${name} is not defined`);
	const loop = loops.at(-1 - path.depth);
	if (loop === undefined) throw source.failure(path, `@${name} is used outside of #each`);
	return [loop[name], names];
}

function contextVariable(path: hbs.AST.PathExpression, scope: Scope): [string, string[]] {
	const { parts, depth } = path;
	const [first, ...others] = parts;
	// `this.x` and `./x` are fields even where a block parameter has that name.
	const scoped = depth > 0 || /^(this\b|\.)/.test(path.original);
	const parameter = scoped ? undefined : scope.parameters.get(first as string);
	if (parameter !== undefined) return [parameter, others];
	const context = scope.contexts.at(-1 - depth);
	if (context === undefined) throw scope.source.failure(path, "../ leads out of the template");
	return [context, parts];
}
