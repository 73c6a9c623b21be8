// Reads as much of a Dockerfile as ours uses: instructions, with continued lines joined, in stages.

export interface Instruction {
	name: string;
	/** All after the name. */
	text: string;
}

/** Instructions of each stage, in order; the first one of a stage is its FROM. */
export const readStages = (text: string): Instruction[][] => {
	const stages: Instruction[][] = [];
	const joined = text.replaceAll(/^#.*\n/gm, "").replaceAll(/\\\n\s*/g, " ");
	for (const line of joined.split("\n").filter((one) => one.trim() !== "")) {
		const [, name = "", rest = ""] = /^(\w+)\s+(.*)$/.exec(line) ?? [];
		if (name === "FROM") stages.push([]);
		stages.at(-1)?.push({ name, text: rest.trim() });
	}
	return stages;
};

/** The texts of all instructions of this name. */
export const all = (stage: readonly Instruction[], name: string): string[] =>
	stage.filter((one) => one.name === name).map(({ text }) => text);

/** `a="b" c="d"` as an object. */
export const pairs = (text: string): Record<string, string> =>
	Object.fromEntries([...text.matchAll(/([\w.]+)="([^"]*)"/g)].map(([, key = "", value = ""]) => [key, value]));
