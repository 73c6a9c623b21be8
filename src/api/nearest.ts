// "Did you mean": the known name that a mistyped one is closest to.

/** How many single-character edits (insert, delete, replace, swap of neighbours) lead from one text to the other. */
const editDistance = (left: string, right: string): number => {
	let beforeLast: number[] = [];
	let last = Array.from({ length: right.length + 1 }, (_, column) => column);
	for (let row = 1; row <= left.length; row++) {
		const current = [row];
		for (let column = 1; column <= right.length; column++) {
			const same = left[row - 1] === right[column - 1];
			const swapped = left[row - 1] === right[column - 2] && left[row - 2] === right[column - 1];
			const options = [
				(last[column] as number) + 1,
				(current[column - 1] as number) + 1,
				(last[column - 1] as number) + (same ? 0 : 1),
			];
			if (swapped && row > 1 && column > 1) options.push((beforeLast[column - 2] as number) + 1);
			current.push(Math.min(...options));
		}
		beforeLast = last;
		last = current;
	}
	return last[right.length] as number;
};

/**
 * The candidate nearest to `name`, upper and lower case being equal; undefined where none is near: more than a third of
 * its characters would have to change (at least 1, at most 3). Of equally near ones the first.
 */
export const nearestName = (name: string, candidates: readonly string[]): string | undefined => {
	// Longer names are no typing mistake of ours, and the distance costs time in proportion to the length.
	if (name.length > 64) return undefined;
	const limit = Math.min(3, Math.max(1, Math.floor(name.length / 3)));
	let best: { candidate: string; distance: number } | undefined;
	for (const candidate of candidates) {
		const distance = editDistance(name.toLowerCase(), candidate.toLowerCase());
		if (distance <= limit && (best === undefined || distance < best.distance)) best = { candidate, distance };
	}
	return best?.candidate;
};
