// Field chains: `.Params.user`, `$x.y`, `(index .list 0).name`. A map has only its own keys; nothing else has fields.
import { goQuote } from "../quote.ts";
import type { VariableNode } from "../tree.ts";
import { type Datum, isList, isMap, poison, type Slot, typeName } from "./datum.ts";
import type { State } from "./state.ts";

export interface Chain {
	readonly names: readonly string[];
	/** Whether something is given to it as if it were a function. */
	readonly called: boolean;
	readonly intoLists: boolean;
}

/** Follows names from a value, one after the other. */
export function fieldChain(state: State, receiver: Slot, { names, called, intoLists }: Chain): Datum {
	let slot = receiver;
	for (const [index, name] of names.entries()) {
		const value = intoLists && isList(slot.value) ? element(state, slot.value, name) : undefined;
		const last = index === names.length - 1;
		slot = { value: value === undefined ? field(state, slot, name, called && last) : value, boxed: true };
		if (slot.value === poison) return poison;
	}
	return slot.value;
}

function field(state: State, { value, boxed }: Slot, name: string, called: boolean): Datum {
	if (value === poison) return poison;
	if (value === undefined) return state.fail("execution", `nil data; no entry for key ${goQuote(name)}`);
	if (value === null) return state.fail("execution", `nil pointer evaluating interface {}.${name}`);
	if (!isMap(value)) {
		const type = boxed ? "interface {}" : typeName(value);
		return state.fail("execution", `can't evaluate field ${name} in type ${type}`);
	}
	if (called) return state.fail("execution", `${name} is not a method but has arguments`);
	const found = value.get(name);
	return found === undefined ? state.fail("missingKey", `map has no entry for key ${goQuote(name)}`) : found;
}

/** Handlebars only: `items.0` and `items.length`. Undefined when a list has no such thing at all. */
function element(state: State, list: readonly Datum[], name: string): Datum {
	if (name === "length") return BigInt(list.length);
	if (!/^[0-9]+$/.test(name)) return undefined;
	return Number(name) < list.length ? list[Number(name)] : state.fail("missingKey", `list has no entry ${name}`);
}

/** The value of a variable, as an expression or with fields behind it. */
export function variableValue(state: State, node: VariableNode, called: boolean): Datum {
	const [name, ...names] = node.names as [string, ...string[]];
	const variable = state.variable(name);
	if (variable === undefined) return state.fail("execution", `undefined variable: ${name}`);
	return fieldChain(state, variable, { names, called, intoLists: node.intoLists === true });
}
