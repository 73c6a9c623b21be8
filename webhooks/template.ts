// Admission of ClusterBackupProcedureTemplates: one edit here can break the backups of many teams, so it is tried on all
// of them first. Whoever must break them can say so with an annotation.

import type { ClusterBackupProcedureTemplate } from "../src/api/types.ts";
import { schemaProblems } from "../src/api/validate.ts";
import { evaluateTemplate } from "../src/domain/evaluatetemplate.ts";
import type { Problem, Report } from "../src/domain/report.ts";
import { mergeReports, problemText } from "../src/domain/report.ts";
import type { Admission, Handler } from "./admission.ts";
import { allow } from "./admission.ts";
import type { BrokenDependent } from "./dependents.ts";
import { checkDependents } from "./dependents.ts";
import type { AdmissionRequest } from "./review.ts";
import { usersOf } from "./users.ts";
import { schemaVerdict, verdictOf } from "./verdict.ts";

/** Set to "true", it turns the objections of dependents into warnings. */
export const FORCE_ANNOTATION = "riotkit.org/force";
const FORCE_HINT = `to do it all the same, set the annotation ${FORCE_ANNOTATION}: "true"`;
/** How many dependents are named. */
const LISTED = 10;

const templateOf = (object: unknown): ClusterBackupProcedureTemplate => object as ClusterBackupProcedureTemplate;

const isForced = (template: ClusterBackupProcedureTemplate): boolean =>
	template.metadata.annotations?.[FORCE_ANNOTATION] === "true";

const moreDependents = (count: number): string => `and ${count} more ScheduledBackup${count === 1 ? "" : "s"}`;

/** One line for each of the first ten, one for the rest, and what can be done. */
const objections = (path: string, lines: readonly string[]): Problem[] => {
	const objection = (message: string): Problem => ({ path, reason: "FieldValueForbidden", message });
	const listed = lines.slice(0, LISTED).map(objection);
	const more = lines.length - listed.length;
	const last = more > 0 ? objection(moreDependents(more)) : (listed.pop() as Problem);
	return [...listed, { ...last, hint: FORCE_HINT }];
};

const reportOf = (path: string, lines: readonly string[], forced: boolean): Report => {
	if (lines.length === 0) return { errors: [], warnings: [] };
	if (!forced) return { errors: objections(path, lines), warnings: [] };
	const more = lines.length - LISTED;
	const rest = more > 0 ? [moreDependents(more)] : [];
	return { errors: [], warnings: [...lines.slice(0, LISTED), ...rest] };
};

const breaks = ({ namespace, name, problem }: BrokenDependent): string =>
	`would break ScheduledBackup ${namespace}/${name}: ${problemText(problem)}`;

const dependentsReport = async (admission: Admission, request: AdmissionRequest): Promise<Report> => {
	const after = templateOf(request.object);
	const check = await checkDependents(admission, { before: templateOf(request.oldObject), after });
	const report = reportOf("spec", check.broken.map(breaks), isForced(after));
	if (check.unreached === 0) return report;
	const unreached = `${check.unreached} of ${check.total} ScheduledBackups that use this template were not checked in time`;
	return mergeReports(report, { errors: [], warnings: [unreached] });
};

/** A template that does not parse breaks everything; then only that is worth saying. */
export const validateTemplate: Handler = async (admission, request) => {
	const own = evaluateTemplate(templateOf(request.object), admission.settings);
	if (request.operation === "CREATE" || own.errors.length > 0) return verdictOf(own);
	return verdictOf(mergeReports(own, await dependentsReport(admission, request)));
};

/** The whole list of errors where the schema would stop at its own (see scheduledbackup.ts). */
export const mutateTemplate: Handler = (admission, request) => {
	const template = templateOf(request.object);
	const schema = schemaProblems(template, request.oldObject);
	if (schema.length === 0) return allow();
	return schemaVerdict(schema, evaluateTemplate(template, admission.settings));
};

/**
 * A template that is in use stays, unless forced. Users that wait for what is missing (`missingReferences: warn`, of their
 * namespace or the installation) are not in the way: they are told, as all are where it is forced.
 */
export const deleteTemplate: Handler = async (admission, request) => {
	if (request.oldObject === undefined) return allow();
	const { objecting, waiting } = await usersOf(admission, request.name, {
		named: LISTED,
		forced: isForced(templateOf(request.oldObject)),
	});
	const report = (names: readonly string[], forced: boolean): Report =>
		reportOf(
			"metadata.name",
			names.map((name) => `is in use by ScheduledBackup ${name}`),
			forced,
		);
	return verdictOf(mergeReports(report(objecting, false), report(waiting, true)));
};
