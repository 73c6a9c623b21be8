// `{{template}}` may not call itself, directly or round about: a script needs no recursion, and without it every rendering ends.
import { ParseFailure } from "../failure.ts";
import { limits } from "../limits.ts";
import { goQuote } from "../quote.ts";
import type { ListNode, StatementNode, TemplateNode } from "../tree.ts";

/**
 * Refuses templates that call themselves.
 * @throws ParseFailure on the line of the call that closes the circle
 */
export function checkRecursion(text: string, bodies: ReadonlyMap<string, ListNode>): void {
	const done = new Set<string>();
	const open = new Set<string>();
	const visit = (name: string): void => {
		open.add(name);
		for (const call of callsIn(bodies.get(name)?.nodes ?? [])) {
			if (open.has(call.name))
				throw new ParseFailure(lineOf(text, call), `template ${goQuote(call.name)} calls itself`);
			if (open.size > limits.depth)
				throw new ParseFailure(lineOf(text, call), `templates call one another more than ${limits.depth} deep`);
			if (!done.has(call.name)) visit(call.name);
		}
		open.delete(name);
		done.add(name);
	};
	for (const name of bodies.keys()) if (!done.has(name)) visit(name);
}

function callsIn(nodes: readonly StatementNode[]): TemplateNode[] {
	return nodes.flatMap((node) => {
		if (node.kind === "template") return [node];
		if (node.kind === "if" || node.kind === "with" || node.kind === "range")
			return [...callsIn(node.list.nodes), ...callsIn(node.otherwise?.nodes ?? [])];
		return [];
	});
}

function lineOf(text: string, { position }: TemplateNode): number {
	return text.slice(0, position).split("\n").length;
}
