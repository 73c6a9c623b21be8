// Draws the sample: the same for the same seed and sources, with mutants of every layer.

/** What `draw` needs to know of a candidate. */
export interface Candidate {
	readonly layer: string;
}

/** 0 ≤ x < 1, the same sequence for a seed (mulberry32). */
export const randomOf = (seed: number): (() => number) => {
	let state = seed >>> 0;
	return () => {
		state = (state + 0x6d2b79f5) >>> 0;
		let mixed = Math.imul(state ^ (state >>> 15), state | 1);
		mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
	};
};

/** A new array in random order (Fisher and Yates). */
const shuffled = <T>(items: readonly T[], random: () => number): T[] => {
	const result = [...items];
	for (let last = result.length - 1; last > 0; last--) {
		const other = Math.floor(random() * (last + 1));
		[result[last], result[other]] = [result[other] as T, result[last] as T];
	}
	return result;
};

/** How many of each layer: in proportion to its size, one at least, `count` in all (or all there are). */
export const sharesOf = (sizes: ReadonlyMap<string, number>, count: number): Map<string, number> => {
	const total = [...sizes.values()].reduce((sum, size) => sum + size, 0);
	const wanted = Math.min(count, total);
	const shares = new Map([...sizes].map(([layer, size]) => [layer, Math.max(1, Math.floor((wanted * size) / total))]));
	const exact = ([layer, size]: [string, number]): number => (wanted * size) / total - (shares.get(layer) ?? 0);
	const sum = (): number => [...shares.values()].reduce((before, share) => before + share, 0);
	while (sum() !== wanted) {
		const order = [...sizes].sort((one, other) => exact(other) - exact(one) || one[0].localeCompare(other[0]));
		const layer = (sum() < wanted ? order : order.reverse()).find(
			([name, size]) => sum() > wanted || (shares.get(name) ?? 0) < size,
		)?.[0];
		if (layer === undefined) break;
		shares.set(layer, (shares.get(layer) ?? 0) + (sum() < wanted ? 1 : -1));
	}
	return shares;
};

/**
 * A sample of `count` candidates.
 * @param seed a whole number.
 */
export const draw = <T extends Candidate>(candidates: readonly T[], count: number, seed: number): T[] => {
	const random = randomOf(seed);
	const layers = Map.groupBy(candidates, ({ layer }) => layer);
	const shares = sharesOf(new Map([...layers].map(([layer, found]) => [layer, found.length])), count);
	const drawn = [...layers].flatMap(([layer, found]) => shuffled(found, random).slice(0, shares.get(layer) ?? 0));
	// Not layer by layer: so far as a run gets, it has tried some of all.
	return shuffled(drawn, random);
};
