// What names mean at one place of a Handlebars template. Every context (`this`, `../`) and loop value is a variable of the
// common tree, under a name that no template can write.
import type { LoopNames } from "../tree.ts";
import type { Source } from "./source.ts";

export interface Scope {
	readonly source: Source;
	/** The variables that hold `this`, `../`, `../../` …, the innermost last. */
	readonly contexts: readonly string[];
	/** The loops around, the innermost last. */
	readonly loops: readonly LoopNames[];
	/** `as |name|`: block parameters and the variables that they stand for. */
	readonly parameters: ReadonlyMap<string, string>;
}

/** The scope outside of all blocks: `this` is the root. */
export function rootScope(source: Source): Scope {
	return { source, contexts: ["$"], loops: [], parameters: new Map() };
}

/** The scope inside of `#with`: another `this`, and possibly a name for it. */
export function withContext(scope: Scope, context: string, names: readonly string[]): Scope {
	return { ...scope, contexts: [...scope.contexts, context], parameters: name(scope, names, [context]) };
}

/** The scope inside of `#each`. */
export function withLoop(scope: Scope, loop: LoopNames, names: readonly string[]): Scope {
	const inside = withContext(scope, loop.item, []);
	return { ...inside, loops: [...scope.loops, loop], parameters: name(scope, names, [loop.item, loop.key]) };
}

function name(scope: Scope, names: readonly string[], variables: readonly string[]): ReadonlyMap<string, string> {
	const named = new Map(scope.parameters);
	for (const [index, parameter] of names.slice(0, variables.length).entries())
		named.set(parameter, variables[index] as string);
	return named;
}
