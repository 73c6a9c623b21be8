// Where in its file a finding is: the line of the field, or of the script or vars inside of it.
import type { ScheduledBackup } from "../api/types.ts";
import type { Problem } from "../domain/report.ts";
import { type LineFinder, lineFinder, type Manifest } from "./documents.ts";

const VARS = "spec.vars";
/** A path in vars, at the begin of a message: `HelmValues.image`, `Params.hosts[0]`. */
const VARS_PATH = /^[A-Za-z_][\w-]*(?:\.[\w/-]+|\[\d+\])+/;

/** A finder over the vars of an object, which are read at the first question: most findings are not about them. */
const varsFinder = ({ object }: Manifest): LineFinder => {
	const vars: unknown = (object as Partial<ScheduledBackup>).spec?.vars;
	let finder: LineFinder | undefined;
	return (path) => {
		if (typeof vars !== "string") return undefined;
		finder ??= lineFinder(vars);
		return finder(path);
	};
};

/** The line of vars, from 1, that a message speaks of: one that it says, or that of the path with which it begins. */
const lineInVars = (find: LineFinder, message: string): number | undefined => {
	const said = /\bline (\d+), column \d+|\(vars line (\d+)\)/.exec(message);
	if (said !== null) return Number(said[1] ?? said[2]);
	const path = VARS_PATH.exec(message)?.[0];
	return path === undefined ? undefined : find(path);
};

/** The line of a script or of vars that a message names, from 1; what a template says of vars is the template's line. */
const innerLineOf = (find: LineFinder, { path, message }: Problem): number | undefined => {
	const ofTemplate = /^template: [^:]*:(\d+)/.exec(message)?.[1];
	if (path === VARS) return ofTemplate === undefined ? lineInVars(find, message) : undefined;
	return ofTemplate === undefined ? undefined : Number(ofTemplate);
};

/** A warning begins with the path of its field, or with a path in vars, where it is about one. */
const lineOfWarning = (manifest: Manifest, find: LineFinder, warning: string): number => {
	const path = /^((?:spec|metadata)[\w.[\]]*):? /.exec(warning)?.[1];
	if (path !== undefined) return manifest.lineOf(path);
	const line = lineInVars(find, warning);
	return line === undefined ? manifest.lineOf("") : manifest.lineOf(VARS, line);
};

/** Where the findings about one manifest are, as `file:line`. */
export interface Places {
	of(problem: Problem): string;
	ofWarning(warning: string): string;
}

/** The places in a manifest; its vars are read once, however many findings are about them. */
export const placesIn = (manifest: Manifest): Places => {
	const find = varsFinder(manifest);
	return {
		of: (problem) => `${manifest.file}:${manifest.lineOf(problem.path, innerLineOf(find, problem))}`,
		ofWarning: (warning) => `${manifest.file}:${lineOfWarning(manifest, find, warning)}`,
	};
};
