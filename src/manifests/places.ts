// Where in its file a finding is: the line of the field, or of the script or vars inside of it.
import type { ScheduledBackup } from "../api/types.ts";
import type { Problem } from "../domain/report.ts";
import { lineOfPath, type Manifest } from "./documents.ts";

const VARS = "spec.vars";
/** A path in vars, at the begin of a message: `HelmValues.image`, `Params.hosts[0]`. */
const VARS_PATH = /^[A-Za-z_][\w-]*(?:\.[\w/-]+|\[\d+\])+/;

/** The line of vars, from 1, that a message speaks of: one that it says, or that of the path with which it begins. */
const lineInVars = ({ object }: Manifest, message: string): number | undefined => {
	const said = /\bline (\d+), column \d+|\(vars line (\d+)\)/.exec(message);
	if (said !== null) return Number(said[1] ?? said[2]);
	const path = VARS_PATH.exec(message)?.[0];
	const vars: unknown = (object as Partial<ScheduledBackup>).spec?.vars;
	return path === undefined || typeof vars !== "string" ? undefined : lineOfPath(vars, path);
};

/** The line of a script or of vars that a message names, from 1; what a template says of vars is the template's line. */
const innerLineOf = (manifest: Manifest, { path, message }: Problem): number | undefined => {
	const ofTemplate = /^template: [^:]*:(\d+)/.exec(message)?.[1];
	if (path === VARS) return ofTemplate === undefined ? lineInVars(manifest, message) : undefined;
	return ofTemplate === undefined ? undefined : Number(ofTemplate);
};

/** `file:line` of what is wrong. */
export const placeOf = (manifest: Manifest, problem: Problem): string =>
	`${manifest.file}:${manifest.lineOf(problem.path, innerLineOf(manifest, problem))}`;

/** A warning begins with the path of its field, or with a path in vars, where it is about one. */
const lineOfWarning = (manifest: Manifest, warning: string): number => {
	const path = /^((?:spec|metadata)[\w.[\]]*):? /.exec(warning)?.[1];
	if (path !== undefined) return manifest.lineOf(path);
	const line = lineInVars(manifest, warning);
	return line === undefined ? manifest.lineOf("") : manifest.lineOf(VARS, line);
};

/** `file:line` of what a warning is about. */
export const placeOfWarning = (manifest: Manifest, warning: string): string =>
	`${manifest.file}:${lineOfWarning(manifest, warning)}`;
