// Everything that can be known of a ClusterBackupProcedureTemplate without the objects that use it.
import { defaultClusterBackupProcedureTemplate } from "../api/defaults.ts";
import type { ClusterBackupProcedureTemplate } from "../api/types.ts";
import { schemaProblems } from "../api/validate.ts";
import { OPERATIONS } from "./operation.ts";
import { type Procedure, procedureOf } from "./procedure.ts";
import { parseErrors } from "./render.ts";
import { mergeReports, type Problem, type Report } from "./report.ts";
import { isBlankScript } from "./script/blank.ts";
import type { Settings } from "./settings.ts";
import { imageProblems, imageReport } from "./validate/image.ts";
import { eachOnce, errorsOnly, notToldBefore, warningsOnly } from "./validate/problems.ts";

/** A NUL as such; one that an action makes (`printf "%c" 0`) shows where the template is rendered. */
const NUL = "holds a NUL character: bash reads no further than that";

const scriptProblems = (procedure: Procedure, { memory }: Settings): Problem[] =>
	OPERATIONS.flatMap((operation) =>
		[
			...parseErrors(procedure, operation, memory).map(({ message }) => message),
			...(procedure[operation].includes("\0") ? [NUL] : []),
		].map((message) => ({ path: `spec.${operation}`, reason: "FieldValueInvalid" as const, message })),
	);

/** Two texts of which nothing would run; where both are really empty, the schema says so. */
const emptyReport = (procedure: Procedure): Report => {
	const hasScript = OPERATIONS.some((operation) => !isBlankScript(procedure[operation]));
	return hasScript ? warningsOnly() : warningsOnly("spec: both scripts are empty, so no ScheduledBackup can use it");
};

/** Every mistake of the template at once: schema and syntax of both scripts; warns of an image without a fixed tag. */
export const evaluateTemplate = (object: ClusterBackupProcedureTemplate, settings: Settings): Report => {
	const procedure = procedureOf(object);
	const schema = schemaProblems(defaultClusterBackupProcedureTemplate(object));
	const own = [
		...imageProblems("spec.image", procedure.label, procedure.image),
		...scriptProblems(procedure, settings),
	];
	const isRefused = (path: string): boolean => schema.some((problem) => problem.path === path);
	return mergeReports(
		errorsOnly(eachOnce([...schema, ...notToldBefore(own, schema)])),
		isRefused("spec.image") ? warningsOnly() : imageReport("spec.image", procedure.image),
		isRefused("spec.backup") ? warningsOnly() : emptyReport(procedure),
	);
};
