// The pod options as the rules see them: types are right, but anything may be absent, required fields too.
import type { HelmValues } from "../helmvalues.ts";

/** A type with every field optional, all the way down. */
export type Loose<T> = T extends (infer Item)[]
	? Loose<Item>[]
	: T extends object
		? { [Key in keyof T]?: Loose<T[Key]> | undefined }
		: T;

export type PodOptions = Loose<Omit<HelmValues, "env">>;

/** The items of a list that may be absent, with their positions. */
export const indexed = <Item>(list: readonly Item[] | undefined): [number, Item][] => [...(list ?? []).entries()];
