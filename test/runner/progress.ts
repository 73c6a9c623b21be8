// A line now and then while something long runs, so that nobody takes silence for a hang.

/** Prints `… label, N s` every 20 s until the answer is called. */
export const startProgress = (label: () => string): (() => void) => {
	const started = Date.now();
	const timer = setInterval(() => {
		process.stdout.write(`… ${label()}, ${Math.round((Date.now() - started) / 1000)} s\n`);
	}, 20_000);
	return () => clearInterval(timer);
};
