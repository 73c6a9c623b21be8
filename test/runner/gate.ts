// Runs stages and says what came of them. Whatever happens in a stage, the others run, and the last line has the counts.
import type { StageResult } from "./table.ts";
import { addTally, emptyTally, failure, type Tally } from "./tally.ts";

/** A stage by its name. */
export interface NamedStage {
	name: string;
	run: () => Promise<Tally>;
}

/** What the gate prints with. */
export type Print = (text: string) => void;

const runStage = async ({ name, run }: NamedStage, print: Print): Promise<StageResult> => {
	const started = performance.now();
	let tally: Tally;
	try {
		tally = await run();
	} catch (error) {
		print(`not ok ${name}: ${error instanceof Error ? (error.stack ?? error.message) : error}\n`);
		tally = failure(`${name}: the stage itself failed`);
	}
	return { name, seconds: (performance.now() - started) / 1000, tally };
};

const runGroups = async (groups: readonly (readonly NamedStage[])[], print: Print): Promise<StageResult[]> => {
	const results: StageResult[] = [];
	for (const group of groups) {
		print(`\n== ${group.map(({ name }) => name).join(" and ")}\n`);
		results.push(...(await Promise.all(group.map((stage) => runStage(stage, print)))));
	}
	return results;
};

/**
 * Runs lanes side by side; in a lane groups of stages one after the other, the stages of a group side by side.
 * @returns each stage's result, in the given order
 */
export const runLanes = async (
	lanes: readonly (readonly (readonly NamedStage[])[])[],
	print: Print,
): Promise<StageResult[]> => (await Promise.all(lanes.map((groups) => runGroups(groups, print)))).flat();

/** The sum of all stages; where nothing passed and nothing failed, that is a failure. */
export const sumOf = (stages: readonly StageResult[]): Tally => {
	const total = stages.map(({ tally }) => tally).reduce(addTally, emptyTally());
	return total.passed + total.failed === 0 ? failure("no test ran") : total;
};

/** The last lines: what failed, then the counts. */
export const verdictText = ({ passed, failed, failures }: Tally): string =>
	`${failures.map((name) => `FAILED ${name}\n`).join("")}${passed} passed, ${failed} failed\n`;
