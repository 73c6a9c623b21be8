// What the gate cost: each stage, and the slowest files.
import type { Tally, Timing } from "./tally.ts";

/** A stage that was run. */
export interface StageResult {
	name: string;
	/** Wall time, seconds. */
	seconds: number;
	tally: Tally;
}

const SLOWEST = 10;

const cpuOf = (timings: readonly Timing[]): number => timings.reduce((sum, { cpu }) => sum + cpu, 0);
const row = (seconds: number, cpu: number, name: string): string =>
	`${seconds.toFixed(1).padStart(8)} s ${cpu.toFixed(1).padStart(8)} s  ${name}\n`;

/** The table, as text with a line break at its end. Stages run side by side, so their wall times do not add up to the whole's. */
export const costTable = (stages: readonly StageResult[], seconds: number): string => {
	const timings = stages.flatMap(({ tally }) => tally.timings);
	const slowest = timings.toSorted((a, b) => b.seconds - a.seconds).slice(0, SLOWEST);
	return [
		"\n      wall        CPU  stage\n",
		...stages.map(({ name, seconds: wall, tally }) => row(wall, cpuOf(tally.timings), name)),
		row(seconds, cpuOf(timings), "all"),
		`\n      wall        CPU  the ${slowest.length} slowest\n`,
		...slowest.map((timing) => row(timing.seconds, timing.cpu, timing.name)),
	].join("");
};
