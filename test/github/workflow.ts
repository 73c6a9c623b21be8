// Workflows as tests read them. https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax
import { globSync, readFileSync } from "node:fs";
import { load } from "js-yaml";

export interface Step {
	name?: string;
	uses?: string;
	run?: string;
	env?: Record<string, string>;
	with?: Record<string, unknown>;
}

export interface Job {
	uses?: string;
	steps?: Step[];
	permissions?: Record<string, string>;
	"timeout-minutes"?: number;
	container?: { image: string };
	environment?: string;
}

export interface Workflow {
	file: string;
	text: string;
	on: Record<string, unknown>;
	permissions?: unknown;
	concurrency?: unknown;
	jobs: Record<string, Job>;
}

/** All workflows of the project. */
export const workflows: readonly Workflow[] = globSync(".github/workflows/*.{yml,yaml}")
	.sort()
	.map((file) => {
		const text = readFileSync(file, "utf8");
		return { file, text, ...(load(text) as Omit<Workflow, "file" | "text">) };
	});

/** All steps of a workflow, with the job's name. */
export const stepsOf = ({ jobs }: Workflow): { job: string; step: Step }[] =>
	Object.entries(jobs).flatMap(([job, { steps = [] }]) => steps.map((step) => ({ job, step })));

/** What `uses` names, with the text of its line: the comment there states the version. */
export const usesOf = (text: string): { action: string; line: string }[] =>
	[...text.matchAll(/^\s*(?:- )?uses: (\S+).*$/gm)].map(([line, action = ""]) => ({ action, line: line.trim() }));
