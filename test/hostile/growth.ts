// How the time of a piece of work grows with its input. The processor time of this thread is measured, not the wall clock,
// and the smallest of several runs counts: so it comes out the same on a machine that does much else.

/** Work on an input of so many characters (or items); the input is made before the work is timed. */
export type Cost = (length: number) => () => unknown;

/** Milliseconds of processor time of this thread. */
const processorTime = (): number => {
	const { user, system } = process.threadCpuUsage();
	return (user + system) / 1000;
};

const once = async (work: () => unknown): Promise<number> => {
	const start = processorTime();
	await work();
	return processorTime() - start;
};

/** Milliseconds for which work is repeated: the kernel counts the time of a running thread in steps of some milliseconds. */
const LONG_ENOUGH = 20;

/** Milliseconds that the work takes, a promise of it included: the mean of as many runs as take long enough to be measured. */
const meanOf = async (work: () => unknown): Promise<number> => {
	const start = processorTime();
	let runs = 0;
	let spent = 0;
	while (spent < LONG_ENOUGH) {
		await work();
		runs += 1;
		spent = processorTime() - start;
	}
	return spent / runs;
};

/** The same, the smallest of so many means. */
export const costOf = async (work: () => unknown, means = 2): Promise<number> => {
	let least = Number.POSITIVE_INFINITY;
	for (let mean = 0; mean < means; mean++) least = Math.min(least, await meanOf(work));
	return least;
};

/** Four times the input costs four times the time where it is linear, 16 times where it is quadratic. */
const FACTOR = 4;
const LARGEST_RATIO = 9;
const ATTEMPTS = 3;

/**
 * Whether four times the input takes more than nine times as long: worse than n log n, and far from noise.
 * @param length of the larger input
 * @param atLeast milliseconds: what takes less at that length is cheap, whatever its growth
 */
export const growsTooFast = async (cost: Cost, limits: { length: number; atLeast: number }): Promise<boolean> => {
	const { length, atLeast } = limits;
	const [small, large] = [cost(length / FACTOR), cost(length)];
	// The second time without what a first time costs.
	for (let time = 0; time < 2; time++) if ((await once(large)) < atLeast) return false;
	// A garbage collection can fall into every run of one side; it does not do so again and again. Most is linear at first sight.
	for (let attempt = 0; attempt <= ATTEMPTS; attempt++) {
		const means = attempt === 0 ? 1 : 2;
		const most = await costOf(large, means);
		if (most < atLeast || most / (await costOf(small, means)) < LARGEST_RATIO) return false;
	}
	return true;
};
