// Builds and asks the Go program beside this file. The binary lies outside the tree, under a name made of its sources.
import { spawn } from "node:child_process";
import { buildJudge } from "../judge/build.ts";

export interface Question {
	schedule: string;
	timeZone: string;
	/** RFC 3339. */
	after: string;
	/** How many runs to list. */
	count: number;
}

export interface Answer {
	accepted: boolean;
	knownZone: boolean;
	/** RFC 3339, UTC; fewer than asked for where the schedule never fires again. */
	runs: string[];
}

/** A running judge: ask as often as needed, then end it. */
export interface Judge {
	ask(questions: readonly Question[]): Promise<Answer[]>;
	end(): void;
}

/** Starts the judge; needs Go the first time. */
export const startJudge = async (): Promise<Judge> => {
	const child = spawn(await buildJudge(import.meta.dirname), { stdio: ["pipe", "pipe", "inherit"], env: {} });
	let rest = "";
	const waiting: ((line: string) => void)[] = [];
	child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
		const lines = (rest + chunk).split("\n");
		rest = lines.pop() ?? "";
		for (const line of lines) waiting.shift()?.(line);
	});
	return {
		ask(questions) {
			const answers = questions.map(
				() => new Promise<Answer>((resolve) => waiting.push((line) => resolve(JSON.parse(line) as Answer))),
			);
			child.stdin.write(questions.map((question) => `${JSON.stringify(question)}\n`).join(""));
			return Promise.all(answers);
		},
		end: () => child.stdin.end(),
	};
};
