// What pure functions may remember: the same arguments give the same result, so it need not be worked out twice. A memory
// is made where the program is put together and handed to whoever may use it; without one everything is worked out anew.

/** What is remembered; each kind has one function, and so one type of result. */
export type MemoryKind = "template" | "vars" | "evaluation";

/**
 * The result of `compute`, or of an earlier call with the same kind and key. Results are shared and must not be changed.
 * @param key holds everything that the result depends on
 * @param sizeOf characters of text that the result holds beyond those of the key
 */
export type Memory = <Result>(
	kind: MemoryKind,
	key: string,
	compute: () => Result,
	sizeOf?: (result: Result) => number,
) => Result;

/** How much is remembered. */
export interface MemoryLimits {
	entries: number;
	/** Characters of keys and results, all together. */
	characters: number;
}

/** Enough for what is asked again soon: of objects that are being applied, and of the templates of all. */
export const MEMORY_LIMITS: MemoryLimits = { entries: 512, characters: 4 * 1024 * 1024 };

/** Remembers nothing. */
export const forgetful: Memory = (_kind, _key, compute) => compute();

interface Entry {
	result: unknown;
	size: number;
}

/** A memory that drops what was not asked for longest; of what would fill it alone, nothing is kept. */
export const createMemory = (limits: MemoryLimits = MEMORY_LIMITS): Memory => {
	const entries = new Map<string, Entry>();
	let characters = 0;
	const drop = (key: string, { size }: Entry): void => {
		entries.delete(key);
		characters -= size;
	};
	const keep = (key: string, entry: Entry): void => {
		entries.set(key, entry);
		characters += entry.size;
		for (const [oldest, dropped] of entries) {
			if (entries.size <= limits.entries && characters <= limits.characters) break;
			drop(oldest, dropped);
		}
	};
	return <Result>(
		kind: MemoryKind,
		name: string,
		compute: () => Result,
		sizeOf: (result: Result) => number = () => 0,
	) => {
		const key = `${kind}\n${name}`;
		const known = entries.get(key);
		if (known !== undefined) {
			drop(key, known);
			keep(key, known);
			return known.result as Result;
		}
		const result = compute();
		keep(key, { result, size: key.length + sizeOf(result) });
		return result;
	};
};
