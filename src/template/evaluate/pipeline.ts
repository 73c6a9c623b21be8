// Evaluates pipelines. The order of evaluation, and the node that is current when something fails, are text/template's: both
// show in messages.
import { describe } from "../describe.ts";
import type { ParameterType } from "../functions/function.ts";
import type { CommandNode, NumberNode, OperandNode, PipeNode } from "../tree.ts";
import { callFunction } from "./call.ts";
import { type Datum, isSecret, NativeInt, poison, type Slot, typeName } from "./datum.ts";
import { fieldChain, variableValue } from "./fields.ts";
import type { State } from "./state.ts";

/** No value comes from the command before. */
export const absent = Symbol("absent");
export type Final = Datum | typeof absent;

/** Evaluates a pipeline and declares or assigns its variables. A null in a map becomes no value at all. */
export function evaluatePipeline(state: State, dot: Slot, pipe: PipeNode): Datum {
	state.node = pipe;
	let value: Final = absent;
	for (const command of pipe.commands) {
		value = evaluateCommand(state, dot, command, value) ?? undefined;
		if (value === poison) break;
	}
	const result = value as Datum;
	for (const { names } of pipe.declarations) {
		const name = names[0] as string;
		if (!pipe.assigns) state.variables.push({ name, value: result, boxed: false });
		else if (!assign(state, name, { value: result, boxed: false })) return poison;
	}
	return result;
}

/** Gives a declared variable another value; false, with an error, when there is none of that name. */
export function assign(state: State, name: string, { value, boxed }: Slot): boolean {
	const variable = state.variable(name);
	if (variable === undefined) {
		state.fail("execution", `undefined variable: ${name}`);
		return false;
	}
	variable.value = value;
	variable.boxed = boxed;
	return true;
}

function evaluateCommand(state: State, dot: Slot, command: CommandNode, final: Final): Datum {
	state.budget.spend(1);
	const [first] = command.words as [OperandNode];
	const called = command.words.length > 1 || final !== absent;
	switch (first.kind) {
		case "field":
		case "chain":
		case "variable":
			return evaluatePath(state, dot, first, called);
		case "function":
			state.node = first;
			return callFunction(state, dot, { name: first.name, node: command, words: command.words.slice(1), final });
		case "pipe":
			return called ? notAFunction(state, first) : evaluatePipeline(state, dot, first);
	}
	state.node = first;
	if (called) return notAFunction(state, first);
	if (first.kind === "nil") return state.fail("execution", "nil is not a command");
	return first.kind === "dot" ? dot.value : literal(first);
}

function notAFunction(state: State, first: OperandNode): typeof poison {
	return state.fail("execution", `can't give argument to non-function ${describe(first)}`);
}

function evaluatePath(
	state: State,
	dot: Slot,
	node: Extract<OperandNode, { kind: "field" | "chain" | "variable" }>,
	called: boolean,
): Datum {
	state.node = node;
	if (node.kind === "variable")
		return called && node.names.length === 1 && state.variable(node.names[0] as string) !== undefined
			? notAFunction(state, node)
			: variableValue(state, node, called);
	if (node.kind === "field") return fieldChain(state, dot, { names: node.names, called, intoLists: false });
	const receiver: Slot = { value: evaluateArgument(state, dot, node.operand, "any"), boxed: false };
	return fieldChain(state, receiver, { names: node.names, called, intoLists: false });
}

function literal(node: Extract<OperandNode, { kind: "bool" | "string" | "number" }>): Datum {
	if (node.kind === "string") return node.text;
	return node.kind === "bool" ? node.value : numberValue(node);
}

function numberValue({ value }: NumberNode): Datum {
	return typeof value === "bigint" ? new NativeInt(value) : value;
}

/** Evaluates one argument of a function, and checks it against the type that the function wants. */
export function evaluateArgument(state: State, dot: Slot, node: OperandNode, type: ParameterType): Datum {
	state.budget.spend(1);
	state.node = node;
	switch (node.kind) {
		case "dot":
			return checkType(state, dot.value, type);
		case "nil":
			return type === "any" ? undefined : state.fail("execution", `cannot assign nil to ${type}`);
		case "pipe":
			return checkType(state, evaluatePipeline(state, dot, node), type);
		case "function": {
			const call = { name: node.name, node, words: [], final: absent } as const;
			return checkType(state, callFunction(state, dot, call), type);
		}
		case "field":
		case "chain":
		case "variable":
			return checkType(state, evaluatePath(state, dot, node, false), type);
		default:
			return literalOf(state, node, type);
	}
}

function literalOf(
	state: State,
	node: Extract<OperandNode, { kind: "bool" | "string" | "number" }>,
	type: ParameterType,
): Datum {
	if (type === "any") return literal(node);
	if (type === "string" && node.kind === "string") return node.text;
	if (type === "int" && node.kind === "number" && node.integer !== undefined) return new NativeInt(node.integer);
	const expected = type === "int" ? "integer" : type;
	return state.fail("execution", `expected ${expected}; found ${describe(node)}`);
}

/** Checks a value against a parameter's type; the error is at the node that was evaluated last, as in Go. */
export function checkType(state: State, value: Datum, type: ParameterType): Datum {
	if (type === "any" || value === poison) return value;
	if (value === undefined) return state.fail("execution", `invalid value; expected ${type}`);
	const fits = type === "string" ? typeof value === "string" || isSecret(value) : isInt(value);
	return fits ? value : state.fail("execution", `wrong type for value; expected ${type}; got ${typeName(value)}`);
}

function isInt(value: Datum): boolean {
	return value instanceof NativeInt && value.type === "int";
}
