// Walks a template's tree and writes what it prints. A block whose condition could not be evaluated is skipped: what is wrong
// inside it is unknown until the condition is right.
import { FunctionError } from "../functions/function.ts";
import { print } from "../functions/printf.ts";
import { goQuote } from "../quote.ts";
import type { ActionNode, BranchNode, ListNode, StatementNode, TemplateNode } from "../tree.ts";
import { type Datum, isTrue, type Known, poison, type Slot } from "./datum.ts";
import { evaluatePipeline } from "./pipeline.ts";
import { walkRange } from "./range.ts";
import type { State } from "./state.ts";

/** How a list of nodes was left: at its end, or by `break` or `continue`. */
export type Jump = "break" | "continue" | undefined;

/** Runs a list of nodes. */
export function walkList(state: State, dot: Slot, list: ListNode): Jump {
	for (const node of list.nodes) {
		const jump = walkNode(state, dot, node);
		if (jump !== undefined) return jump;
	}
	return undefined;
}

function walkNode(state: State, dot: Slot, node: StatementNode): Jump {
	state.budget.spend(1);
	switch (node.kind) {
		case "text":
			return write(state, node.text);
		case "action":
			return walkAction(state, dot, node);
		case "if":
		case "with":
			return walkBranch(state, dot, node);
		case "range":
			return walkRange(state, dot, node);
		case "template":
			return walkTemplate(state, dot, node);
		default:
			return node.kind;
	}
}

function write(state: State, text: Parameters<State["output"]["write"]>[0]): undefined {
	state.output.write(text, state.budget);
}

function walkAction(state: State, dot: Slot, node: ActionNode): undefined {
	const value = evaluatePipeline(state, dot, node.pipe);
	if (value === poison || node.pipe.declarations.length > 0) return;
	try {
		write(state, print([value], state.budget));
	} catch (error) {
		if (!(error instanceof FunctionError)) throw error;
		state.node = node.pipe;
		state.fail(error.kind, error.message);
	}
}

function walkBranch(state: State, dot: Slot, node: BranchNode): Jump {
	const mark = state.variables.length;
	const value = evaluatePipeline(state, dot, node.pipe);
	const jump = value === poison ? undefined : walkChosen(state, dot, node, value);
	state.variables.length = mark;
	return jump;
}

function walkChosen(state: State, dot: Slot, node: BranchNode, value: Known): Jump {
	if (isTrue(value)) return walkList(state, node.kind === "with" ? { value, boxed: false } : dot, node.list);
	return node.otherwise === undefined ? undefined : walkList(state, dot, node.otherwise);
}

function walkTemplate(state: State, dot: Slot, node: TemplateNode): undefined {
	state.node = node;
	const body = state.program.bodies.get(node.name);
	if (body === undefined) {
		state.fail("execution", `template ${goQuote(node.name)} not defined`);
		return;
	}
	const value = node.pipe === undefined ? undefined : evaluatePipeline(state, dot, node.pipe);
	if (value !== poison) walkBody(state, node.name, body, value);
}

function walkBody(state: State, name: string, list: ListNode, value: Datum): void {
	const { body, variables } = state;
	state.body = name;
	state.variables = [{ name: "$", value, boxed: false }];
	walkList(state, { value, boxed: false }, list);
	state.variables = variables;
	state.body = body;
}
