// How a benchmark tells its figures: a table for people, JSON for machines.

export interface Figure {
	benchmark: string;
	name: string;
	value: number;
	unit: string;
	/** `<= 1.5`, where the figure has a goal. */
	goal?: string;
	/** Whether the goal is met. */
	met?: boolean;
}

const round = (value: number): string => (Math.abs(value) >= 100 ? value.toFixed(0) : value.toFixed(2));

/** One figure; `limit` is its goal, an upper bound, or a lower one with `atLeast`. */
export const figure = (
	benchmark: string,
	name: string,
	value: number,
	unit: string,
	limit?: { atMost?: number; atLeast?: number },
): Figure => {
	if (limit?.atMost !== undefined) {
		return { benchmark, name, value, unit, goal: `<= ${limit.atMost}`, met: value <= limit.atMost };
	}
	if (limit?.atLeast !== undefined) {
		return { benchmark, name, value, unit, goal: `>= ${limit.atLeast}`, met: value >= limit.atLeast };
	}
	return { benchmark, name, value, unit };
};

/** A Markdown table. */
export const tableOf = (figures: readonly Figure[]): string => {
	const rows = figures.map(({ benchmark, name, value, unit, goal, met }) => [
		benchmark,
		name,
		`${round(value)} ${unit}`.trim(),
		goal === undefined ? "" : `${goal}: ${met ? "met" : "MISSED"}`,
	]);
	const all = [["benchmark", "figure", "value", "goal"], ...rows];
	const widths = [0, 1, 2, 3].map((column) => Math.max(...all.map((row) => (row[column] ?? "").length)));
	const line = (row: string[]) => `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(" | ")} |`;
	const [head = [], ...body] = all;
	return [line(head), `| ${widths.map((width) => "-".repeat(width)).join(" | ")} |`, ...body.map(line)].join("\n");
};
