// What Handlebars' blocks take for empty, which is not what Go does: an empty map is something, a zero has a value.
import { integerOf, isList, type Known } from "../evaluate/datum.ts";

/** What `#if` shows its block for: not false, null, zero, an empty text or an empty list. */
export function isPresent(value: Known): boolean {
	return hasItems(value) && value !== 0 && integerOf(value) !== 0n;
}

/** What `#with` enters: as `#if`, but zero is a value. */
export function hasItems(value: Known): boolean {
	if (isList(value)) return value.length > 0;
	return value !== undefined && value !== null && value !== false && value !== "" && !Number.isNaN(value);
}
