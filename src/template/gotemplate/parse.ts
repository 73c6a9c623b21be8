// Parses Go templates into the common tree: texts, actions and blocks. It takes text/template's parser as its model, because
// what is a mistake, in which words and on which line, is what users of Go templates know.

import { limits } from "../limits.ts";
import { goQuote } from "../quote.ts";
import type { ActionNode, ListNode, PipeNode, Program, StatementNode, TemplateNode, TextNode } from "../tree.ts";
import { parsePipeline, parseString, type Scope } from "./expressions.ts";
import type { Item } from "./item.ts";
import { Items } from "./items.ts";
import { checkRecursion } from "./recursion.ts";

/** How a list of nodes ended: `{{end}}`, or `{{else}}`, behind which an `if` or `with` may be pending. */
type Ending = "end" | "else";

interface Body {
	readonly scope: Scope;
	readonly bodies: Map<string, ListNode>;
}

type Control = "if" | "with" | "range";

/**
 * Parses a whole Go template.
 * @returns the bodies by name; the template's own is under `name`
 * @throws ParseFailure with Go's message where text/template refuses it too
 */
export function parseGoTemplate(name: string, text: string): Program {
	const bodies = new Map<string, ListNode>();
	const scope = newScope(new Items(name, text));
	const root = parseTop({ scope, bodies });
	addBody({ scope, bodies }, name, root);
	checkRecursion(text, bodies);
	return { name, text, bodies };
}

function newScope(items: Items): Scope {
	return { items, variables: [], rangeDepth: 0, depth: 0 };
}

function parseTop(body: Body): ListNode {
	const { items } = body.scope;
	const { position } = items.peek();
	const nodes: StatementNode[] = [];
	while (items.peek().type !== "eof") {
		if (items.peek().type === "leftDelim") {
			const delimiter = items.next();
			if (items.nextNonSpace().type === "define") {
				parseDefinition({ scope: newScope(items), bodies: body.bodies });
				continue;
			}
			items.backup2(delimiter);
		}
		const node = parseTextOrAction(body);
		if (typeof node === "string") return items.fail(`unexpected {{${node}}}`);
		nodes.push(node);
	}
	return { kind: "list", position, nodes };
}

function parseDefinition(body: Body): void {
	const { items } = body.scope;
	const context = "define clause";
	const name = parseString(items, items.expect(["string", "rawString"], context)).text;
	items.expect(["rightDelim"], context);
	const { list, ending } = parseList(body);
	if (ending !== "end") items.fail(`unexpected {{${ending}}} in ${context}`);
	addBody(body, name, list);
}

function addBody({ scope, bodies }: Body, name: string, list: ListNode): void {
	const existing = bodies.get(name);
	if (existing === undefined || isEmpty(existing)) bodies.set(name, list);
	else if (!isEmpty(list)) scope.items.fail(`template: multiple definition of template ${goQuote(name)}`);
}

function isEmpty(list: ListNode): boolean {
	return list.nodes.every((node) => node.kind === "text" && /^\p{White_Space}*$/u.test(node.text));
}

function parseList(body: Body): { list: ListNode; ending: Ending } {
	const { items } = body.scope;
	if (++body.scope.depth > limits.depth) items.fail(`blocks are nested more than ${limits.depth} deep`);
	const { position } = items.peekNonSpace();
	const nodes: StatementNode[] = [];
	while (items.peekNonSpace().type !== "eof") {
		const node = parseTextOrAction(body);
		if (typeof node === "string") {
			body.scope.depth--;
			return { list: { kind: "list", position, nodes }, ending: node };
		}
		nodes.push(node);
	}
	return items.fail("unexpected EOF");
}

function parseTextOrAction(body: Body): StatementNode | Ending {
	const { items } = body.scope;
	const item = items.nextNonSpace();
	if (item.type === "text") return textNode(item);
	if (item.type !== "leftDelim") items.unexpected(item, "input");
	items.actionLine = item.line;
	const node = parseAction(body);
	items.actionLine = 0;
	return node;
}

function textNode({ text, position }: Item): TextNode {
	return { kind: "text", position, text };
}

function parseAction(body: Body): StatementNode | Ending {
	const { items } = body.scope;
	const item = items.nextNonSpace();
	switch (item.type) {
		case "if":
		case "with":
		case "range":
			return parseControl(body, item.type);
		case "else":
			return parseElse(items);
		case "end":
			items.expect(["rightDelim"], "end");
			return "end";
		case "break":
		case "continue":
			return parseJump(body, item);
		case "template":
			return parseTemplateCall(body);
		case "block":
			return parseBlock(body);
		default:
			items.backup();
			return parsePlainAction(body);
	}
}

function parsePlainAction({ scope }: Body): ActionNode {
	const { position } = scope.items.peek();
	return { kind: "action", position, pipe: parsePipeline(scope, "command", "rightDelim") };
}

function parseElse(items: Items): Ending {
	const { type } = items.peekNonSpace();
	// `{{else if …}}` is read as `{{else}}{{if …}}` by the block that it belongs to.
	if (type !== "if" && type !== "with") items.expect(["rightDelim"], "else");
	return "else";
}

function parseJump({ scope }: Body, { type, position }: Item): StatementNode {
	const kind = type as "break" | "continue";
	const item = scope.items.nextNonSpace();
	if (item.type !== "rightDelim") scope.items.unexpected(item, `{{${kind}}}`);
	if (scope.rangeDepth === 0) scope.items.fail(`{{${kind}}} outside {{range}}`);
	return { kind, position };
}

function parseTemplateCall({ scope }: Body): TemplateNode {
	const { items } = scope;
	const context = "template clause";
	const item = items.expect(["string", "rawString"], context);
	const name = parseString(items, item).text;
	let pipe: PipeNode | undefined;
	if (items.nextNonSpace().type !== "rightDelim") {
		items.backup();
		pipe = parsePipeline(scope, context, "rightDelim");
	}
	return { kind: "template", position: item.position, name, pipe };
}

/** `{{block "name" pipeline}}…{{end}}` is a `{{define}}` of that name and a `{{template}}` in its place. */
function parseBlock({ scope, bodies }: Body): TemplateNode {
	const { items } = scope;
	const context = "block clause";
	const item = items.expect(["string", "rawString"], context);
	const name = parseString(items, item).text;
	const pipe = parsePipeline(scope, context, "rightDelim");
	const { line } = items;
	items.actionLine = 0;
	// It is a body of its own, without our variables and loops, but nested as deep as it stands.
	const own: Body = { scope: { ...newScope(items), depth: scope.depth }, bodies };
	const { list, ending } = parseList(own);
	if (ending !== "end") items.fail(`unexpected {{${ending}}} in ${context}`, line);
	addBody(own, name, list);
	return { kind: "template", position: item.position, name, pipe };
}

function parseControl(body: Body, kind: Control): StatementNode {
	const { scope } = body;
	const visible = scope.variables.length;
	const pipe = parsePipeline(scope, kind, "rightDelim");
	if (kind === "range") scope.rangeDepth++;
	const { list, ending } = parseList(body);
	if (kind === "range") scope.rangeDepth--;
	const otherwise = ending === "else" ? parseOtherwise(body, kind) : undefined;
	scope.variables.length = visible;
	return { kind, position: pipe.position, pipe, list, otherwise };
}

function parseOtherwise(body: Body, kind: Control): ListNode {
	const { items } = body.scope;
	const pending = items.peek();
	if (kind !== "range" && pending.type === kind) {
		items.next();
		body.scope.depth++;
		const nested = parseControl(body, kind);
		body.scope.depth--;
		return { kind: "list", position: pending.position, nodes: [nested] };
	}
	const { list, ending } = parseList(body);
	if (ending !== "end") items.fail(`expected end; found {{${ending}}}`);
	return list;
}
