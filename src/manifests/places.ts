// Where in its file a finding is: the line of the field, or of the script or vars inside of it.
import type { Problem } from "../domain/report.ts";
import type { Manifest } from "./documents.ts";

/** The line of a script or of vars that a message names, from 1; what a template says of vars is the template's line. */
const innerLineOf = ({ path, message }: Problem): number | undefined => {
	const ofTemplate = /^template: [^:]*:(\d+)/.exec(message)?.[1];
	const line = path === "spec.vars" ? /\bline (\d+), column \d+/.exec(message)?.[1] : ofTemplate;
	return line === undefined || (path === "spec.vars" && ofTemplate !== undefined) ? undefined : Number(line);
};

/** `file:line` of what is wrong. */
export const placeOf = (manifest: Manifest, problem: Problem): string =>
	`${manifest.file}:${manifest.lineOf(problem.path, innerLineOf(problem))}`;

/** A warning begins with the path of its field, where it is about one. */
const pathIn = (warning: string): string => /^((?:spec|metadata)[\w.[\]]*):? /.exec(warning)?.[1] ?? "";

/** `file:line` of what a warning is about. */
export const placeOfWarning = (manifest: Manifest, warning: string): string =>
	`${manifest.file}:${manifest.lineOf(pathIn(warning))}`;
