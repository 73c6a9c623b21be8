// Loops: over lists, maps in the order of their keys, and integers from zero.

import { sortedKeys } from "../functions/format.ts";
import { print } from "../functions/printf.ts";
import type { LoopNames, RangeNode } from "../tree.ts";
import { type Datum, integerOf, isList, isMap, type Known, NativeInt, poison, type Slot, typeName } from "./datum.ts";
import { assign, evaluatePipeline } from "./pipeline.ts";
import type { State } from "./state.ts";
import { type Jump, walkList } from "./walk.ts";

interface Turn {
	readonly key: Datum;
	readonly element: Slot;
	readonly last: boolean;
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
	let index = 0;
	const mark = state.variables.length;
	for (const turn of turns) {
		state.budget.spend(1);
		bind(state, node, turn, index++);
		const jump = walkList(state, turn.element, node.list);
		state.variables.length = mark;
		if (jump === "break") break;
	}
	return index > 0 || node.otherwise === undefined ? undefined : walkList(state, dot, node.otherwise);
}

/** Undefined, with an error, for what cannot be looped over. */
function turnsOf(state: State, { pipe, loop }: RangeNode, value: Known): Iterable<Turn> | undefined {
	if (value === undefined || (loop !== undefined && value === false)) return [];
	if (isList(value)) return listTurns(value);
	if (isMap(value)) {
		// Its keys are sorted, however few of them the loop then takes.
		state.budget.spend(value.size);
		return mapTurns(value, loop === undefined ? sortedKeys(value) : value.keys());
	}
	const count = integerOf(value);
	if (count === undefined || loop !== undefined) {
		cannotLoop(state, value);
		return undefined;
	}
	if (pipe.declarations.length > 1) {
		state.fail("execution", `can't use ${count} to iterate over more than one variable`);
		return undefined;
	}
	return integerTurns(count, value);
}

function cannotLoop(state: State, value: Known): void {
	const text = print([value], state.budget);
	const said = "range can't iterate over";
	if (typeof text === "string")
		state.fail("execution", `${said} ${text}`, `${said} a value of type ${typeName(value)}`);
	else state.fail("execution", `${said} the secret ${text.secret.path}`);
}

function* listTurns(list: readonly Datum[]): Iterable<Turn> {
	for (const [index, value] of list.entries())
		yield { key: new NativeInt(BigInt(index)), element: { value, boxed: true }, last: index + 1 === list.length };
}

function* mapTurns(map: ReadonlyMap<string, Datum>, keys: Iterable<string>): Iterable<Turn> {
	let left = map.size;
	for (const key of keys) yield { key, element: { value: map.get(key), boxed: true }, last: --left === 0 };
}

function* integerTurns(count: bigint, like: Datum): Iterable<Turn> {
	for (let index = 0n; index < count; index++) {
		const value = like instanceof NativeInt ? new NativeInt(index, like.type) : index;
		yield { key: undefined, element: { value, boxed: false }, last: false };
	}
}

/** Gives the loop's variables their values for one turn. */
function bind(state: State, { pipe, loop }: RangeNode, turn: Turn, index: number): void {
	if (loop !== undefined) declareLoop(state, loop, turn, index);
	const names = pipe.declarations.map((declaration) => declaration.names[0] as string);
	const slots = names.length === 1 ? [turn.element] : [{ value: turn.key, boxed: false }, turn.element];
	const first = state.variables.length - names.length;
	for (const [position, name] of names.entries()) {
		const slot = slots[position] as Slot;
		// That a variable exists was seen when the pipeline assigned to it.
		if (pipe.assigns) assign(state, name, slot);
		else state.variables[first + position] = { name, ...slot };
	}
}

function declareLoop(state: State, loop: LoopNames, { key, element, last }: Turn, index: number): void {
	state.variables.push(
		{ name: loop.item, ...element },
		{ name: loop.index, value: new NativeInt(BigInt(index)), boxed: false },
		{ name: loop.key, value: key, boxed: false },
		{ name: loop.first, value: index === 0, boxed: false },
		{ name: loop.last, value: last, boxed: false },
	);
}
