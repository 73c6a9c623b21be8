// The result in numbers and words.
import type { Placed } from "./candidates.ts";
import { MOST_EQUIVALENT } from "./equivalents.ts";
import type { Verdict } from "./trial.ts";

export type Result =
	| Verdict
	/** Declared; not tried. */
	| { readonly state: "equivalent" };

export interface Tried {
	readonly mutant: Placed;
	readonly result: Result;
}

/** The goal: this part of the mutants is killed. */
export const GOAL = 0.95;

export interface Count {
	killed: number;
	survived: number;
	equivalent: number;
	invalid: number;
}

/** How many ended how. */
export const countOf = (tried: readonly Tried[]): Count => {
	const count: Count = { killed: 0, survived: 0, equivalent: 0, invalid: 0 };
	for (const { result } of tried) count[result.state] += 1;
	return count;
};

/** Killed of those that could be; 1 where there is none. */
export const killRate = ({ killed, survived }: Count): number =>
	killed + survived === 0 ? 1 : killed / (killed + survived);

const percent = (part: number): string => `${(100 * part).toFixed(1)} %`;

/** Where a mutant survived, what it changes, and how many test files ran it. */
export const survivorLine = ({ mutant, result }: Tried): string => {
	const { file, line, column, mutator, code } = mutant;
	const tests = result.state === "survived" ? result.tests : 0;
	const seen = tests === 0 ? "no unit test runs it" : tests === 1 ? "1 test file" : `${tests} test files`;
	return `SURVIVED ${file}:${line}:${column} ${mutator} (${seen}): ${code}`;
};

/** A line for each layer, and one for all. */
export const reportLines = (tried: readonly Tried[]): string[] => {
	const summary = (name: string, group: readonly Tried[]): string => {
		const count = countOf(group);
		const { killed, survived, equivalent, invalid } = count;
		return `${name}: ${killed} of ${killed + survived} killed (${percent(killRate(count))}), ${equivalent} declared equivalent, ${invalid} do not compile`;
	};
	const layers = Map.groupBy(tried, ({ mutant }) => mutant.layer);
	return [...[...layers].map(([layer, group]) => summary(layer, group)), summary("all", tried)];
};

/** Why the result is not good enough; empty where it is. */
export const shortfalls = (tried: readonly Tried[]): string[] => {
	const count = countOf(tried);
	const rate = killRate(count);
	const equivalent = tried.length === 0 ? 0 : count.equivalent / tried.length;
	return [
		...(tried.length === 0 ? ["no mutant was tried"] : []),
		...(rate < GOAL ? [`${percent(rate)} killed, and ${percent(GOAL)} is the goal`] : []),
		...(equivalent > MOST_EQUIVALENT
			? [`${percent(equivalent)} declared equivalent, more than ${percent(MOST_EQUIVALENT)}`]
			: []),
	];
};
