// Which parts of the demo this machine can show, and what people read about the others. Pure.

export interface Possibilities {
	/** What is wrong with Go; undefined where it fits or nothing must be built. */
	go?: string | undefined;
	/** What is built for the API server, and how long that takes; empty where nothing is. */
	building: string;
	/** Why the node's part cannot be shown; undefined where it can. */
	node?: string | undefined;
}

export interface Part {
	title: string;
	/** Whether it is shown. */
	shown: boolean;
	/** When, or why not. */
	note: string;
}

/** The three parts of the demo, in their order. */
export const partsOf = ({ go, building, node }: Possibilities): [Part, Part, Part] => [
	{ title: "1. Without a cluster: lint and render", shown: true, note: "now; takes seconds" },
	{
		title: "2. The same on a real API server",
		shown: go === undefined,
		note: go ?? (building === "" ? "after part 1" : `after part 1, once its programs are built; ${building}`),
	},
	{
		title: "3. A database is backed up, lost and restored, on a whole node",
		shown: node === undefined,
		note: node ?? "after part 2; takes about 2 minutes",
	},
];

/** What is said at the start. */
export const introduction = (parts: readonly Part[]): string =>
	[
		"backup-maker-controller checks backup declarations at kubectl apply and creates CronJobs and Jobs from them.",
		"This demo has three parts; Ctrl-C ends it at any time.",
		...parts.map(({ title, note }) => `  ${title}\n     ${note}`),
		"",
	].join("\n");

/** What is said at the end: which parts were not shown. */
export const conclusion = (parts: readonly Part[]): string => {
	const rest = parts.filter(({ shown }) => !shown).map(({ title, note }) => `Not shown: ${title}\n  ${note}\n`);
	return `\nThe demo has ended without an error.\n${rest.join("")}`;
};
