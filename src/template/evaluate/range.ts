// Loops: over lists, maps in the order of their keys, and integers from zero.

import { sortedKeys } from "../functions/format.ts";
import type { FunctionError } from "../functions/function.ts";
import { print } from "../functions/printf.ts";
import type { PipeNode, RangeNode } from "../tree.ts";
import { type Datum, integerOf, isList, isMap, type Known, NativeInt, poison, type Slot } from "./datum.ts";
import { assign, evaluatePipeline } from "./pipeline.ts";
import type { State } from "./state.ts";
import { type Jump, walkList } from "./walk.ts";

interface Turn {
	readonly key: Datum;
	readonly element: Slot;
}

/** Runs a loop; `break` and `continue` end here. */
export function walkRange(state: State, dot: Slot, node: RangeNode): Jump {
	const mark = state.variables.length;
	const value = evaluatePipeline(state, dot, node.pipe);
	const jump = value === poison ? undefined : loop(state, dot, node, value);
	state.variables.length = mark;
	return jump;
}

function loop(state: State, dot: Slot, node: RangeNode, value: Known): Jump {
	const turns = turnsOf(state, node, value);
	if (turns === undefined) return undefined;
	let ran = false;
	const mark = state.variables.length;
	for (const turn of turns) {
		ran = true;
		const jump = bind(state, node, turn) ? walkList(state, turn.element, node.list) : "break";
		state.variables.length = mark;
		if (jump === "break") break;
	}
	return ran || node.otherwise === undefined ? undefined : walkList(state, dot, node.otherwise);
}

/** Undefined, with an error, for what cannot be looped over. */
function turnsOf(state: State, { pipe, loop }: RangeNode, value: Known): Iterable<Turn> | undefined {
	if (value === undefined || (loop !== undefined && value === false)) return [];
	if (isList(value)) return listTurns(value);
	if (isMap(value)) return mapTurns(value, loop === undefined ? sortedKeys(value) : value.keys());
	const count = integerOf(value);
	if (count === undefined || loop !== undefined) {
		state.fail("execution", `range can't iterate over ${shown(state, value)}`);
		return undefined;
	}
	if (pipe.declarations.length > 1) {
		state.fail("execution", `can't use ${count} to iterate over more than one variable`);
		return undefined;
	}
	return integerTurns(count, value);
}

function shown(state: State, value: Known): string {
	try {
		const text = print([value], state.budget);
		return typeof text === "string" ? text : `the secret ${text.secret.path}`;
	} catch (error) {
		return (error as FunctionError).message;
	}
}

function* listTurns(list: readonly Datum[]): Iterable<Turn> {
	let index = 0n;
	for (const value of list) yield { key: new NativeInt(index++), element: { value, boxed: true } };
}

function* mapTurns(map: ReadonlyMap<string, Datum>, keys: Iterable<string>): Iterable<Turn> {
	for (const key of keys) yield { key, element: { value: map.get(key), boxed: true } };
}

function* integerTurns(count: bigint, like: Datum): Iterable<Turn> {
	for (let index = 0n; index < count; index++) {
		const value = like instanceof NativeInt ? new NativeInt(index, like.type) : index;
		yield { key: undefined, element: { value, boxed: false } };
	}
}

/** Gives the loop's variables their values for one turn; false when one of them does not exist. */
function bind(state: State, node: RangeNode, { key, element }: Turn): boolean {
	const names = namesOf(node.pipe);
	if (names.length === 0) return true;
	const slots = names.length === 1 ? [element] : [{ value: key, boxed: false }, element];
	if (node.pipe.assigns) return names.every((name, index) => assign(state, name, slots[index] as Slot));
	const first = state.variables.length - names.length;
	for (const [index, name] of names.entries()) state.variables[first + index] = { name, ...(slots[index] as Slot) };
	return true;
}

function namesOf({ declarations }: PipeNode): string[] {
	return declarations.map(({ names }) => names[0] as string);
}
