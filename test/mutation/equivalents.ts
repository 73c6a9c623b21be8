// Mutants that no test can kill, since the program does the same with them: declared in equivalents.json, each with its reason.
import type { Placed } from "./candidates.ts";

export interface Equivalent {
	readonly file: string;
	/** The line with the change, as the report prints it. */
	readonly code: string;
	readonly reason: string;
}

/** At most this part of a sample may be declared. */
export const MOST_EQUIVALENT = 0.05;

const keyOf = ({ file, code }: Pick<Placed, "file" | "code">): string => `${file} ${code}`;

/** Whether a mutant is declared. */
export const declarationOf = (declared: readonly Equivalent[]): ((mutant: Placed) => boolean) => {
	const keys = new Set(declared.map(keyOf));
	return (mutant) => keys.has(keyOf(mutant));
};

/** What is wrong with the declarations: without a reason, twice, or of a mutant that does not exist (any more). */
export const declarationFailures = (declared: readonly Equivalent[], mutants: readonly Placed[]): string[] => {
	const known = new Set(mutants.map(keyOf));
	const seen = new Set<string>();
	return declared.flatMap((entry) => {
		const key = keyOf(entry);
		const failures = [
			...(known.has(key) ? [] : [`no mutant matches the declared equivalent ${entry.file}: ${entry.code}`]),
			...(seen.has(key) ? [`declared twice: ${entry.file}: ${entry.code}`] : []),
			...(entry.reason.trim() === "" ? [`declared without a reason: ${entry.file}: ${entry.code}`] : []),
		];
		seen.add(key);
		return failures;
	});
};
