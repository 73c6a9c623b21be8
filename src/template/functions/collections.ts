// index, slice and len, with Go's messages.
import { type Datum, integerOf, isList, isMap, type Known, NativeInt, typeName } from "../evaluate/datum.ts";
import { FunctionError } from "./function.ts";

/** Go's len: bytes of a text, elements of a list, entries of a map. */
export function length([item]: readonly Known[]): Datum {
	if (item === null) throw new FunctionError("len of nil pointer");
	if (item === undefined) throw new FunctionError("reflect: call of reflect.Value.Type on zero Value");
	const size = sizeOf(item);
	if (size === undefined) throw new FunctionError(`len of type ${typeName(item)}`);
	return new NativeInt(BigInt(size));
}

function sizeOf(item: Known): number | undefined {
	if (typeof item === "string") return Buffer.byteLength(item);
	if (isList(item)) return item.length;
	return isMap(item) ? item.size : undefined;
}

/** Go's index: `index x 1 "a"` is `x[1]["a"]`; a missing key of a map is nil. */
export function index([item, ...indexes]: readonly Known[]): Datum {
	if (item === null || item === undefined) throw new FunctionError("index of untyped nil");
	return indexes.reduce<Known>(indexOnce, item);
}

function indexOnce(item: Known, position: Known): Known {
	if (item === null) throw new FunctionError("index of nil pointer");
	if (isMap(item)) return item.get(mapKey(position)) ?? null;
	if (isList(item)) return item[elementIndex(position, item.length)] as Known;
	if (typeof item === "string") return byteAt(item, position);
	throw new FunctionError(`can't index item of type ${typeName(item)}`);
}

function mapKey(key: Known): string {
	if (key === null || key === undefined) throw new FunctionError("value is nil; should be of type string");
	if (typeof key !== "string") throw new FunctionError(`value has type ${typeName(key)}; should be string`);
	return key;
}

function byteAt(text: string, position: Known): Known {
	const bytes = Buffer.from(text);
	const at = indexArgument(position, bytes.length);
	if (at === bytes.length) throw new FunctionError("reflect: string index out of range");
	return new NativeInt(BigInt(bytes[at] as number), "uint8");
}

function elementIndex(position: Known, size: number): number {
	const at = indexArgument(position, size);
	if (at === size) throw new FunctionError("reflect: slice index out of range");
	return at;
}

function indexArgument(position: Known, capacity: number): number {
	if (position === null || position === undefined) throw new FunctionError("cannot index slice/array with nil");
	const at = integerOf(position);
	if (at === undefined) throw new FunctionError(`cannot index slice/array with type ${typeName(position)}`);
	if (at < 0n || at > BigInt(capacity)) throw new FunctionError(`index out of range: ${at}`);
	return Number(at);
}

/** Go's slice: `slice x 1 2` is `x[1:2]`; a text is cut by bytes, but not inside of a character. */
export function slice([item, ...indexes]: readonly Known[]): Datum {
	if (item === null || item === undefined) throw new FunctionError("slice of untyped nil");
	if (indexes.length > 3) throw new FunctionError(`too many slice indexes: ${indexes.length}`);
	if (typeof item === "string") return sliceText(item, indexes);
	if (!isList(item)) throw new FunctionError(`can't slice item of type ${typeName(item)}`);
	const [start, end] = bounds(indexes, item.length);
	return item.slice(start, end);
}

function sliceText(text: string, indexes: readonly Known[]): string {
	if (indexes.length === 3) throw new FunctionError("cannot 3-index slice a string");
	const bytes = Buffer.from(text);
	const [start, end] = bounds(indexes, bytes.length);
	const cut = bytes.subarray(start, end);
	const result = cut.toString();
	if (Buffer.byteLength(result) !== cut.length || splits(bytes, start) || splits(bytes, end))
		throw new FunctionError("the slice cuts a character in two");
	return result;
}

/** Whether a position is before a continuation byte of UTF-8. */
function splits(bytes: Buffer, position: number): boolean {
	return ((bytes[position] ?? 0) & 0xc0) === 0x80;
}

function bounds(indexes: readonly Known[], size: number): readonly [number, number] {
	const given = indexes.map((position) => indexArgument(position, size));
	const [start = 0, end = size, capacity = size] = given;
	if (start > end) throw new FunctionError(`invalid slice index: ${start} > ${end}`);
	if (end > capacity) throw new FunctionError(`invalid slice index: ${end} > ${capacity}`);
	return [start, end];
}
