// eq, ne, lt, le, gt and ge: Go's comparison of basic kinds. What Go cannot compare is an error in its words, without the values.
import { integerOf, isList, isMap, type Known, NativeInt, typeName } from "../evaluate/datum.ts";
import { compareText } from "./format.ts";
import { FunctionError } from "./function.ts";

type Kind = "bool" | "int" | "uint" | "float" | "string" | "other" | "nil";

function kindOf(value: Known): Kind {
	if (value === null || value === undefined) return "nil";
	if (typeof value === "boolean") return "bool";
	if (typeof value === "number") return "float";
	if (typeof value === "string") return "string";
	if (value instanceof NativeInt) return value.type === "uint8" ? "uint" : "int";
	return typeof value === "bigint" ? "int" : "other";
}

/** Whether the first value equals one of the others. */
export function equal([first, ...others]: readonly Known[]): boolean {
	if (others.length === 0) throw new FunctionError("missing argument for comparison");
	return others.some((other) => equalOnce(first as Known, other));
}

function equalOnce(left: Known, right: Known): boolean {
	const kinds = [kindOf(left), kindOf(right)];
	if (kinds.includes("nil")) return kinds[0] === kinds[1];
	const [leftInteger, rightInteger] = [integerOf(left), integerOf(right)];
	if (leftInteger !== undefined && rightInteger !== undefined) return leftInteger === rightInteger;
	if (kinds[0] !== kinds[1]) throw incompatible(left, right);
	if (kinds[0] === "other") throw notComparable(left, right);
	return left === right;
}

function incompatible(left: Known, right: Known): FunctionError {
	return new FunctionError(`incompatible types for comparison: ${typeName(left)} and ${typeName(right)}`);
}

function notComparable(left: Known, right: Known): FunctionError {
	const same = (isList(left) && isList(right)) || (isMap(left) && isMap(right));
	return new FunctionError(
		same ? `non-comparable type: ${typeName(left)}` : `non-comparable types: ${typeName(left)}, ${typeName(right)}`,
	);
}

/** Whether the first value is less than the second; booleans, lists, maps and nil have no order. */
export function less([left, right]: readonly Known[]): boolean {
	const kinds = [kindOf(left), kindOf(right)];
	if (kinds.includes("nil") || kinds.includes("other")) throw new FunctionError("invalid type for comparison");
	const [leftInteger, rightInteger] = [integerOf(left), integerOf(right)];
	if (leftInteger !== undefined && rightInteger !== undefined) return leftInteger < rightInteger;
	if (kinds[0] !== kinds[1]) throw incompatible(left, right);
	if (kinds[0] === "bool") throw new FunctionError("invalid type for comparison");
	if (typeof left === "string") return compareText(left, right as string) < 0;
	return (left as number) < (right as number);
}

/** less or equal, as Go evaluates it. */
export function lessOrEqual(values: readonly Known[]): boolean {
	return less(values) || equal(values);
}
