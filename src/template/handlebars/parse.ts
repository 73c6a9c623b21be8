// Parses Handlebars templates into the common tree. The text is read by the handlebars package's parser, white space control
// included; nothing else of the package runs: no code is generated, and there are no partials, decorators or inline scripts.
import Handlebars from "handlebars";
import { ParseFailure } from "../failure.ts";
import type { ListNode, Program, StatementNode, TextNode } from "../tree.ts";
import { type Block, compileBlock } from "./blocks.ts";
import { compileMustache } from "./expressions.ts";
import { guardParser } from "./guard.ts";
import { rootScope, type Scope } from "./scope.ts";
import { Source } from "./source.ts";

/**
 * Parses a whole Handlebars template.
 * @throws ParseFailure
 */
export function parseHandlebars(name: string, text: string): Program {
	guardParser(text);
	const source = new Source(text);
	const root = compileList(parse(text), rootScope(source));
	return { name, text, bodies: new Map([[name, root]]) };
}

function parse(text: string): hbs.AST.Program {
	try {
		return Handlebars.parse(text);
	} catch (error) {
		throw syntaxFailure(error as Error & { lineNumber?: number });
	}
}

/** The package's messages hold the line, a drawing of the place, and what was expected; one line of it is enough. */
function syntaxFailure({ message, lineNumber }: Error & { lineNumber?: number }): ParseFailure {
	const match = /^(?:Parse|Lexical) error on line (\d+)[.:] ?(.*)(?:\n[\s\S]*)?\n(.*)$/.exec(message);
	if (match === null) return new ParseFailure(lineNumber as number, message.replace(/ - \d+:\d+$/, ""));
	const [, line, reason, expectation] = match as unknown as [string, string, string, string];
	return new ParseFailure(Number(line), reason || expectation.replace(/^Expecting .*, got /, "unexpected "));
}

function compileList(program: hbs.AST.Program | undefined, scope: Scope): ListNode {
	const nodes = (program?.body ?? []).flatMap((statement) => compileStatement(statement, scope));
	return { kind: "list", position: 0, nodes };
}

const refused: Readonly<Record<string, string>> = {
	PartialStatement: "partials are not supported",
	PartialBlockStatement: "partials are not supported",
	Decorator: "decorators are not supported",
	DecoratorBlock: "decorators and inline partials are not supported",
};

function compileStatement(statement: hbs.AST.Statement, scope: Scope): StatementNode[] {
	switch (statement.type) {
		case "ContentStatement":
			return [compileText(statement as hbs.AST.ContentStatement, scope)];
		case "CommentStatement":
			return [];
		case "MustacheStatement":
			return [compileMustache(statement as hbs.AST.MustacheStatement, scope)];
		case "BlockStatement":
			return [compileBlock(statement as Block, scope, compileList)];
		default:
			throw scope.source.failure(statement, refused[statement.type] as string);
	}
}

function compileText(statement: hbs.AST.ContentStatement, { source }: Scope): TextNode {
	return { kind: "text", position: source.start(statement), text: statement.value };
}
